#include "domain/presence/service.h"

#include <gtest/gtest.h>

#include "domain/account/testing/fakes.h"
#include "domain/presence/testing/cast.h"
#include "domain/presence/testing/fakes.h"
#include "infra/async/io_threads.h"
#include "infra/kv/leases/memory_leases.h"

namespace hongyan::presence {
namespace {

using testing::kAlice;
using testing::kBob;
using testing::kCarol;

using namespace std::chrono_literals;

constexpr UserId kStranger{4};
constexpr Attendee kAlicesSocket{kAlice, SessionId(10)};
constexpr Attendee kBobsPhone{kBob, SessionId(20)};
constexpr Attendee kBobsLaptop{kBob, SessionId(21)};

class PresenceServiceTest : public ::testing::Test {
 protected:
  PresenceServiceTest() {
    conversations.introduce(kAlice, kBob);
    conversations.introduce(kAlice, kCarol);
    conversations.introduce(kBob, kStranger);
  }

  template <class T>
  T run(async::Task<T> task) {
    return async::start(io.context(0).get_executor(), std::move(task)).get();
  }
  void run(async::Task<void> task) { async::start(io.context(0).get_executor(), std::move(task)).get(); }
  static async::Deadline soon() { return async::deadline_in(10s); }

  // Turns the clockwork every second for this long.
  void pass(std::chrono::seconds time) {
    for (; time > 0s; time -= 1s) {
      clock.advance(1s);
      run(service.tick());
    }
  }
  std::vector<Standing> get(UserId viewer, std::vector<UserId> users) {
    return run(service.get(viewer, std::move(users), soon())).value();
  }
  std::vector<Standing> follow(Attendee follower, std::vector<UserId> users) {
    return run(service.subscribe(follower, std::move(users), soon())).value();
  }
  bool is_online(UserId user) { return get(kAlice, {user}).front().online; }
  static Standing here(UserId user) { return {user, true, std::nullopt}; }
  // What Alice's socket was told since the last call.
  std::vector<std::string> told() {
    std::vector<std::string> pushes;
    for (auto& [topic, text] : topics.take()) {
      EXPECT_EQ(topic, wire::Topic::presence(kAlicesSocket.session));
      pushes.push_back(std::move(text));
    }
    return pushes;
  }

