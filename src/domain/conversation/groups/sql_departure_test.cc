#include "domain/conversation/groups/sql_departure.h"

#include <gtest/gtest.h>

#include "base/testing/memory_ceiling.h"
#include "domain/conversation/groups/service.h"
#include "domain/conversation/settings/sql_store.h"
#include "domain/conversation/testing/group_world.h"
#include "hongyan/v1/user.pb.h"

namespace hongyan::conversation {
namespace {

constexpr UserId kGone{5};
constexpr UserId kHeir{2};
constexpr UserId kPeer{7};

class DepartureTest : public testing::GroupWorld {
 protected:
  void SetUp() override {
    ASSERT_TRUE(ids_.start());
    accounts_.add(kGone, false);
  }
  // Step by step, as often as it says that something is left.
  int forget() {
    int steps = 1;
    while (!run(departure_.forget(kGone, soon())).value()) ++steps;
    return steps;
  }
  void own_group(std::vector<UserId> members, ConversationId id) {
    ASSERT_TRUE(run(groups_.create({id, kGone, "Team", std::move(members), TimeMs(1)}, hook(), soon())));
  }
  Group group(ConversationId id) {
    return database_.database()
        .read_now([&](sql::Session& session) { return groups_.group_in(session, id); })
        .value()
        .value();
  }
  ConversationId direct(UserId user, UserId peer, std::uint64_t id) {
    return run(store_.create_direct(Pair(user, peer), ConversationId(id), TimeMs(1), soon())).value();
  }
  State state(ConversationId id, UserId user) { return run(store_.membership(id, user, soon())).value()->state; }

  ManualClock clock_;
  MemoryCeiling ceiling_;
  IdGenerator ids_{0, clock_, ceiling_};
  account::testing::FakeAccounts accounts_;
  wire::PermissionHub permissions_;
  GroupService service_{{groups_, accounts_, ids_, clock_, permissions_, [](ConversationId) {}}};
  SqlSettingsStore settings_{database_.database(), events_};
  std::vector<ConversationId> closed_;
  SqlDeparture departure_{database_.database(), accounts_, events_, service_,
                          [this](ConversationId direct) { closed_.push_back(direct); }};
};

TEST_F(DepartureTest, HandsOverWhatTheyOwnAndLeavesTheRest) {
  create({kGone, kHeir});
  own_group({UserId(3), kHeir}, ConversationId(11));
  own_group({}, ConversationId(12));
  forget();
  EXPECT_EQ(group(ConversationId(11)).owner, UserId(2))
      << "the longest-standing, and of those who came together the first";
  EXPECT_EQ(group(ConversationId(12)).state, State::dissolved);
  for (const std::uint64_t id : {10, 11, 12}) {
    EXPECT_TRUE(run(store_.membership(ConversationId(id), kGone, soon())).value()->former) << id;
  }
  EXPECT_EQ(group(kGroup).member_count, 2);
  const auto told = lines(ConversationId(11));
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told.at(1).line.code, "owner_changed");
  EXPECT_EQ(told.at(2).line.code, "member_left");
  EXPECT_EQ(told.at(2).line.leave, std::vector{kGone});
  EXPECT_EQ(forget(), 1);
  EXPECT_EQ(lines(ConversationId(11)).size(), 3U) << "a repeat tells nothing";
}

TEST_F(DepartureTest, ClosesTheirOneToOnesAndTellsTheOtherPeople) {
  const ConversationId chat = direct(kGone, kPeer, 20);
  const ConversationId helper = direct(kGone, kGone, 21);
  const ConversationId others = direct(kPeer, kHeir, 22);
  forget();
  EXPECT_EQ(state(chat, kPeer), State::disabled);
  EXPECT_EQ(state(helper, kGone), State::disabled);
  EXPECT_EQ(state(others, kPeer), State::normal);
  EXPECT_EQ(closed_, (std::vector{chat, helper}));
  const auto events = events_.take();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().user, kPeer);
  EXPECT_EQ(events.front().kind, "user");
  EXPECT_EQ(events.front().key, "5");
  v1::User shown;
  ASSERT_TRUE(shown.ParseFromString(events.front().state));
  EXPECT_EQ(shown.user_id(), kGone.value);
  EXPECT_EQ(forget(), 1);
  EXPECT_TRUE(events_.take().empty()) << "a repeat tells nothing";
}

TEST_F(DepartureTest, DropsWhatIsTheirsAlone) {
  create({kGone, kHeir});
  ASSERT_TRUE(edit_member(kGone, kGone, {.nickname = "the gone one"}));
  ASSERT_TRUE(edit_member(kHeir, kHeir, {.nickname = "the heir"}));
  ASSERT_TRUE(run(settings_.update(kGone, kGroup, {.draft = "not sent"}, soon())));
  ASSERT_TRUE(run(settings_.update(kHeir, kGroup, {.draft = "not yet"}, soon())));
  forget();
  EXPECT_TRUE(run(settings_.all_of(kGone, soon())).value().empty());
  EXPECT_EQ(run(settings_.all_of(kHeir, soon())).value().size(), 1U);
  const auto nicknames = database_.database().read_now([](sql::Session& session) {
    return session.query<std::string>("SELECT nickname FROM members WHERE nickname <> ''");
  });
  EXPECT_EQ(nicknames.value(), (std::vector{std::tuple(std::string("the heir"))}));
}

TEST_F(DepartureTest, TakesAsManyStepsAsThereIs) {
  for (std::uint64_t i = 0; i < 25; ++i) own_group({kHeir}, ConversationId(100 + i));
  for (std::uint64_t i = 0; i < 250; ++i) direct(kGone, UserId(1000 + i), 1000 + i);
  // 10, 10, 5 groups; 100, 100, 50 1:1s.
  EXPECT_EQ(forget(), 6);
  EXPECT_EQ(closed_.size(), 250U);
  EXPECT_EQ(group(ConversationId(124)).owner, kHeir);
}

}  // namespace
}  // namespace hongyan::conversation
