#include "domain/sync/digest_service.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "domain/sync/testing/cast.h"
#include "infra/async/io_threads.h"

namespace hongyan::sync {
namespace {

using testing::kGroup;
using testing::kMe;
using testing::kRoom;

constexpr ConversationId kLeft{12};
constexpr ConversationId kForeign{13};

// Where the user is and was.
class Places final : public conversation::Api {
 public:
  async::Task<Result<conversation::Places>> places_in(UserId user, std::vector<ConversationId> conversations,
                                                      async::Deadline) override {
    asked = conversations.size();
    conversation::Places places{.memberships = {}, .version = account::UserVersion(42)};
    for (const ConversationId one : {kRoom, kGroup, kLeft}) {
      if (std::ranges::find(conversations, one) == conversations.end()) continue;
      conversation::Membership& place = places.memberships.emplace_back();
      place.conversation = one;
      place.user = user;
      place.former = one == kLeft;
    }
    co_return places;
  }
  async::Task<Result<conversation::Membership>> open_direct(UserId, UserId, async::Deadline) override { return no(); }
  async::Task<Result<conversation::SendGuard>> send_guard(ConversationId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<conversation::Membership>> membership(ConversationId, UserId, async::Deadline) override {
    return no();
  }
  async::Task<Result<std::vector<conversation::Membership>>> memberships_of(UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<conversation::PlaceIds>> place_ids(UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<UserId>>> acquainted(UserId, std::vector<UserId>, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<UserId>>> member_ids(ConversationId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }

  std::size_t asked = 0;

 private:
  static async::Task<Result<conversation::Membership>> no() { co_return fail(ErrorCode::unimplemented); }
};

// Every conversation stands at seq 7, change 3, read 5.
class Messages final : public message::Api {
 public:
  async::Task<Result<message::Stamp>> stamp(UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<message::Standing>>> standings(UserId,
                                                                std::vector<conversation::Membership> memberships,
                                                                async::Deadline) override {
    std::vector<message::Standing> standings;
    for (const auto& one : memberships) {
      standings.push_back(
          {.conversation = one.conversation, .head = Seq(7), .change = ChangeNo(3), .read = Seq(5), .moved = {}});
    }
    co_return standings;
  }
  async::Task<Result<std::vector<message::Summary>>> summaries(UserId, std::vector<conversation::Membership>,
                                                               async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<Seq>> mark(message::MarkKind, UserId, conversation::Membership, Seq, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<message::Marks>> marks(conversation::Membership, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<message::SendAck>> send(UserId, message::SendRequest, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<message::SendAck>> append_system_line(message::SystemLine, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<message::GroupBound>>> bounds_of(UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<std::optional<message::Bound>>>> bounds(std::vector<message::UserPlace>,
                                                                         async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  bool ready() const override { return true; }
  std::size_t max_content_bytes() const override { return 0; }
  std::string epoch() const override { return "e"; }
};

class DigestTest : public ::testing::Test {
 protected:
  template <class T>
  T run(async::Task<T> task) {
    return async::start(io_.context(0).get_executor(), std::move(task)).get();
  }
  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(10)); }

  // What is answered to a heartbeat with these heads; by id, in order.
  Result<std::vector<ConversationId>> behind(const std::map<std::string, std::array<std::int64_t, 3>>& heads) {
    v1::PingFrame ping;
    for (const auto& [id, numbers] : heads) {
      v1::HeadTriple& head = (*ping.mutable_heads())[id];
      head.set_seq(numbers[0]);
      head.set_change(numbers[1]);
      head.set_read_seq(numbers[2]);
    }
    auto compared = run(service_.compare(kMe, ping, soon()));
    if (!compared) return std::unexpected(compared.error());
    EXPECT_EQ(compared->version, account::UserVersion(42));
    std::ranges::sort(compared->behind);
    return compared->behind;
  }

  async::IoThreads io_{1};
  Places places_;
  Messages messages_;
  DigestService service_{places_, messages_};
};

TEST_F(DigestTest, NamesWhereSomethingDiffers) {
  using Ids = std::vector<ConversationId>;
  EXPECT_EQ(behind({}), Ids());
  EXPECT_EQ(behind({{"10", {7, 3, 5}}, {"11", {7, 3, 5}}}), Ids());
  EXPECT_EQ(behind({{"10", {6, 3, 5}}}), Ids{kRoom});
  EXPECT_EQ(behind({{"10", {7, 2, 5}}, {"11", {7, 3, 5}}}), Ids{kRoom});
  EXPECT_EQ(behind({{"10", {7, 3, 4}}, {"11", {7, 3, 6}}}), (Ids{kRoom, kGroup}));
  // Ahead of the server: it has to drop what it holds.
  EXPECT_EQ(behind({{"10", {9, 3, 5}}}), Ids{kRoom});
}

TEST_F(DigestTest, SaysNothingOfWhatIsNotTheUsers) {
  EXPECT_EQ(behind({{"13", {0, 0, 0}}}), std::vector<ConversationId>());
  EXPECT_EQ(run(service_.heads(kMe, {kForeign}, soon())).value().conversations.size(), 0U);
}

TEST_F(DigestTest, OfAGroupOneHasLeftOnlyMessagesCount) {
  EXPECT_EQ(behind({{"12", {7, 1, 1}}}), std::vector<ConversationId>());
  EXPECT_EQ(behind({{"12", {6, 3, 5}}}), std::vector{kLeft});
  const auto heads = run(service_.heads(kMe, {kLeft, kRoom}, soon())).value();
  ASSERT_EQ(heads.conversations.size(), 2U);
  EXPECT_EQ(heads.conversations[0].change(), 3);
  EXPECT_EQ(heads.conversations[1].seq(), 7);
  EXPECT_EQ(heads.conversations[1].change(), 0);
}

TEST_F(DigestTest, RefusesWhatIsNoHeartbeat) {
  for (const char* key : {"", "x", "1x", "-1", "0", "99999999999999999999"}) {
    const auto refused = behind({{key, {1, 1, 1}}});
    ASSERT_FALSE(refused) << key;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(refused.error().field, "heads");
  }
  std::map<std::string, std::array<std::int64_t, 3>> many;
  for (int id = 1; id <= 20; ++id) many[std::to_string(id)] = {7, 3, 5};
  EXPECT_TRUE(behind(many));
  many["21"] = {7, 3, 5};
  EXPECT_FALSE(behind(many));
}

TEST_F(DigestTest, LooksAtSoManyHeadsOnly) {
  std::vector<ConversationId> many;
  for (std::uint64_t id = 1; id <= 150; ++id) many.emplace_back(id);
  EXPECT_EQ(run(service_.heads(kMe, many, soon())).value().conversations.size(), 3U);
  EXPECT_EQ(places_.asked, Api::kMaxHeads);
}

}  // namespace
}  // namespace hongyan::sync
