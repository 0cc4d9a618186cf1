#include "domain/group/sql_export_source.h"

#include <gtest/gtest.h>

#include <sstream>

#include "domain/conversation/testing/group_world.h"
#include "hongyan/v1/export.pb.h"
#include "wire/json_codec.h"

namespace hongyan::group {
namespace {

constexpr UserId kAlice{5};

class GroupExportTest : public conversation::testing::GroupWorld {
 protected:
  // The kinds of lines with how many there are, in the order in which they come.
  std::vector<std::pair<std::string, int>> kinds() {
    std::vector<std::pair<std::string, int>> kinds;
    std::string from;
    for (;;) {
      const auto part = run(source_.read(kAlice, from, soon())).value();
      std::istringstream text(part.text);
      for (std::string line; std::getline(text, line);) {
        v1::ExportLine item;
        EXPECT_TRUE(wire::from_json(line, item));
        last_ = item;
        const std::string kind = item.has_join_request() ? "request" : item.has_invite() ? "invite" : "notice";
        if (kinds.empty() || kinds.back().first != kind) kinds.emplace_back(kind, 0);
        ++kinds.back().second;
      }
      if (!part.next) return kinds;
      from = *part.next;
    }
  }
  Result<void> insert(std::string_view table, std::initializer_list<std::string_view> columns,
                      std::vector<sql::Value> row) {
    return database_.database().write_now(
        [&](sql::Transaction& transaction) { return transaction.insert_rows(table, columns, {row}); });
  }

  SqlExportSource source_{database_.database()};
  v1::ExportLine last_;
};

TEST_F(GroupExportTest, ListsWhatSomebodyHasWrittenAndMade) {
  EXPECT_TRUE(kinds().empty());
  for (std::uint64_t i = 1; i <= 150; ++i) {
    const ConversationId group(100 + i);
    create({}, group);
    ASSERT_TRUE(insert("group_requests", {"group_id", "user_id", "message", "created_ms"},
                       sql::values(group, kAlice, "let me in", TimeMs(1))));
    for (const UserId by : {kAlice, UserId(6)}) {
      const std::uint64_t id = i * 10 + by.value;
      ASSERT_TRUE(insert("group_invites",
                         {"invite_id", "group_id", "created_by", "token_hash", "created_ms", "expires_ms", "max_uses"},
                         sql::values(id, group, by, std::to_string(id), TimeMs(1), TimeMs(2), 0)));
      ASSERT_TRUE(insert("group_notices", {"notice_id", "group_id", "by_user", "text", "created_ms"},
                         sql::values(id, group, by, "all: tea " + std::to_string(id), TimeMs(1))));
    }
  }
  using Kinds = std::vector<std::pair<std::string, int>>;
  EXPECT_EQ(kinds(), (Kinds{{"request", 150}, {"invite", 150}, {"notice", 150}}));
  EXPECT_EQ(last_.notice().text(), "all: tea 1505");
}

}  // namespace
}  // namespace hongyan::group
