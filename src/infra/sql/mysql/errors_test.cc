#include "infra/sql/mysql/errors.h"

#include <gtest/gtest.h>

namespace hongyan::sql::mysql {
namespace {

TEST(DatabaseErrors, KeyOfADuplicateIsReadBehindAnyEntry) {
  const auto mariadb = duplicate_key("Duplicate entry 'x' for key 'username'");
  ASSERT_TRUE(mariadb);
  EXPECT_EQ(mariadb->table, "");
  EXPECT_EQ(mariadb->key, "username");
  const auto mysql = duplicate_key("Duplicate entry 'a' for key 'b.c'' for key 'users.PRIMARY'");
  ASSERT_TRUE(mysql);
  EXPECT_EQ(mysql->table, "users");
  EXPECT_EQ(mysql->key, "PRIMARY");
  EXPECT_FALSE(duplicate_key("Duplicate entry 'x'"));
  EXPECT_FALSE(duplicate_key(""));
}

TEST(DatabaseErrors, WhatMayWorkLaterIsUnavailable) {
  for (const unsigned number : {1040U, 1053U, 1114U, 1205U, 1213U, 1927U, 2002U, 2006U, 2013U, 4031U}) {
    EXPECT_EQ(error_of_server(number, "why").code, ErrorCode::unavailable) << number;
  }
  for (const unsigned number : {1048U, 1064U, 1146U, 1406U, 1452U, 1792U}) {
    EXPECT_EQ(error_of_server(number, "why").code, ErrorCode::internal) << number;
  }
}

TEST(DatabaseErrors, TextThatMayQuoteAValueIsNotTold) {
  EXPECT_EQ(error_of_server(1064, "syntax near 'secret'").detail, "error 1064 of the database");
  EXPECT_EQ(error_of_server(1366, "Incorrect string value: 'secret'").detail, "error 1366 of the database");
  EXPECT_EQ(error_of_server(1146, "Table 'h.nowhere' doesn't exist").detail, "Table 'h.nowhere' doesn't exist (1146)");
}

}  // namespace
}  // namespace hongyan::sql::mysql
