#include "domain/message/commands/arrival_order.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <vector>

namespace hongyan::message::commands {
namespace {

constexpr UserPlace kPlace{UserId(7), ConversationId(100)};
const auto kNever = async::Deadline::max();

class ArrivalOrderTest : public ::testing::Test {
 protected:
  // Awaits the turn and notes what came of it.
  void come(ArrivalOrder::Turn& turn, int name, async::Deadline deadline = kNever) {
    async::spawn(async::Loop::of(io_.get_executor()), note(turn, name, deadline), {});
    poll();
  }
  async::Task<void> note(ArrivalOrder::Turn& turn, int name, async::Deadline deadline) {
    came_.push_back(co_await turn.come(deadline) ? name : -name);
  }
  void poll() {
    io_.restart();
    io_.poll();
  }

  boost::asio::io_context io_;
  ArrivalOrder order_;
  std::vector<int> came_;
};

TEST_F(ArrivalOrderTest, WhoComesFirstGoesFirst) {
  auto first = order_.enter(kPlace);
  auto second = order_.enter(kPlace);
  auto third = order_.enter(kPlace);
  come(third, 3);
  come(second, 2);
  come(first, 1);
  EXPECT_EQ(came_, (std::vector{1}));
  first.leave();
  poll();
  EXPECT_EQ(came_, (std::vector{1, 2}));
  second.leave();
  poll();
  EXPECT_EQ(came_, (std::vector{1, 2, 3}));
}

TEST_F(ArrivalOrderTest, LinesAreOfOneUserInOneConversation) {
  auto first = order_.enter(kPlace);
  auto elsewhere = order_.enter({kPlace.user, ConversationId(101)});
  auto other = order_.enter({UserId(8), kPlace.conversation});
  come(elsewhere, 2);
  come(other, 3);
  EXPECT_EQ(came_, (std::vector{2, 3}));
}

TEST_F(ArrivalOrderTest, WhoGivesUpIsPassedOver) {
  auto first = order_.enter(kPlace);
  auto third = [&] {
    const auto second = order_.enter(kPlace);
    return order_.enter(kPlace);
  }();
  come(third, 3);
  EXPECT_TRUE(came_.empty());
  first.leave();
  poll();
  EXPECT_EQ(came_, (std::vector{3}));
  third.leave();
  auto next = order_.enter(kPlace);
  come(next, 4);
  EXPECT_EQ(came_, (std::vector{3, 4}));
}

TEST_F(ArrivalOrderTest, NobodyWaitsBeyondTheirDeadline) {
  auto first = order_.enter(kPlace);
  auto second = order_.enter(kPlace);
  come(second, 2, async::Deadline::min());
  EXPECT_EQ(came_, (std::vector{-2}));
}

}  // namespace
}  // namespace hongyan::message::commands
