#include "domain/presence/followers.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "domain/presence/testing/cast.h"

namespace hongyan::presence {
namespace {

using testing::kAlice;
using testing::kBob;
using testing::kCarol;

constexpr SessionId kFirst{11};
constexpr SessionId kSecond{12};

class FollowersTest : public ::testing::Test {
 protected:
  FollowersTest() {
    followers.add({kAlice, kFirst});
    followers.add({kCarol, kSecond});
  }
  static Standing here(UserId user) { return {user, true, std::nullopt}; }
  static Standing gone(UserId user) { return {user, false, TimeMs(5)}; }
  // Who is told of whom, by session, when these people stand so.
  std::vector<std::pair<SessionId, std::vector<UserId>>> told(std::vector<UserId> people,
                                                              const std::vector<bool>& online) {
    std::vector<std::pair<SessionId, std::vector<UserId>>> all;
    for (const Notice& notice : followers.note(people, online)) {
      all.emplace_back(notice.follower.session, notice.people);
    }
    return all;
  }
  using Told = std::vector<std::pair<SessionId, std::vector<UserId>>>;

  Followers followers;
};

TEST_F(FollowersTest, AChangeIsToldOnceToWhoFollows) {
  followers.follow(kFirst, {here(kBob), gone(kCarol)}, TimeMs(1));
  followers.follow(kSecond, {here(kBob)}, TimeMs(1));
  EXPECT_EQ(told({kBob, kCarol}, {true, false}), Told());
  EXPECT_EQ(told({kBob, kCarol}, {false, true}), (Told{{kFirst, {kBob, kCarol}}, {kSecond, {kBob}}}));
  EXPECT_EQ(told({kBob, kCarol}, {false, true}), Told());
}

TEST_F(FollowersTest, ANewSetReplacesTheFormerOne) {
  followers.follow(kFirst, {here(kBob)}, TimeMs(1));
  followers.follow(kFirst, {here(kCarol)}, TimeMs(2));
  EXPECT_EQ(followers.followed(), std::vector{kCarol});
  EXPECT_EQ(followers.followed_by(kFirst), std::vector{kCarol});
  EXPECT_EQ(told({kBob, kCarol}, {false, false}), (Told{{kFirst, {kCarol}}}));
  followers.follow(kFirst, {}, TimeMs(3));
  EXPECT_TRUE(followers.followed().empty());
}

TEST_F(FollowersTest, WhoIsGoneFollowsNobody) {
  followers.follow(kFirst, {here(kBob)}, TimeMs(1));
  followers.remove(kFirst);
  followers.remove(kFirst);
  EXPECT_EQ(told({kBob}, {false}), Told());
  followers.follow(kFirst, {here(kBob)}, TimeMs(2));
  EXPECT_TRUE(followers.followed().empty()) << "an answer that came too late";
}

TEST_F(FollowersTest, WhoIsToldOtherwiseThanTheOthersIsToldAgain) {
  followers.follow(kFirst, {here(kBob)}, TimeMs(1));
  followers.follow(kSecond, {gone(kBob)}, TimeMs(1));
  EXPECT_EQ(told({kBob}, {true}), (Told{{kFirst, {kBob}}, {kSecond, {kBob}}}));
  EXPECT_EQ(told({kBob}, {true}), Told());
}

TEST_F(FollowersTest, WhatCouldNotBeToldIsToldLater) {
  followers.follow(kFirst, {here(kBob)}, TimeMs(1));
  EXPECT_EQ(told({kBob}, {false}).size(), 1u);
  followers.owe(std::vector{kBob, kCarol});
  EXPECT_EQ(told({kBob}, {false}), (Told{{kFirst, {kBob}}}));
}

TEST_F(FollowersTest, OnlyWhomTheyMayKnowRemains) {
  followers.follow(kFirst, {here(kBob), here(kCarol)}, TimeMs(1));
  followers.retain(kFirst, {kCarol, kAlice}, TimeMs(7));
  EXPECT_EQ(followers.followed_by(kFirst), std::vector{kCarol});
  const auto notices = followers.note(std::vector{kBob, kCarol}, {false, false});
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].people, std::vector{kCarol});
  EXPECT_EQ(notices[0].checked, TimeMs(7));
  EXPECT_EQ(notices[0].follower.user, kAlice);
}

}  // namespace
}  // namespace hongyan::presence
