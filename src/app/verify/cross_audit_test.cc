#include "app/verify/cross_audit.h"

#include <gtest/gtest.h>

#include "domain/message/testing/builders.h"
#include "domain/message/testing/memory_store.h"
#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::app {
namespace {

using message::Bound;
using message::CommitBatch;
using message::UserPlace;
using Problems = std::vector<std::string>;

constexpr ConversationId kGroup{10};
constexpr ConversationId kDirect{20};
constexpr UserId kAnna{1};
constexpr UserId kBert{2};
constexpr UserId kCleo{3};

// Anna's group with Bert, which Cleo has left, and a 1:1 of Anna and Bert; both stores agree until a test breaks something.
class CrossAuditTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(sql::migrate(database_.database(), SystemClock()));
    for (const char* row : {"1, 'anna'", "2, 'bert'", "3, 'cleo'"}) {
      damage("INSERT INTO users (user_id, username, password_hash, nickname, role, created_ms) VALUES (" +
             std::string(row) + ", '', '', 1, 1)");
    }
    damage(
        "INSERT INTO conversations (conversation_id, type, state, created_ms, owner_id, member_count)"
        " VALUES (10, 2, 1, 1, 1, 2), (20, 1, 1, 1, NULL, 0)");
    damage("INSERT INTO direct_pairs (low_user, high_user, conversation_id) VALUES (1, 2, 20)");
    damage(
        "INSERT INTO members (conversation_id, user_id, joined_ms, role, state)"
        " VALUES (10, 1, 1, 3, 1), (10, 2, 1, 1, 1), (10, 3, 1, 1, 2), (20, 1, 1, 1, 1), (20, 2, 1, 1, 1)");
    damage("INSERT INTO user_versions (user_id, version) VALUES (1, 3)");
    damage(
        "INSERT INTO user_events (user_id, version, kind, event_key, state)"
        " VALUES (1, 1, 'group', '10', ''), (1, 3, 'group', '11', '')");
    // Both lines have gone into the history.
    for (int line = 0; line < 2; ++line) add_line(kGroup);
    damage("DELETE FROM outbox");
    write_history();
    ASSERT_EQ(problems(), Problems{});
  }

  void write_history() {
    CommitBatch batch = message::testing::batch_of(kGroup, Seq(1), Seq(3), kAnna);
    for (std::size_t i = 0; i < 2; ++i) {
      batch.messages[i].message.sender = UserId();
      batch.messages[i].message.client_msg_id = "sys-" + std::to_string(i + 1);
    }
    batch.bounds = {
        {{kAnna, kGroup}, {Seq(1), Seq(0)}}, {{kBert, kGroup}, {Seq(1), Seq(0)}}, {{kCleo, kGroup}, {Seq(1), Seq(2)}}};
    ASSERT_TRUE(store_.commit(batch));
    ASSERT_TRUE(store_.commit(message::testing::batch_of(kDirect, Seq(1), Seq(1), kBert)));
    mark({kBert, kGroup});
  }

  void mark(const UserPlace& place) {
    ASSERT_TRUE(store_.save_cursors(std::vector{message::PlacedCursor{place, {Seq(1), Seq(1), message::CursorNo(1)}}}));
  }
  void damage(const std::string& statement) {
    const auto done = database_.database().write_now([&](sql::Transaction& transaction) -> Result<void> {
      HY_TRY(transaction.execute(statement));
      return {};
    });
    ASSERT_TRUE(done) << statement << ": " << done.error().detail;
  }
  // In the outbox.
  void add_line(ConversationId conversation) {
    ASSERT_TRUE(database_.database().write_now([conversation](sql::Transaction& transaction) {
      return transaction.insert_numbered("outbox", "outbox_id", {"conversation_id", "line", "created_ms"},
                                         sql::values(conversation, "", 1));
    }));
  }
  Problems problems() {
    Problems found;
    counts_ = CrossAudit({.messages = store_,
                          .inventory = store_.inventory(),
                          .conversations = conversation::SqlInventory(database_.database()),
                          .accounts = account::SqlInventory(database_.database())},
                         [&found](const std::string& problem) { found.push_back(problem); })
                  .run()
                  .value();
    EXPECT_EQ(counts_.problems, static_cast<std::int64_t>(found.size()));
    return found;
  }

  sql::testing::TemporaryDatabase database_;
  message::testing::MemoryStore store_;
  CrossAuditCounts counts_;
};

TEST_F(CrossAuditTest, StoresThatAgreeAreCounted) {
  EXPECT_EQ(counts_.users, 3);
  EXPECT_EQ(counts_.conversations, 2);
  EXPECT_EQ(counts_.members, 5);
  EXPECT_EQ(counts_.lines, 2);
}

TEST_F(CrossAuditTest, AHistoryOfNoConversationIsFound) {
  CommitBatch batch = message::testing::batch_of(ConversationId(30), Seq(1), Seq(1), kAnna);
  ASSERT_TRUE(store_.commit(batch));
  EXPECT_EQ(problems(), (Problems{"conversation 30: a history, but no conversation",
                                  "user 1 in conversation 30: messages, but no member"}));
}

