#include "domain/conversation/groups/sql_store.h"

#include <gtest/gtest.h>

#include "domain/conversation/groups/lines.h"
#include "domain/conversation/testing/group_world.h"
#include "hongyan/v1/group.pb.h"

namespace hongyan::conversation {
namespace {

constexpr UserId kAdmin{2};
constexpr UserId kMember{3};
constexpr UserId kStranger{9};

class GroupStoreTest : public testing::GroupWorld {
 protected:
  // kOwner, kAdmin and kMember; the lines and events of that are forgotten.
  void SetUp() override {
    create({kAdmin, kMember});
    ASSERT_TRUE(set_role(kOwner, kAdmin, Role::admin));
    std::vector<OutboxId> seen;
    for (const OutboxLine& line : lines()) seen.push_back(line.id);
    ASSERT_TRUE(run(outbox_.done(seen, soon())));
    events_.take();
  }
  std::vector<SystemLine> told() {
    std::vector<SystemLine> told;
    for (OutboxLine& line : lines()) told.push_back(std::move(line.line));
    return told;
  }
  // "user joined" or "user left" of each event.
  std::vector<std::string> events() {
    std::vector<std::string> shown;
    for (const account::UserEvent& event : events_.take()) {
      EXPECT_EQ(event.kind, "group");
      EXPECT_EQ(event.key, "10");
      v1::GroupEvent state;
      EXPECT_TRUE(state.ParseFromString(event.state));
      EXPECT_EQ(state.group_id(), kGroup.value);
      shown.push_back(std::to_string(event.user.value) + (state.joined() ? " joined" : " left"));
    }
    return shown;
  }
  // The refused change has left no trace.
  void expect_unchanged(std::int64_t guard) {
    EXPECT_TRUE(lines().empty());
    EXPECT_TRUE(events_.take().empty());
    EXPECT_EQ(guard_version(), guard);
  }
};

using Told = std::vector<SystemLine>;
using Shown = std::vector<std::string>;

TEST_F(GroupStoreTest, AGroupBeginsWithItsMembersAndOneLine) {
  const GroupChange made = create({UserId(5), UserId(4)}, ConversationId(11));
  EXPECT_EQ(made.group, (Group{ConversationId(11),
                               State::normal,
                               "Team",
                               "",
                               kOwner,
                               3,
                               false,
                               1,
                               JoinMode::invite,
                               {kOwner, UserId(4), UserId(5)}}));
  const auto line = lines(ConversationId(11));
  ASSERT_EQ(line.size(), 1u);
  EXPECT_EQ(line[0].id, made.line);
  EXPECT_EQ(line[0].line, group_created(kOwner, "Team", {kOwner, UserId(5), UserId(4)}));
  EXPECT_EQ(events_.take().size(), 3u);
}

TEST_F(GroupStoreTest, AddingRaisesTheGuardAndTellsWhoJoined) {
  const auto guard = guard_version();
  const int commits = commits_;
  const GroupChange change = add(kMember, {UserId(7), kAdmin, UserId(8)}).value();
  EXPECT_EQ(change.group.member_count, 5);
  EXPECT_EQ(change.failed, (std::vector<NotAdded>{{kAdmin, ErrorCode::already_exists}}));
  EXPECT_EQ(told(), (Told{members_added(kMember, {UserId(7), UserId(8)})}));
  EXPECT_EQ(events(), (Shown{"7 joined", "8 joined"}));
  EXPECT_EQ(guard_version(), guard + 1);
  EXPECT_EQ(commits_, commits + 1);
  EXPECT_EQ(place(UserId(7))->role, Role::member);
  EXPECT_EQ(members().back().invited_by, kMember);
}

TEST_F(GroupStoreTest, AddingThoseWhoAreThereChangesNothing) {
  const auto guard = guard_version();
  const int commits = commits_;
  const GroupChange change = add(kOwner, {kAdmin, kMember}).value();
  EXPECT_EQ(change.failed.size(), 2u);
  EXPECT_EQ(change.line, OutboxId(0));
  expect_unchanged(guard);
  EXPECT_EQ(commits_, commits + 1) << "who waits for the hook must not wait for ever";
}

TEST_F(GroupStoreTest, AFullGroupTakesAsManyAsFit) {
  const GroupChange change = add(kOwner, {UserId(7), UserId(8)}, 4).value();
  EXPECT_EQ(change.group.member_count, 4);
  EXPECT_EQ(change.failed, (std::vector<NotAdded>{{UserId(8), ErrorCode::group_full}}));
  EXPECT_EQ(told(), (Told{members_added(kOwner, {UserId(7)})}));
}

TEST_F(GroupStoreTest, RemovingLeavesAFormerMember) {
  const GroupChange change = remove(kAdmin, kMember).value();
  EXPECT_EQ(change.group.member_count, 2);
  EXPECT_EQ(told(), (Told{member_removed(kAdmin, kMember)}));
  EXPECT_EQ(events(), Shown{"3 left"});
  EXPECT_TRUE(place(kMember)->former);
  EXPECT_EQ(members().size(), 2u);
  EXPECT_TRUE(run(store_.memberships_of(kMember, soon())).value().at(0).former);
  EXPECT_TRUE(run(store_.place_ids(kMember, soon())).value().conversations.empty());

  const auto guard = guard_version();
  const auto waiting = lines().size();
  EXPECT_EQ(remove(kAdmin, kMember).value().line, OutboxId(0)) << "a repeat changes nothing";
  EXPECT_EQ(lines().size(), waiting);
  EXPECT_EQ(guard_version(), guard);
}

TEST_F(GroupStoreTest, WhoComesBackIsAMemberAgainButStaysMuted) {
  ASSERT_TRUE(database_.database().write_now([](sql::Transaction& transaction) {
    return transaction.execute("UPDATE members SET muted_until_ms = 99 WHERE user_id = :user", kAdmin);
  }));
  ASSERT_TRUE(remove(kOwner, kAdmin));
  ASSERT_TRUE(add(kOwner, {kAdmin}, 2000, TimeMs(50)));
  const Membership back = *place(kAdmin);
  EXPECT_FALSE(back.former);
  EXPECT_EQ(back.role, Role::member);
  EXPECT_EQ(back.muted_until, TimeMs(99));
  EXPECT_EQ(members().back(), (Member{kAdmin, Role::member, TimeMs(99), TimeMs(50), kOwner}));
  EXPECT_EQ(told(), (Told{member_removed(kOwner, kAdmin), members_added(kOwner, {kAdmin})}));
}

TEST_F(GroupStoreTest, AMemberLeaves) {
  EXPECT_EQ(leave(kMember).value().group.owner, kOwner);
  EXPECT_EQ(told(), Told{member_left(kMember)});
  EXPECT_EQ(events(), Shown{"3 left"});
  EXPECT_EQ(leave(kMember).error().code, ErrorCode::not_member);
}

TEST_F(GroupStoreTest, AnOwnerWhoLeavesHandsTheGroupToTheLongestStandingAdmin) {
  ASSERT_TRUE(add(kOwner, {UserId(7)}));
  ASSERT_TRUE(set_role(kOwner, UserId(7), Role::admin));
  EXPECT_EQ(leave(kOwner).value().group.owner, kAdmin);
  EXPECT_EQ(place(kAdmin)->role, Role::owner);
  EXPECT_EQ(place(UserId(7))->role, Role::admin);
  const Told all = told();
  EXPECT_EQ(Told(all.end() - 2, all.end()), (Told{owner_changed(kOwner, kAdmin), member_left(kOwner)}));
}

TEST_F(GroupStoreTest, WithoutAdminsTheLongestStandingMemberInheritsAndTheLastDissolves) {
  ASSERT_TRUE(leave(kAdmin));
  EXPECT_EQ(leave(kOwner).value().group.owner, kMember);
  const GroupChange last = leave(kMember).value();
  EXPECT_EQ(last.group.state, State::dissolved);
  EXPECT_EQ(last.group.member_count, 0);
  EXPECT_EQ(add(kMember, {UserId(7)}).error().code, ErrorCode::not_member);
}

TEST_F(GroupStoreTest, BotsAreMembersButNoPeople) {
  ASSERT_TRUE(database_.database().write_now([](sql::Transaction& transaction) {
    return transaction.execute(
        "INSERT INTO users (user_id, username, password_hash, nickname, sort_key, role, created_ms, bot)"
        " VALUES (:id, 'grafana', '', 'Grafana', 'grafana', 1, 1, 1)",
        kAdmin);
  }));
  EXPECT_EQ(run(store_.member_ids(kGroup, soon())).value(), (std::vector{kOwner, kMember})) << "nobody who reads";
  EXPECT_EQ(members().size(), 3u);
  EXPECT_EQ(transfer(kOwner, kAdmin).error().field, "user_id");
  ASSERT_TRUE(leave(kOwner));
  EXPECT_EQ(place(kMember)->role, Role::owner) << "the admin is a bot";
  EXPECT_EQ(leave(kMember)->group.state, State::dissolved) << "the last person";
}

TEST_F(GroupStoreTest, RolesChangeOnce) {
  const GroupChange change = set_role(kOwner, kMember, Role::admin).value();
  EXPECT_NE(change.line, OutboxId(0));
  EXPECT_EQ(told(), (Told{role_changed(kOwner, kMember, Role::admin)}));
  EXPECT_EQ(set_role(kOwner, kMember, Role::admin).value().line, OutboxId(0));
  EXPECT_EQ(place(kMember)->role, Role::admin);
}

TEST_F(GroupStoreTest, WhatIsNotAllowedLeavesNoTrace) {
  const auto guard = guard_version();
  EXPECT_EQ(add(kStranger, {UserId(7)}).error().code, ErrorCode::not_found);
  EXPECT_EQ(remove(kStranger, kMember).error().code, ErrorCode::not_found);
  EXPECT_EQ(remove(kMember, kAdmin).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(remove(kAdmin, kOwner).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(remove(kOwner, kOwner).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(remove(kOwner, kStranger).error().code, ErrorCode::not_found);
  EXPECT_EQ(leave(kStranger).error().code, ErrorCode::not_found);
  EXPECT_EQ(set_role(kAdmin, kMember, Role::admin).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(set_role(kOwner, kStranger, Role::admin).error().code, ErrorCode::not_found);
  expect_unchanged(guard);
}

TEST_F(GroupStoreTest, MembersAreListedByRankAndThenByTime) {
  ASSERT_TRUE(add(kOwner, {UserId(8), UserId(7)}, 2000, TimeMs(20)));
  std::vector<UserId> all;
  std::optional<MemberPosition> after;
  for (auto page = members(after, 2); !page.empty(); page = members(after, 2)) {
    for (const Member& member : page) all.push_back(member.user);
    after = MemberPosition{page.back().role, page.back().joined, page.back().user};
  }
  EXPECT_EQ(all, (std::vector{kOwner, kAdmin, kMember, UserId(7), UserId(8)}));
}

TEST_F(GroupStoreTest, AnEditTellsEachThingThatHasChanged) {
  const auto guard = guard_version();
  const GroupChange change = edit(kAdmin, {"鸿雁", JoinMode::open, true}).value();
  EXPECT_EQ(change.group.name, "鸿雁");
  EXPECT_EQ(change.group.join_mode, JoinMode::open);
  EXPECT_TRUE(change.group.mute_all);
  EXPECT_EQ(told(), (Told{group_renamed(kAdmin, "鸿雁"), join_mode_changed(kAdmin, JoinMode::open),
                          mute_all_changed(kAdmin, true)}));
  EXPECT_EQ(guard_version(), guard + 1);
  EXPECT_EQ(edit(kOwner, {"鸿雁", JoinMode::open, true}).value().line, OutboxId(0)) << "nothing has changed";
  EXPECT_EQ(guard_version(), guard + 1);
  EXPECT_TRUE(place(kMember)->mute_all);
  EXPECT_EQ(edit(kMember, {.name = "mine"}).error().code, ErrorCode::permission_denied);
}

TEST_F(GroupStoreTest, MembersAreMutedFromAboveAndCallThemselvesWhatTheyLike) {
  ASSERT_TRUE(edit_member(kAdmin, kMember, {.muted_until = TimeMs(99)}));
  EXPECT_EQ(place(kMember)->muted_until, TimeMs(99));
  ASSERT_TRUE(edit_member(kMember, kMember, {.nickname = "Cap"}));
  EXPECT_EQ(members().back().nickname, "Cap");
  ASSERT_TRUE(edit_member(kOwner, kMember, {.muted_until = TimeMs(1), .nickname = ""}));
  EXPECT_EQ(place(kMember)->muted_until, TimeMs(0)) << "a mute that is over is none";
  EXPECT_EQ(told(), (Told{member_muted(kAdmin, kMember, TimeMs(99)), nickname_changed(kMember, kMember, "Cap"),
                          member_muted(kOwner, kMember, TimeMs(0)), nickname_changed(kOwner, kMember, "")}));
  EXPECT_EQ(edit_member(kMember, kMember, {.muted_until = TimeMs(0)}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(edit_member(kMember, kAdmin, {.nickname = "x"}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(edit_member(kOwner, kStranger, {.nickname = "x"}).error().code, ErrorCode::not_found);
}

TEST_F(GroupStoreTest, OnlyTheOwnerHandsTheGroupOver) {
  EXPECT_EQ(transfer(kAdmin, kMember).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(transfer(kOwner, kStranger).error().code, ErrorCode::not_found);
  EXPECT_EQ(transfer(kOwner, kOwner).value().line, OutboxId(0));
  EXPECT_EQ(transfer(kOwner, kMember).value().group.owner, kMember);
  EXPECT_EQ(place(kMember)->role, Role::owner);
  EXPECT_EQ(place(kOwner)->role, Role::member);
  EXPECT_EQ(told(), (Told{owner_changed(kOwner, kMember)}));
}

TEST_F(GroupStoreTest, ADissolvedGroupIsReadOnAndNothingElse) {
  EXPECT_EQ(dissolve(kAdmin).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(dissolve(kOwner).value().group.state, State::dissolved);
  EXPECT_EQ(told(), Told{group_dissolved(kOwner)});
  EXPECT_EQ(dissolve(kOwner).error().code, ErrorCode::group_dissolved);
  EXPECT_EQ(add(kOwner, {UserId(7)}).error().code, ErrorCode::group_dissolved);
  EXPECT_EQ(edit(kOwner, {.name = "x"}).error().code, ErrorCode::group_dissolved);
  EXPECT_FALSE(place(kMember)->former);
  EXPECT_EQ(members().size(), 3u);
}

TEST_F(GroupStoreTest, InsideATransactionOfOthers) {
  const auto join = [&](UserId user, std::int64_t max, std::optional<UserId> by = {}) {
    return database_.database().write_now([&](sql::Transaction& transaction) {
      return groups_.join_in(transaction, {kGroup, user, by, max, TimeMs(9)});
    });
  };
  EXPECT_EQ(join(UserId(7), 4).value().group.member_count, 4);
  EXPECT_EQ(join(UserId(8), 4).error().code, ErrorCode::group_full);
  EXPECT_EQ(join(UserId(7), 4).value().line, OutboxId(0)) << "who is in it stays so";
  EXPECT_EQ(join(UserId(8), 5, kAdmin).value().group.member_count, 5);
  EXPECT_EQ(told(), (Told{member_joined(UserId(7), {}), member_joined(UserId(8), kAdmin)}));
  EXPECT_EQ(events(), (Shown{"7 joined", "8 joined"}));
  EXPECT_EQ(members().back().invited_by, kAdmin);
  const auto version = run(groups_.find(kGroup, kOwner, soon())).value()->group.version;
  ASSERT_TRUE(database_.database().write_now([&](sql::Transaction& transaction) {
    return groups_.tell_in(transaction, kGroup, {"notice_changed", {}, {}, {}}, TimeMs(9));
  }));
  EXPECT_EQ(run(groups_.find(kGroup, kOwner, soon())).value()->group.version, version + 1);
  ASSERT_TRUE(dissolve(kOwner));
  EXPECT_EQ(join(UserId(9), 9).error().code, ErrorCode::group_dissolved);
  const auto leaders =
      database_.database().read_now([&](sql::Session& session) { return groups_.leaders_in(session, kGroup); });
  EXPECT_EQ(leaders.value(), (std::vector{kOwner, kAdmin}));
}

TEST_F(GroupStoreTest, GroupsOfOneAndOfTwo) {
  create({kMember}, ConversationId(12));
  create({kAdmin}, ConversationId(14));
  const auto ids = [&](UserId user, std::optional<UserId> other, ConversationId after = {}) {
    std::vector<std::uint64_t> ids;
    for (const Group& group : run(groups_.groups_of(user, other, after, 10, soon())).value()) {
      ids.push_back(group.id.value);
    }
    return ids;
  };
  using Ids = std::vector<std::uint64_t>;
  EXPECT_EQ(ids(kOwner, {}), (Ids{10, 12, 14}));
  EXPECT_EQ(ids(kOwner, {}, ConversationId(10)), (Ids{12, 14}));
  EXPECT_EQ(ids(kOwner, kMember), (Ids{10, 12}));
  EXPECT_EQ(ids(kStranger, kMember), Ids{});
  ASSERT_TRUE(leave(kMember));
  EXPECT_EQ(ids(kOwner, kMember), Ids{12});
}

TEST_F(GroupStoreTest, TheFirstMembersStandForAGroup) {
  const auto faces = [&] { return run(groups_.find(kGroup, kOwner, soon())).value()->group.faces; };
  EXPECT_EQ(faces(), (std::vector{kOwner, kAdmin, kMember}));
  std::vector<UserId> more;
  for (std::uint64_t id = 11; id <= 20; ++id) more.emplace_back(id);
  ASSERT_TRUE(add(kOwner, more));
  EXPECT_EQ(faces().size(), kMaxFaces);
  EXPECT_EQ(faces().back(), UserId(16));
  ASSERT_TRUE(set_role(kOwner, UserId(20), Role::admin));
  EXPECT_EQ(faces()[2], UserId(20)) << "joined later than the other admin";
  ASSERT_TRUE(leave(kOwner));
  EXPECT_EQ(faces(), place(kAdmin)->faces);
  EXPECT_EQ(faces().front(), kAdmin) << "who owns it now";
}

TEST_F(GroupStoreTest, GroupsAreFoundByNameAndById) {
  ASSERT_TRUE(edit(kOwner, {.name = "Noodle 面 House"}));
  create({kMember}, ConversationId(12));
  const auto named = [&](UserId user, std::string text) {
    return run(groups_.groups_named(user, std::move(text), 10, soon())).value().size();
  };
  for (const char* text : {"noodle", "HOUSE", "面", "e 面 h"}) EXPECT_EQ(named(kMember, text), 1u) << text;
  EXPECT_EQ(named(kMember, "%"), 0u);
  EXPECT_EQ(named(kStranger, "noodle"), 0u);
  const auto by_id = [&](UserId user, ConversationId id) { return run(groups_.group_by_id(user, id, soon())).value(); };
  EXPECT_TRUE(by_id(kMember, kGroup)->joined);
  EXPECT_EQ(by_id(kStranger, kGroup)->group.name, "Noodle 面 House");
  EXPECT_FALSE(by_id(kStranger, kGroup)->joined);
  EXPECT_FALSE(by_id(kMember, ConversationId(99)));
  ASSERT_TRUE(leave(kMember));
  EXPECT_FALSE(by_id(kMember, kGroup)->joined);
  EXPECT_EQ(named(kMember, "noodle"), 0u);
}

TEST_F(GroupStoreTest, MembersAreFoundByWhatTheyAreCalled) {
  ASSERT_TRUE(database_.database().write_now([](sql::Transaction& transaction) {
    return transaction.execute(
        "INSERT INTO users (user_id, username, password_hash, nickname, sort_key, role, created_ms)"
        " VALUES (:id, 'tiger_1', '', 'Tiger 虎', 'tigerhu', 1, 1)",
        kMember);
  }));
  ASSERT_TRUE(edit_member(kAdmin, kAdmin, {.nickname = "Boss"}));
  const auto found = [&](std::string text) {
    std::vector<UserId> users;
    for (const Member& member : run(groups_.members(kGroup, {{}, 10, text}, soon())).value()) {
      users.push_back(member.user);
    }
    return users;
  };
  for (const char* text : {"TIGER", "虎", "gerhu", "tiger_"}) EXPECT_EQ(found(text), std::vector{kMember}) << text;
  EXPECT_EQ(found("bos"), std::vector{kAdmin});
  EXPECT_TRUE(found("%").empty());
  EXPECT_EQ(found("").size(), 3u);
}

TEST_F(GroupStoreTest, OnlyPresentMembersAreAcquainted) {
  const auto acquainted = [&](UserId user, UserId other) {
    return !run(store_.acquainted(user, {other}, soon())).value().empty();
  };
  EXPECT_TRUE(acquainted(kAdmin, kMember));
  ASSERT_TRUE(leave(kMember));
  EXPECT_FALSE(acquainted(kAdmin, kMember));
  EXPECT_FALSE(acquainted(kMember, kAdmin));
  EXPECT_TRUE(acquainted(kAdmin, kOwner));
}

TEST_F(GroupStoreTest, WhoIsInItIsToldByIdWithoutFormerMembers) {
  const auto in = [this] { return run(store_.member_ids(kGroup, soon())).value(); };
  ASSERT_TRUE(add(kOwner, {UserId(7), UserId(5)}));
  EXPECT_EQ(in(), (std::vector{kOwner, kAdmin, kMember, UserId(5), UserId(7)}));
  EXPECT_EQ(place(kMember)->member_count, 5);
  ASSERT_TRUE(leave(kAdmin));
  EXPECT_EQ(in(), (std::vector{kOwner, kMember, UserId(5), UserId(7)}));
  EXPECT_EQ(place(kMember)->member_count, 4);
  EXPECT_TRUE(run(store_.member_ids(ConversationId(99), soon())).value().empty());
}

TEST_F(GroupStoreTest, AOneToOneIsNoGroup) {
  ASSERT_TRUE(run(store_.create_direct(Pair(kOwner, kMember), ConversationId(20), TimeMs(1), soon())));
  EXPECT_EQ(run(groups_.find(ConversationId(20), kOwner, soon())).value(), std::nullopt);
  EXPECT_EQ(run(groups_.leave({ConversationId(20), kOwner, kOwner, TimeMs(1)}, hook(), soon())).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(run(groups_.add({ConversationId(20), kOwner, {UserId(7)}, 10, TimeMs(1)}, hook(), soon())).error().code,
            ErrorCode::not_found);
}

TEST_F(GroupStoreTest, AGuardIsLoadedTogetherWithWhatWaits) {
  EXPECT_FALSE(run(store_.guard_facts(kGroup, kMember, soon())).value().lines_waiting);
  const OutboxId line = add(kOwner, {UserId(7)}).value().line;
  EXPECT_TRUE(run(store_.guard_facts(kGroup, kMember, soon())).value().lines_waiting);
  ASSERT_TRUE(run(outbox_.dead(line, "refused", soon())));
  EXPECT_FALSE(run(store_.guard_facts(kGroup, kMember, soon())).value().lines_waiting);
}

}  // namespace
}  // namespace hongyan::conversation
