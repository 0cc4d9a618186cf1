#include "domain/presence/typing/service.h"

#include <gtest/gtest.h>

#include "domain/presence/testing/cast.h"
#include "domain/presence/testing/fakes.h"
#include "infra/async/io_threads.h"

namespace hongyan::presence {
namespace {

using testing::kAlice;
using testing::kBob;

using namespace std::chrono_literals;

constexpr ConversationId kChat{10};

class TypingServiceTest : public ::testing::Test {
 protected:
  TypingServiceTest() { conversations.guard.recipients = {kAlice, kBob}; }

  Result<void> set(bool typing = true, UserId user = kAlice, ConversationId conversation = kChat) {
    auto task = service.set(user, conversation, typing, async::deadline_in(10s));
    return async::start(io.context(0).get_executor(), std::move(task)).get();
  }
  void make_group(std::uint64_t size) {
    conversations.guard.type = conversation::Type::group;
    conversations.guard.recipients.clear();
    groups.people.clear();
    for (std::uint64_t user = 1; user <= size; ++user) groups.people.emplace_back(user);
  }
  // Who was told since the last call.
  std::vector<std::uint64_t> told() {
    std::vector<std::uint64_t> users;
    for (const auto& [topic, text] : topics.take()) {
      EXPECT_EQ(topic.kind, wire::Topic::Kind::user);
      users.push_back(topic.id);
    }
    return users;
  }

  async::IoThreads io{1};
  ManualClock clock{TimeMs(1'000'000)};
  ::hongyan::presence::testing::FakeConversations conversations;
  ::hongyan::presence::testing::FakeGroups groups;
  ::hongyan::presence::testing::NotedTopics topics;
  TypingService service{{conversations, groups, topics, clock}, Config()};
};

TEST_F(TypingServiceTest, TheOtherOfAOneToOneIsTold) {
  ASSERT_TRUE(set());
  const auto pushes = topics.take();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].first, wire::Topic::user(kBob));
  EXPECT_EQ(pushes[0].second, R"({"type":"typing","data":{"conversation_id":"10","user_id":"1","until_ms":1006000}})");
  clock.advance(1s);
  ASSERT_TRUE(set(false));
  EXPECT_EQ(topics.take().at(0).second,
            R"({"type":"typing","data":{"conversation_id":"10","user_id":"1","until_ms":1001000}})");
}

TEST_F(TypingServiceTest, NobodyIsToldInTheFileHelper) {
  conversations.guard.recipients = {kAlice, kAlice};
  ASSERT_TRUE(set());
  EXPECT_TRUE(told().empty());
}

TEST_F(TypingServiceTest, OnceInAWhileForEachUserAndConversation) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(set());
  EXPECT_EQ(told().size(), 1u);
  EXPECT_EQ(conversations.looks, 1) << "who types fast costs no look at the database";
  ASSERT_TRUE(set(true, kBob));
  ASSERT_TRUE(set(true, kAlice, ConversationId(11)));
  EXPECT_EQ(told().size(), 2u);
  clock.advance(2s);
  ASSERT_TRUE(set());
  EXPECT_EQ(told().size(), 1u);
}

TEST_F(TypingServiceTest, SwitchingOnAndOffIsThrottledToo) {
  std::size_t pushes = 0;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(set(i % 2 == 0));
    pushes += told().size();
    clock.advance(100ms);
  }
  EXPECT_LE(pushes, 10u) << "a beginning and an end every two seconds";
  EXPECT_GE(pushes, 8u);
}

TEST_F(TypingServiceTest, TheOthersOfASmallGroupAreTold) {
  make_group(50);
  ASSERT_TRUE(set());
  const auto users = told();
  EXPECT_EQ(users.size(), 49u);
  EXPECT_EQ(std::ranges::count(users, kAlice.value), 0);
}

TEST_F(TypingServiceTest, NobodyIsToldInALargeGroup) {
  make_group(51);
  ASSERT_TRUE(set());
  EXPECT_TRUE(told().empty());
}

TEST_F(TypingServiceTest, WhoMayNotSendMayNotType) {
  conversations.guard.refusal = Error(ErrorCode::not_member);
  for (const bool typing : {true, false}) EXPECT_EQ(set(typing).error().code, ErrorCode::not_member);
  EXPECT_TRUE(told().empty());
  conversations.guard.refusal.reset();
  ASSERT_TRUE(set());
  EXPECT_EQ(told().size(), 1u) << "what was refused has throttled nothing";
  conversations.guard.refusal = Error(ErrorCode::muted);
  clock.advance(2s);
  EXPECT_EQ(set().error().code, ErrorCode::muted);
}

TEST_F(TypingServiceTest, TheThrottleForgetsWhatIsOld) {
  TypingThrottle throttle({.interval = 2000ms, .shown = 6000ms});
  for (std::uint64_t i = 1; i <= TypingThrottle::kMost; ++i) {
    ASSERT_TRUE(throttle.tell(UserId(i), kChat, true, TimeMs(1'000'000)));
  }
  EXPECT_FALSE(throttle.tell(UserId(TypingThrottle::kMost + 1), kChat, true, TimeMs(1'000'000))) << "full";
  EXPECT_TRUE(throttle.tell(UserId(1), kChat, false, TimeMs(1'000'001))) << "an end needs no place";
  EXPECT_TRUE(throttle.tell(UserId(TypingThrottle::kMost + 1), kChat, true, TimeMs(1'006'000)));
}

}  // namespace
}  // namespace hongyan::presence
