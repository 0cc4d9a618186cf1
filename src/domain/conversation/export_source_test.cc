#include "domain/conversation/export_source.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/testing/memory_ceiling.h"
#include "domain/conversation/service.h"
#include "domain/conversation/settings/sql_store.h"
#include "domain/conversation/testing/group_world.h"
#include "hongyan/v1/export.pb.h"
#include "wire/json_codec.h"

namespace hongyan::conversation {
namespace {

constexpr UserId kSomebody{5};

class ConversationExportTest : public testing::GroupWorld {
 protected:
  // Everything, in order, and by how many parts.
  std::vector<v1::ExportedConversation> all(int parts) {
    std::vector<v1::ExportedConversation> items;
    std::string from;
    for (int read = 1;; ++read) {
      const auto part = run(source_.read(kSomebody, from, soon())).value();
      std::istringstream text(part.text);
      std::int64_t lines = 0;
      for (std::string line; std::getline(text, line); ++lines) {
        v1::ExportLine item;
        EXPECT_TRUE(wire::from_json(line, item));
        items.push_back(item.conversation());
      }
      EXPECT_EQ(lines, part.lines);
      if (!part.next) {
        EXPECT_EQ(read, parts);
        return items;
      }
      from = *part.next;
    }
  }

  ManualClock clock_;
  MemoryCeiling ceiling_;
  IdGenerator ids_{0, clock_, ceiling_};
  account::testing::FakeAccounts accounts_;
  Service service_{store_, accounts_, ids_, clock_};
  SqlSettingsStore settings_{database_.database(), events_};
  ExportSource source_{service_, settings_};
};

TEST_F(ConversationExportTest, ListsWhereSomebodyIsAndWas) {
  EXPECT_TRUE(all(1).empty());
  create({kSomebody, UserId(2)});
  create({kSomebody}, ConversationId(11));
  ASSERT_TRUE(leave(kSomebody));
  ASSERT_TRUE(run(store_.create_direct(Pair(kSomebody, UserId(9)), ConversationId(12), TimeMs(1), soon())));
  ASSERT_TRUE(run(settings_.update(kSomebody, ConversationId(12), {.pinned = true, .draft = "dear"}, soon())));
  const auto items = all(1);
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items.at(0).title(), "Team");
  EXPECT_FALSE(items.at(0).joined());
  EXPECT_FALSE(items.at(0).has_my_role());
  EXPECT_EQ(items.at(1).my_role(), v1::GROUP_ROLE_MEMBER);
  EXPECT_FALSE(items.at(1).has_settings());
  EXPECT_EQ(items.at(2).peer_user_id(), 9U);
  EXPECT_EQ(items.at(2).settings().draft(), "dear");
  EXPECT_TRUE(items.at(2).settings().pinned());
}

TEST_F(ConversationExportTest, GoesOnWhereItEnded) {
  for (std::uint64_t i = 0; i < 450; ++i) {
    ASSERT_TRUE(
        run(store_.create_direct(Pair(kSomebody, UserId(1000 + i)), ConversationId(1000 + i), TimeMs(1), soon())));
  }
  const auto items = all(3);
  ASSERT_EQ(items.size(), 450U);
  for (std::uint64_t i = 0; i < 450; ++i) EXPECT_EQ(items.at(i).conversation_id(), 1000 + i);
}

}  // namespace
}  // namespace hongyan::conversation
