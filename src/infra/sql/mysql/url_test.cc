#include "infra/sql/mysql/url.h"

#include <gtest/gtest.h>

namespace hongyan::sql::mysql {
namespace {

TEST(ServerUrl, NamesUserHostPortAndDatabase) {
  const auto server = parse_server("mysql://hong%40yan@db.example:3307/chat_1");
  ASSERT_TRUE(server) << server.error().detail;
  EXPECT_EQ(server->user, "hong@yan");
  EXPECT_EQ(server->host, "db.example");
  EXPECT_EQ(server->port, 3307);
  EXPECT_EQ(server->database, "chat_1");
  EXPECT_EQ(server->socket, "");
  EXPECT_EQ(parse_server("mysql://u@127.0.0.1/chat")->port, 3306);
  EXPECT_EQ(parse_server("mysql://u@[::1]/chat")->host, "::1");
  EXPECT_EQ(parse_server("mysql://u@localhost/chat?socket=/run/mysqld.sock")->socket, "/run/mysqld.sock");
}

TEST(ServerUrl, EverythingElseIsRefusedWithoutQuotingIt) {
  for (const char* url :
       {"", "hush", "sqlite://u@h/d", "mysql://h/d", "mysql://u@/d", "mysql://u@h", "mysql://u@h/", "mysql://u@h/d/e",
        "mysql://u@h/d;x", "mysql://u:hush@h/d", "mysql://u:@h/d", "mysql://u@h:0/d", "mysql://u@h:70000/d",
        "mysql://u@h/d?ssl=hush", "mysql://u@h/d?socket=hush", "mysql://u@h/d#hush"}) {
    const auto server = parse_server(url);
    ASSERT_FALSE(server) << url;
    EXPECT_EQ(server.error().code, ErrorCode::invalid_argument) << url;
    EXPECT_EQ(server.error().detail.find("hush"), std::string::npos) << url;
  }
}

}  // namespace
}  // namespace hongyan::sql::mysql
