#include "domain/group/rules.h"

#include <gtest/gtest.h>

namespace hongyan::group {
namespace {

using conversation::MemberPosition;
using conversation::Role;

TEST(MemberPosition, SurvivesTheWayThroughACursor) {
  for (const MemberPosition& position :
       {MemberPosition{Role::owner, TimeMs(0), UserId(1)}, MemberPosition{Role::member, TimeMs(-5), UserId(~0ULL)},
        MemberPosition{Role::admin, TimeMs(1'700'000'000'000), UserId(42)}}) {
    EXPECT_EQ(position_from(to_text(position)), position);
  }
}

TEST(MemberPosition, OtherTextsAreNone) {
  for (const char* text : {"", "1", "1,2", "1,2,", "1,2,3,", "1,2,3 ", "0,2,3", "4,2,3", "a,2,3", "1,,3", "1,2,-3",
                           " 1,2,3", "1;2;3", "1,99999999999999999999,3"}) {
    EXPECT_EQ(position_from(text), std::nullopt) << text;
  }
}

TEST(IsShown, ToMembersAndToWhoCanComeIn) {
  using conversation::JoinMode;
  using conversation::State;
  const auto shown = [](State state, JoinMode mode, bool joined) {
    conversation::FoundGroup found;
    found.group.state = state;
    found.group.join_mode = mode;
    found.joined = joined;
    return is_shown(found);
  };
  EXPECT_TRUE(shown(State::normal, JoinMode::open, false));
  EXPECT_TRUE(shown(State::normal, JoinMode::approval, false));
  EXPECT_FALSE(shown(State::normal, JoinMode::invite, false));
  EXPECT_TRUE(shown(State::normal, JoinMode::invite, true));
  EXPECT_FALSE(shown(State::disabled, JoinMode::open, false));
  EXPECT_FALSE(shown(State::dissolved, JoinMode::open, true));
}

}  // namespace
}  // namespace hongyan::group
