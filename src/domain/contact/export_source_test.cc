#include "domain/contact/export_source.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "domain/contact/testing/world.h"
#include "hongyan/v1/export.pb.h"
#include "wire/json_codec.h"

namespace hongyan::contact {
namespace {

using testing::kAlice;
using testing::kBob;
using testing::kCarol;

class ContactExportTest : public testing::World {
 protected:
  std::vector<v1::ExportLine> all(UserId user) {
    std::vector<v1::ExportLine> items;
    std::string from;
    for (;;) {
      const auto part = run(source_.read(user, from, soon())).value();
      std::istringstream text(part.text);
      for (std::string line; std::getline(text, line);) EXPECT_TRUE(wire::from_json(line, items.emplace_back()));
      if (!part.next) return items;
      from = *part.next;
    }
  }

  ExportSource source_{store_, clock_};
};

TEST_F(ContactExportTest, HoldsAllThreeLists) {
  EXPECT_TRUE(all(kAlice).empty());
  friends(kAlice, kBob);
  ASSERT_TRUE(
      run(service_.update(kAlice, kBob, {.remark = "Bobby", .tags = std::vector<std::string>{"work"}}, soon())));
  ask(kAlice, kCarol, "it is me");
  ASSERT_TRUE(block(kAlice, kCarol));
  const auto items = all(kAlice);
  ASSERT_EQ(items.size(), 4U);
  EXPECT_EQ(items.at(0).contact().remark(), "Bobby");
  EXPECT_EQ(items.at(0).contact().tags(0), "work");
  EXPECT_EQ(items.at(1).contact_request().message(), "it is me");
  EXPECT_EQ(items.at(2).contact_request().to_user_id(), kBob.value);
  EXPECT_EQ(items.at(3).blocked().user_id(), kCarol.value);
  // What Bob calls Alice is Bob's.
  ASSERT_TRUE(run(service_.update(kBob, kAlice, {.remark = "the boss"}, soon())));
  for (const v1::ExportLine& line : all(kAlice)) EXPECT_NE(line.contact().remark(), "the boss");
}

TEST_F(ContactExportTest, GoesOnWhereItEnded) {
  ASSERT_TRUE(database_.database().write_now([](sql::Transaction& transaction) -> Result<void> {
    for (std::uint64_t i = 0; i < 250; ++i) {
      const UserId other(1000 + i);
      HY_TRY(transaction.insert_rows("contacts", {"user_id", "contact_id", "tags", "created_ms"},
                                     {sql::values(kAlice, other, "", TimeMs(1))}));
      HY_TRY(transaction.insert_rows("blocks", {"user_id", "blocked_id", "created_ms"},
                                     {sql::values(kAlice, other, TimeMs(1))}));
      HY_TRY(transaction.insert_rows("contact_requests",
                                     {"contact_request_id", "from_user", "to_user", "message", "source", "remark",
                                      "state", "created_ms", "expires_ms"},
                                     {sql::values(i + 1, other, kAlice, "", 1, "", 1, TimeMs(1), TimeMs(2))}));
    }
    return {};
  }));
  std::set<std::uint64_t> contacts;
  std::set<std::uint64_t> requests;
  std::set<std::uint64_t> blocks;
  for (const v1::ExportLine& line : all(kAlice)) {
    if (line.has_contact()) contacts.insert(line.contact().user_id());
    if (line.has_contact_request()) requests.insert(line.contact_request().contact_request_id());
    if (line.has_blocked()) blocks.insert(line.blocked().user_id());
  }
  EXPECT_EQ(contacts.size(), 250U);
  EXPECT_EQ(requests.size(), 250U);
  EXPECT_EQ(blocks.size(), 250U);
}

}  // namespace
}  // namespace hongyan::contact