  async::IoThreads io{1};
  ManualClock clock{TimeMs(1'000'000)};
  ::hongyan::presence::testing::FakeConversations conversations;
  account::testing::FakePrivacy privacy;
  ::hongyan::presence::testing::MemoryStore store;
  ::hongyan::presence::testing::NotedTopics topics;
  kv::MemoryLeases leases{clock};
  metrics::Metrics metrics;
  testing::FakeContacts contacts;
  ::hongyan::presence::testing::FakeGroups groups;
  Service service{{conversations, groups, contacts, privacy, store, leases, topics, clock}, Config(), metrics};
};

TEST_F(PresenceServiceTest, SomebodyIsOnlineAsLongAsOneSocketLives) {
  EXPECT_EQ(get(kAlice, {kBob}), (std::vector{Standing{kBob, false, std::nullopt}}));
  service.came(kBobsPhone);
  service.came(kBobsLaptop);
  EXPECT_EQ(get(kAlice, {kBob}), std::vector{here(kBob)});
  service.went(kBobsPhone, Parting::closed);
  pass(300s);
  EXPECT_TRUE(is_online(kBob));
  service.went(kBobsLaptop, Parting::closed);
  const TimeMs left = clock.now();
  pass(9s);
  EXPECT_TRUE(is_online(kBob)) << "within the grace of a proper close";
  pass(1s);
  EXPECT_EQ(get(kAlice, {kBob}), (std::vector{Standing{kBob, false, left}}));
}

TEST_F(PresenceServiceTest, WhoIsLostHasTheLongerGrace) {
  service.came(kBobsPhone);
  service.went(kBobsPhone, Parting::lost);
  pass(44s);
  EXPECT_TRUE(is_online(kBob));
  pass(1s);
  EXPECT_FALSE(is_online(kBob));
}

TEST_F(PresenceServiceTest, ARestOfAGraceIsNoThreatToWhoIsBack) {
  service.came(kBobsPhone);
  service.went(kBobsPhone, Parting::closed);
  pass(9s);
  service.came(kBobsPhone);
  pass(60s);
  EXPECT_TRUE(is_online(kBob));
}

TEST_F(PresenceServiceTest, OthersAndUnknownPeopleAreLeftOut) {
  service.came(kBobsPhone);
  service.came({kStranger, SessionId(40)});
  EXPECT_EQ(get(kAlice, {kStranger, kCarol, UserId(99), UserId(0), kBob, kCarol}),
            (std::vector{Standing{kCarol, false, std::nullopt}, here(kBob)}));
  EXPECT_TRUE(get(kStranger, {kAlice, kCarol}).empty());
}

TEST_F(PresenceServiceTest, OfAGroupAllAreCountedAndTheFirstNamed) {
  for (std::uint64_t id = 1; id <= 300; ++id) groups.people.emplace_back(id);
  const auto of_group = [&] { return run(service.online_members(kAlice, ConversationId(9), soon())).value(); };
  EXPECT_EQ(of_group().count, 0);
  for (std::uint64_t id = 2; id <= 300; id += 2) service.came({UserId(id), SessionId(id)});
  contacts.blocks.insert({kAlice, UserId(4)});
  EXPECT_EQ(of_group().count, 149);
  EXPECT_EQ(of_group().first.size(), 149u);
  EXPECT_EQ(of_group().first[1], UserId(6)) << "nothing of whom one blocks, or is blocked by";
  for (std::uint64_t id = 1; id <= 300; id += 2) service.came({UserId(id), SessionId(id)});
  EXPECT_EQ(of_group().count, 299);
  EXPECT_EQ(of_group().first.size(), 200u);
}

TEST_F(PresenceServiceTest, AskingForTooManyIsRefused) {
  std::vector<UserId> many;
  for (std::uint64_t i = 1; i <= 201; ++i) many.emplace_back(i);
  EXPECT_EQ(run(service.get(kAlice, many, soon())).error().code, ErrorCode::invalid_argument);
  service.came(kAlicesSocket);
  EXPECT_EQ(follow(kAlicesSocket, {kBob}).size(), 1u);
  EXPECT_EQ(run(service.subscribe(kAlicesSocket, many, soon())).error().code, ErrorCode::invalid_argument);
  service.came(kBobsPhone);
  pass(1s);
  EXPECT_EQ(told().size(), 1u) << "what was followed before still is";
}

TEST_F(PresenceServiceTest, FollowersAreToldOnceOfEachChange) {
  service.came(kAlicesSocket);
  EXPECT_EQ(follow(kAlicesSocket, {kBob, kCarol, kStranger}),
            (std::vector{Standing{kBob, false, std::nullopt}, Standing{kCarol, false, std::nullopt}}));
  service.came(kBobsPhone);
  service.came({kCarol, SessionId(30)});
  service.came({kStranger, SessionId(40)});
  pass(1s);
  const auto together = told();
  ASSERT_EQ(together.size(), 1u) << "all of one second together";
  EXPECT_NE(together[0].find(R"({"user_id":"2","state":"online"})"), std::string::npos) << together[0];
  EXPECT_NE(together[0].find(R"({"user_id":"3","state":"online"})"), std::string::npos) << together[0];
  EXPECT_EQ(together[0].find(R"("4")"), std::string::npos) << together[0];
  pass(100s);
  EXPECT_TRUE(told().empty());
  service.went(kBobsPhone, Parting::closed);
  const auto left = std::to_string(clock.now().value);
  pass(20s);
  EXPECT_EQ(told(),
            std::vector{R"({"type":"presence","data":{"items":[{"user_id":"2","state":"offline","last_seen_ms":)" +
                        left + "}]}}"});
}

TEST_F(PresenceServiceTest, ALoadedPageDoesNotFlicker) {
  service.came(kAlicesSocket);
  service.came(kBobsPhone);
  follow(kAlicesSocket, {kBob});
  service.went(kBobsPhone, Parting::closed);
  pass(4s);
  service.came(kBobsLaptop);
  pass(60s);
  EXPECT_TRUE(told().empty());
  EXPECT_FALSE(store.times.contains(kBob)) << "who was not away was not written";
}

TEST_F(PresenceServiceTest, ASocketFollowsUntilItGoesOrFollowsOthers) {
  service.came(kAlicesSocket);
  follow(kAlicesSocket, {kBob});
  follow(kAlicesSocket, {kCarol});
  service.came(kBobsPhone);
  pass(1s);
  EXPECT_TRUE(told().empty());
  follow(kAlicesSocket, {});
  service.came({kCarol, SessionId(30)});
  pass(1s);
  EXPECT_TRUE(told().empty());
  follow(kAlicesSocket, {kBob});
  service.went(kAlicesSocket, Parting::closed);
  service.went(kBobsPhone, Parting::closed);
  pass(60s);
  EXPECT_TRUE(told().empty());
  EXPECT_EQ(follow({kAlice, SessionId()}, {kBob}).size(), 1u) << "without a socket it is answered";
  service.came(kBobsPhone);
  pass(2s);
  EXPECT_TRUE(told().empty());
}

TEST_F(PresenceServiceTest, WhoNoLongerSharesAConversationIsNotFollowed) {
  service.came(kAlicesSocket);
  follow(kAlicesSocket, {kBob, kCarol});
  conversations.pairs.erase({kAlice, kBob});
  pass(30s);
  service.came(kBobsPhone);
  service.came({kCarol, SessionId(30)});
  pass(1s);
  const auto pushes = told();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_NE(pushes[0].find(R"("3")"), std::string::npos) << pushes[0];
  EXPECT_EQ(pushes[0].find(R"("2")"), std::string::npos) << pushes[0];
  const int looks = conversations.looks;
  service.went({kCarol, SessionId(30)}, Parting::closed);
  pass(12s);
  EXPECT_EQ(told().size(), 1u);
  EXPECT_EQ(conversations.looks, looks) << "not looked at again so soon";
}

TEST_F(PresenceServiceTest, WhatCouldNotBeToldIsToldLater) {
  service.came(kAlicesSocket);
  follow(kAlicesSocket, {kBob});
  pass(40s);
  service.came(kBobsPhone);
  conversations.failing = true;
  pass(3s);
  EXPECT_TRUE(told().empty());
  conversations.failing = false;
  pass(1s);
  EXPECT_EQ(told().size(), 1u);
}

TEST_F(PresenceServiceTest, WhoHidesWhenTheyWereLastHereIsOfflineAndNoMoreIsTold) {
  privacy.set(kBob, {.see_last_seen = v1::AUDIENCE_NOBODY});
  service.came(kAlicesSocket);
  service.came(kBobsPhone);
  follow(kAlicesSocket, {kBob});
  service.went(kBobsPhone, Parting::closed);
  pass(20s);
  EXPECT_EQ(told(),
            std::vector<std::string>{R"({"type":"presence","data":{"items":[{"user_id":"2","state":"offline"}]}})"});
  EXPECT_EQ(get(kAlice, {kBob}), (std::vector{Standing{kBob, false, std::nullopt}}));
  privacy.fail_all();
  EXPECT_EQ(run(service.get(kAlice, {kBob}, soon())).error().code, ErrorCode::unavailable);
}

TEST_F(PresenceServiceTest, WhenSomebodyWasLastHereContactsMayKnow) {
  privacy.set(kBob, {.see_last_seen = v1::AUDIENCE_CONTACTS});
  contacts.lists.insert({kBob, kAlice});
  service.came(kAlicesSocket);
  service.came(kBobsPhone);
  follow(kAlicesSocket, {kBob});
  service.went(kBobsPhone, Parting::closed);
  pass(20s);
  const auto pushes = told();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_NE(pushes[0].find("last_seen_ms"), std::string::npos) << pushes[0];
  EXPECT_TRUE(get(kAlice, {kBob}).at(0).last_seen);
  contacts.lists.clear();
  EXPECT_FALSE(get(kAlice, {kBob}).at(0).last_seen);
}

TEST_F(PresenceServiceTest, NobodyIsSeenPastABlock) {
  service.came(kBobsPhone);
  EXPECT_EQ(get(kAlice, {kBob}).size(), 1u);
  contacts.blocks.insert({kAlice, kBob});
  EXPECT_TRUE(get(kAlice, {kBob}).empty());
}

TEST_F(PresenceServiceTest, LastSeenOutlivesTheProcess) {
  service.came(kBobsPhone);
  service.went(kBobsPhone, Parting::lost);
  const TimeMs left = clock.now();
  pass(6s);
  EXPECT_EQ(store.times.at(kBob), left);
  const int writes = store.writes;
  pass(100s);
  EXPECT_EQ(store.writes, writes) << "once";
  kv::MemoryLeases fresh(clock);
  Service restarted({conversations, groups, contacts, privacy, store, fresh, topics, clock}, Config(), metrics);
  EXPECT_EQ(run(restarted.get(kAlice, {kBob}, soon())).value(), (std::vector{Standing{kBob, false, left}}));
}

TEST_F(PresenceServiceTest, WhoIsHereWhenTheProcessEndsWasSeenThen) {
  service.came(kBobsPhone);
  pass(1s);
  EXPECT_TRUE(store.times.empty());
  pass(300s);
  EXPECT_GE(store.times.at(kBob).value, 1'300'000) << "a crash costs minutes";
  pass(77s);
  run(service.write_all());
  EXPECT_EQ(store.times.at(kBob), clock.now()) << "an orderly end nothing";
}

TEST_F(PresenceServiceTest, AStoreThatFailsLosesNoDeparture) {
  store.failing = true;
  service.came(kBobsPhone);
  service.went(kBobsPhone, Parting::lost);
  const TimeMs left = clock.now();
  pass(20s);
  store.failing = false;
  pass(6s);
  EXPECT_EQ(store.times.at(kBob), left);
}

TEST_F(PresenceServiceTest, WhoseAccountEndsWasNeverHere) {
  service.came(kBobsPhone);
  EXPECT_FALSE(run(service.forget(kBob, soon()))) << "while a socket is still closing";
  service.went(kBobsPhone, Parting::closed);
  EXPECT_TRUE(run(service.forget(kBob, soon())).value());
  pass(60s);
  EXPECT_TRUE(store.times.empty());
  EXPECT_EQ(get(kAlice, {kBob}).front().last_seen, std::nullopt);
  store.times[kBob] = TimeMs(5);
  EXPECT_TRUE(run(service.forget(kBob, soon())).value());
  EXPECT_TRUE(store.times.empty());
}

}  // namespace
}  // namespace hongyan::presence
