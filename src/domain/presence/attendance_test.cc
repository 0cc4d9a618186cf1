#include "domain/presence/attendance.h"

#include <gtest/gtest.h>

#include "domain/presence/testing/cast.h"

namespace hongyan::presence {
namespace {

using testing::kAlice;
using testing::kBob;

constexpr TimeMs kLater{1000};

TEST(Attendance, TheLastSocketIsWhatCounts) {
  Attendance attendance;
  attendance.came(kAlice);
  attendance.came(kAlice);
  EXPECT_FALSE(attendance.went(kAlice, TimeMs(10)));
  EXPECT_EQ(attendance.users(), std::vector{kAlice});
  EXPECT_TRUE(attendance.is_here(kAlice));
  EXPECT_EQ(attendance.departure(kAlice), std::nullopt);
  EXPECT_TRUE(attendance.went(kAlice, TimeMs(20)));
  EXPECT_TRUE(attendance.users().empty());
  EXPECT_FALSE(attendance.is_here(kAlice));
  EXPECT_EQ(attendance.departure(kAlice), TimeMs(20));
  EXPECT_FALSE(attendance.went(kAlice, TimeMs(30))) << "there was none left";
  EXPECT_EQ(attendance.departure(kAlice), TimeMs(20));
}

TEST(Attendance, WhoComesBackHasNotDeparted) {
  Attendance attendance;
  attendance.came(kAlice);
  attendance.went(kAlice, TimeMs(10));
  attendance.came(kAlice);
  EXPECT_TRUE(attendance.departures(kLater, 10).empty());
}

TEST(Attendance, WhatWasWrittenIsForgottenUnlessTheyWentAgain) {
  Attendance attendance;
  for (const UserId user : {kAlice, kBob}) {
    attendance.came(user);
    attendance.went(user, TimeMs(10));
  }
  EXPECT_EQ(attendance.departures(kLater, 1).size(), 1u);
  const auto writing = attendance.departures(kLater, 10);
  ASSERT_EQ(writing.size(), 2u);
  attendance.came(kBob);
  attendance.went(kBob, TimeMs(20));
  attendance.written(writing);
  EXPECT_EQ(attendance.departures(kLater, 10), (std::vector{LastSeen{kBob, TimeMs(20)}}));
}

TEST(Attendance, OnlyThoseWhoWentByThen) {
  Attendance attendance;
  attendance.came(kAlice);
  attendance.came(kBob);
  attendance.went(kAlice, TimeMs(10));
  attendance.went(kBob, TimeMs(11));
  EXPECT_EQ(attendance.departures(TimeMs(10), 10), (std::vector{LastSeen{kAlice, TimeMs(10)}}));
}

TEST(Attendance, DeparturesAreBounded) {
  Attendance attendance;
  for (std::uint64_t i = 1; i <= Attendance::kMaxDepartures + 5; ++i) {
    attendance.came(UserId(i));
    EXPECT_TRUE(attendance.went(UserId(i), TimeMs(10)));
  }
  EXPECT_EQ(attendance.departures(kLater, 2 * Attendance::kMaxDepartures).size(), Attendance::kMaxDepartures);
  attendance.came(UserId(1));
  attendance.went(UserId(1), TimeMs(20));
  EXPECT_EQ(attendance.departure(UserId(1)), TimeMs(20));
}

}  // namespace
}  // namespace hongyan::presence
