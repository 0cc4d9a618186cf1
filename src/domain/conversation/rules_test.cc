#include "domain/conversation/rules.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "domain/conversation/testing/cast.h"

namespace hongyan::conversation {
namespace {

using testing::kAlice;
using testing::kBob;

account::UserCard person(std::uint64_t id, bool enabled = true) {
  account::UserCard card;
  card.user_id = UserId(id);
  card.enabled = enabled;
  return card;
}

Membership direct(State state = State::normal) { return {ConversationId(9), kAlice, Type::direct, state, kBob}; }

std::optional<ErrorCode> refusal(const SendGuard& guard) {
  return guard.refusal ? std::optional(guard.refusal->code) : std::nullopt;
}

constexpr TimeMs kNow{1000};

SendGuard guard_of(const std::optional<Membership>& membership, std::vector<account::UserCard> people,
                   const Relation& relation = {}) {
  return send_guard_of(kAlice, membership, people, relation, kNow);
}

Membership in_group(Role role = Role::member) {
  Membership place{ConversationId(9), kAlice, Type::group, State::normal, std::nullopt};
  place.role = role;
  return place;
}

TEST(SendGuard, OneToOne) {
  const auto guard = guard_of(direct(), {person(1), person(2)});
  EXPECT_EQ(refusal(guard), std::nullopt);
  EXPECT_EQ(guard.recipients, (Recipients{kAlice, kBob}));
  EXPECT_EQ(guard.depends_on, (std::vector{kAlice, kBob}));
}

TEST(SendGuard, Refusals) {
  EXPECT_EQ(refusal(guard_of(std::nullopt, {person(1)})), ErrorCode::not_found);
  EXPECT_EQ(refusal(guard_of(direct(), {person(1, false), person(2)})), ErrorCode::account_disabled);
  EXPECT_EQ(refusal(guard_of(direct(), {person(1), person(2, false)})), ErrorCode::permission_denied);
  EXPECT_EQ(refusal(guard_of(direct(), {person(1)})), ErrorCode::permission_denied);
  EXPECT_EQ(refusal(guard_of(direct(State::disabled), {person(1), person(2)})), ErrorCode::permission_denied);
}

TEST(SendGuard, WhatTheyAreToEachOther) {
  const auto refused = [](const Relation& relation) {
    return refusal(guard_of(direct(), {person(1), person(2)}, relation));
  };
  EXPECT_EQ(refused({.friends = false, .blocked = false}), ErrorCode::not_friend);
  EXPECT_EQ(refused({.friends = true, .blocked = true}), ErrorCode::blocked);
  EXPECT_EQ(refused({.friends = false, .blocked = true}), ErrorCode::blocked);
  EXPECT_EQ(refusal(guard_of(direct(), {person(1), person(2, false)}, {.friends = false})),
            ErrorCode::permission_denied);
  EXPECT_EQ(refusal(guard_of(in_group(), {person(1)}, {.friends = false, .blocked = true})), std::nullopt);
  const Membership self{ConversationId(9), kAlice, Type::self, State::normal, kAlice};
  EXPECT_EQ(refusal(guard_of(self, {person(1)}, {.friends = false})), std::nullopt);
}

TEST(SendGuard, ABotNeedsNoFriendsButIsBlockedLikeAnybody) {
  account::UserCard bot = person(2);
  bot.bot = true;
  EXPECT_EQ(refusal(guard_of(direct(), {person(1), bot}, {.friends = false})), std::nullopt) << "who writes to it";
  bot.user_id = kAlice;
  EXPECT_EQ(refusal(guard_of(direct(), {bot, person(2)}, {.friends = false})), std::nullopt) << "to whom it writes";
  EXPECT_EQ(refusal(guard_of(direct(), {bot, person(2)}, {.friends = false, .blocked = true})), ErrorCode::blocked);
  bot.enabled = false;
  EXPECT_EQ(refusal(guard_of(direct(), {bot, person(2)})), ErrorCode::account_disabled);
}

TEST(SendGuard, TheFileHelperReachesOneselfOnce) {
  const Membership self{ConversationId(9), kAlice, Type::self, State::normal, kAlice};
  const auto guard = guard_of(self, {person(1)});
  EXPECT_EQ(refusal(guard), std::nullopt);
  EXPECT_EQ(guard.recipients, Recipients{kAlice});
  EXPECT_EQ(guard.type, Type::self);
}

TEST(SendGuard, AGroupHasATopicOfItsOwn) {
  const auto guard = guard_of(in_group(Role::admin), {person(1)});
  EXPECT_EQ(refusal(guard), std::nullopt);
  EXPECT_EQ(guard.type, Type::group);
  EXPECT_EQ(guard.role, Role::admin);
  EXPECT_TRUE(guard.recipients.empty());
  EXPECT_EQ(guard.depends_on, std::vector{kAlice});
}

TEST(SendGuard, RefusalsInAGroup) {
  struct Case {
    const char* name;
    std::function<void(Membership&)> change;
    std::optional<ErrorCode> refused;
  };
  const std::vector<Case> cases{
      {"nothing is wrong", [](Membership&) {}, std::nullopt},
      {"former", [](Membership& place) { place.former = true; }, ErrorCode::not_member},
      {"former of a dissolved group",
       [](Membership& place) {
         place.former = true;
         place.state = State::dissolved;
       },
       ErrorCode::not_member},
      {"disabled", [](Membership& place) { place.state = State::disabled; }, ErrorCode::group_disabled},
      {"dissolved", [](Membership& place) { place.state = State::dissolved; }, ErrorCode::group_dissolved},
      {"muted", [](Membership& place) { place.muted_until = TimeMs(1001); }, ErrorCode::muted},
      {"muted until now", [](Membership& place) { place.muted_until = kNow; }, std::nullopt},
      {"all muted", [](Membership& place) { place.mute_all = true; }, ErrorCode::all_muted},
      {"all muted but admins",
       [](Membership& place) {
         place.mute_all = true;
         place.role = Role::admin;
       },
       std::nullopt},
  };
  for (const Case& one : cases) {
    Membership place = in_group();
    one.change(place);
    EXPECT_EQ(refusal(guard_of(place, {person(1)})), one.refused) << one.name;
    if (!one.refused) EXPECT_EQ(refusal(guard_of(place, {person(1, false)})), ErrorCode::account_disabled) << one.name;
  }
}

TEST(SendGuard, AMuteEndsByItself) {
  Membership place = in_group();
  place.muted_until = TimeMs(5000);
  const auto guard = guard_of(place, {person(1)});
  EXPECT_EQ(guard.refusal->until_ms, 5000);
  EXPECT_EQ(guard.valid_until, TimeMs(5000));
  EXPECT_EQ(guard_of(in_group(), {person(1)}).valid_until, TimeMs(0));
}

std::optional<ErrorCode> code_of(const Result<void>& result) {
  return result ? std::nullopt : std::optional(result.error().code);
}

TEST(GroupRules, WhoMaySeeAndAct) {
  EXPECT_EQ(code_of(may_act(in_group())), std::nullopt);
  EXPECT_EQ(code_of(may_act(std::nullopt)), ErrorCode::not_found);
  EXPECT_EQ(code_of(may_act(direct())), ErrorCode::not_found);
  Membership former = in_group();
  former.former = true;
  EXPECT_EQ(code_of(may_see(former)), ErrorCode::not_member);
  EXPECT_EQ(code_of(may_act(former)), ErrorCode::not_member);
  for (const auto& [state, refused] : {std::pair(State::disabled, ErrorCode::group_disabled),
                                       std::pair(State::dissolved, ErrorCode::group_dissolved)}) {
    Membership place = in_group(Role::owner);
    place.state = state;
    EXPECT_EQ(code_of(may_see(place)), std::nullopt);
    EXPECT_EQ(code_of(may_act(place)), refused);
  }
}

constexpr std::array kRoles{Role::member, Role::admin, Role::owner};

TEST(GroupRules, NobodyActsOnAnEqualOrHigherRole) {
  // Rows: who acts; columns: on whom.
  constexpr bool kMay[3][3] = {{false, false, false}, {true, false, false}, {true, true, false}};
  for (std::size_t actor = 0; actor < 3; ++actor) {
    for (std::size_t target = 0; target < 3; ++target) {
      EXPECT_EQ(may_remove(kRoles[actor], kRoles[target]).has_value(), kMay[actor][target]) << actor << target;
    }
  }
}

TEST(GroupRules, WhoChangesAGroup) {
  // Columns: a member, an admin, the owner.
  constexpr bool kEdits[3] = {false, true, true};
  constexpr bool kDisposes[3] = {false, false, true};
  for (std::size_t actor = 0; actor < 3; ++actor) {
    EXPECT_EQ(may_edit(kRoles[actor]).has_value(), kEdits[actor]) << actor;
    EXPECT_EQ(may_dispose(kRoles[actor]).has_value(), kDisposes[actor]) << actor;
    EXPECT_TRUE(may_rename(true, kRoles[actor], kRoles[actor])) << actor;
    EXPECT_EQ(may_rename(false, kRoles[actor], Role::member).has_value(), actor > 0) << actor;
    EXPECT_EQ(may_rename(false, kRoles[actor], Role::admin).has_value(), actor > 1) << actor;
  }
}

TEST(GroupRules, OnlyTheOwnerMakesAdmins) {
  for (const Role actor : kRoles) {
    for (const Role target : kRoles) {
      for (const Role wanted : kRoles) {
        const bool may = actor == Role::owner && target != Role::owner && wanted != Role::owner;
        EXPECT_EQ(may_set_role(actor, target, wanted).has_value(), may);
      }
    }
  }
}

TEST(PeopleInTexts, AreReadAsTheyWereWritten) {
  const std::vector<UserId> people{UserId(7), UserId(~0ULL), UserId(31)};
  EXPECT_EQ(join_users(people), "7,18446744073709551615,31");
  EXPECT_EQ(split_users(join_users(people)), people);
  EXPECT_TRUE(split_users("").empty());
  EXPECT_EQ(split_users("1,,x,2,"), (std::vector{UserId(1), UserId(2)}));
}

}  // namespace
}  // namespace hongyan::conversation