TEST_F(CrossAuditTest, AGroupWithoutAHistoryIsFoundUnlessItsLinesWait) {
  damage(
      "INSERT INTO conversations (conversation_id, type, state, created_ms, owner_id, member_count)"
      " VALUES (11, 2, 1, 1, 1, 1)");
  damage("INSERT INTO members (conversation_id, user_id, joined_ms, role, state) VALUES (11, 1, 1, 3, 1)");
  EXPECT_EQ(problems(), (Problems{"conversation 11: a group without a history",
                                  "user 1 in conversation 11: a member without a bound"}));
  add_line(ConversationId(11));
  EXPECT_EQ(problems(), Problems{});
}

TEST_F(CrossAuditTest, AMemberWithoutAnAccountIsFound) {
  damage("INSERT INTO members (conversation_id, user_id, joined_ms) VALUES (20, 99, 1)");
  EXPECT_EQ(problems(), (Problems{"user 99 in conversation 20: a member without an account",
                                  "conversation 20: its members are not its two people"}));
}

TEST_F(CrossAuditTest, AMemberWithoutABoundIsFound) {
  damage(
      "INSERT INTO users (user_id, username, password_hash, nickname, role, created_ms)"
      " VALUES (4, 'dora', '', '', 1, 1)");
  damage("INSERT INTO members (conversation_id, user_id, joined_ms, role, state) VALUES (10, 4, 1, 1, 1)");
  damage("UPDATE conversations SET member_count = 3 WHERE conversation_id = 10");
  EXPECT_EQ(problems(), (Problems{"user 4 in conversation 10: a member without a bound"}));
}

TEST_F(CrossAuditTest, ABoundWithoutAMemberIsFound) {
  CommitBatch batch = message::testing::batch_of(kDirect, Seq(2), Seq(2), kBert);
  batch.bounds.push_back({{kCleo, kDirect}, Bound{Seq(1), Seq(0)}});
  ASSERT_TRUE(store_.commit(batch));
  EXPECT_EQ(problems(), (Problems{"user 3 in conversation 20: a bound, but no member"}));
}

TEST_F(CrossAuditTest, WhoHasLeftInOneStoreOnlyIsFound) {
  damage("UPDATE members SET state = 1 WHERE conversation_id = 10 AND user_id = 3");
  damage("UPDATE conversations SET member_count = 3 WHERE conversation_id = 10");
  EXPECT_EQ(problems(), (Problems{"user 3 in conversation 10: a member who has left"}));
  damage("UPDATE members SET state = 2 WHERE conversation_id = 10 AND user_id IN (2, 3)");
  damage("UPDATE conversations SET member_count = 1 WHERE conversation_id = 10");
  EXPECT_EQ(problems(), (Problems{"user 2 in conversation 10: left, but not in the history"}));
}

TEST_F(CrossAuditTest, AWrongCountOrOwnerIsFound) {
  damage("UPDATE conversations SET member_count = 5 WHERE conversation_id = 10");
  EXPECT_EQ(problems(), (Problems{"conversation 10: it counts 5 members, but has 2"}));
  damage("UPDATE conversations SET member_count = 2, owner_id = 2 WHERE conversation_id = 10");
  EXPECT_EQ(problems(), (Problems{"conversation 10: owned by somebody else than its owner"}));
  damage("UPDATE members SET role = 3 WHERE conversation_id = 10 AND user_id = 2");
  EXPECT_EQ(problems(), (Problems{"conversation 10: not exactly one owner"}));
}

TEST_F(CrossAuditTest, AConversationOfTwoThatMissesOneIsFound) {
  damage("DELETE FROM members WHERE conversation_id = 20 AND user_id = 1");
  EXPECT_EQ(problems(), (Problems{"conversation 20: its members are not its two people"}));
}

TEST_F(CrossAuditTest, MessagesAndCursorsOfStrangersAreFound) {
  CommitBatch batch = message::testing::batch_of(kDirect, Seq(2), Seq(2), kCleo);
  ASSERT_TRUE(store_.commit(batch));
  mark({kCleo, kDirect});
  EXPECT_EQ(problems(), (Problems{"user 3 in conversation 20: messages, but no member",
                                  "user 3 in conversation 20: a cursor, but no member"}));
}

TEST_F(CrossAuditTest, ALineThatIsLostIsFound) {
  add_line(ConversationId(10));
  EXPECT_EQ(problems(), Problems{});
  damage("DELETE FROM outbox");
  EXPECT_EQ(problems(), (Problems{"line 3: neither in a history nor waiting"}));
}

TEST_F(CrossAuditTest, ALineThatNobodyWroteIsFound) {
  CommitBatch batch = message::testing::batch_of(kGroup, Seq(4), Seq(4), UserId());
  batch.messages[0].message.client_msg_id = "sys-3";
  ASSERT_TRUE(store_.commit(batch));
  EXPECT_EQ(problems(), (Problems{"line 3: in a history, but never written"}));
}

TEST_F(CrossAuditTest, AGapInAUsersChangesIsFound) {
  damage("UPDATE user_versions SET version = 4");
  EXPECT_EQ(problems(), (Problems{"user 1: the newest change is 3, the counter 4"}));
  damage("UPDATE user_versions SET version = 3");
  damage("UPDATE user_events SET version = 3");
  EXPECT_EQ(problems(), (Problems{"user 1: two changes of one version"}));
  damage("UPDATE user_versions SET user_id = 77");
  damage("DELETE FROM user_events");
  EXPECT_EQ(problems(),
            (Problems{"user 77: changes, but no account", "user 77: the newest change is 0, the counter 3"}));
}

}  // namespace
}  // namespace hongyan::app
