#include "domain/conversation/rules.h"

#include <gtest/gtest.h>

namespace hongyan::conversation {
namespace {

account::UserCard person(std::uint64_t id, bool enabled = true) {
  account::UserCard card;
  card.user_id = UserId(id);
  card.enabled = enabled;
  return card;
}

constexpr UserId kAlice{1};
constexpr UserId kBob{2};

Membership direct(State state = State::normal) { return {ConversationId(9), kAlice, Type::direct, state, kBob}; }

std::optional<ErrorCode> refusal(const SendGuard& guard) {
  return guard.refusal ? std::optional(guard.refusal->code) : std::nullopt;
}

TEST(SendGuard, OneToOne) {
  const std::vector people{person(1), person(2)};
  const auto guard = send_guard_of(kAlice, direct(), people);
  EXPECT_EQ(refusal(guard), std::nullopt);
  EXPECT_EQ(guard.recipients, (std::vector{kAlice, kBob}));
  EXPECT_EQ(guard.depends_on, (std::vector{kAlice, kBob}));
}

TEST(SendGuard, Refusals) {
  EXPECT_EQ(refusal(send_guard_of(kAlice, std::nullopt, std::vector{person(1)})), ErrorCode::not_found);
  EXPECT_EQ(refusal(send_guard_of(kAlice, direct(), std::vector{person(1, false), person(2)})),
            ErrorCode::account_disabled);
  EXPECT_EQ(refusal(send_guard_of(kAlice, direct(), std::vector{person(1), person(2, false)})),
            ErrorCode::permission_denied);
  EXPECT_EQ(refusal(send_guard_of(kAlice, direct(), std::vector{person(1)})), ErrorCode::permission_denied);
  EXPECT_EQ(refusal(send_guard_of(kAlice, direct(State::disabled), std::vector{person(1), person(2)})),
            ErrorCode::permission_denied);
}

TEST(SendGuard, TheFileHelperReachesOneselfOnce) {
  const Membership self{ConversationId(9), kAlice, Type::self, State::normal, kAlice};
  const auto guard = send_guard_of(kAlice, self, std::vector{person(1)});
  EXPECT_EQ(refusal(guard), std::nullopt);
  EXPECT_EQ(guard.recipients, std::vector{kAlice});
  EXPECT_EQ(guard.type, Type::self);
}

}  // namespace
}  // namespace hongyan::conversation
