#include "domain/message/audit/index_audit.h"

#include <gtest/gtest.h>

#include "base/testing/temporary_folder.h"
#include "domain/message/families.h"
#include "domain/message/records.h"
#include "domain/message/rocks_store.h"
#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"

namespace hongyan::message {
namespace {

using testing::kAnna;
using testing::kBert;
using testing::kRoom;

// A whole store in RocksDB, of which a test then breaks one row behind its back.
class IndexAuditTest : public ::testing::Test {
 protected:
  void SetUp() override {
    CommitBatch batch = testing::batch_of(kRoom, Seq(1), Seq(5), kAnna);
    batch.messages[0].message.join = {kAnna, kBert};
    batch.messages[2].message.mentions.emplace().add_user_ids(kBert.value);
    batch.mentions.push_back({{kBert, kRoom}, Seq(3)});
    for (const UserId user : {kAnna, kBert}) batch.bounds.emplace_back(UserPlace{user, kRoom}, Bound{Seq(1), Seq(0)});
    open();
    ASSERT_TRUE(store_->commit(batch));
    ASSERT_TRUE(store_->hide({{kBert, kRoom}, Seq(2)}));
    ASSERT_TRUE(store_->save_cursors(std::vector{PlacedCursor{{kBert, kRoom}, {Seq(3), Seq(4), CursorNo(2)}}}));
    ASSERT_EQ(problems(), std::vector<std::string>{});
  }

  void open() { store_ = RocksStore::open({.folder = folder_.path(), .epoch_when_new = "e"}, metrics_).value(); }

  // Writes past the store, as damage would, and looks for what is wrong then.
  std::vector<std::string> after_put(kv::Family family, const std::string& key, const std::string& value) {
    kv::WriteBatch damage;
    damage.put(family, key, value);
    return after(std::move(damage));
  }
  std::vector<std::string> after_erase(kv::Family family, const std::string& key) {
    kv::WriteBatch damage;
    damage.erase(family, key);
    return after(std::move(damage));
  }
  std::vector<std::string> after(kv::WriteBatch damage) {
    store_.reset();
    kv::LoggedOptions options;
    options.rocks.folder = folder_.path();
    options.rocks.families = RocksStore::families();
    options.rocks.format = RocksStore::kFormat;
    EXPECT_TRUE(kv::LoggedDatabase::open(options, metrics_).value()->commit(std::move(damage)));
    open();
    return problems();
  }

  std::vector<std::string> problems() {
    std::vector<std::string> found;
    const auto note = [&found](const std::string& problem) { found.push_back(problem); };
    const auto counts = Audit(*store_, store_->inventory(), note).run().value();
    found.clear();
    EXPECT_EQ(IndexAudit(*store_, store_->inventory(), counts, note).run().value(),
              static_cast<std::int64_t>(found.size()));
    return found;
  }

  TemporaryFolder folder_;
  metrics::Metrics metrics_;
  std::unique_ptr<RocksStore> store_;
};

using Problems = std::vector<std::string>;

TEST_F(IndexAuditTest, AKeyOfNoMessageIsFound) {
  const KeyEntry entry{kRoom, {MessageId(1), Seq(9), TimeMs(1)}, {}};
  EXPECT_EQ(after_put(family::kKeys, key_key({kAnna, "gone"}), encode(entry)),
            (Problems{"key gone of user 7: leads to no message"}));
}

TEST_F(IndexAuditTest, AKeyOfAnotherMessageIsFound) {
  const KeyEntry entry{kRoom, {MessageId(1), Seq(2), TimeMs(1)}, {}};
  EXPECT_EQ(after_put(family::kKeys, key_key({kAnna, "other"}), encode(entry)),
            (Problems{"key other of user 7: leads to another message"}));
}

TEST_F(IndexAuditTest, AMissingOwnRowIsFound) {
  EXPECT_EQ(after_erase(family::kOwn, own_key(kRoom, kAnna, Seq(4))),
            (Problems{"own index: 4 rows, but the messages make 5"}));
}

TEST_F(IndexAuditTest, AWrongOwnRowIsFound) {
  EXPECT_EQ(after_put(family::kOwn, own_key(kRoom, kAnna, Seq(4)), encode_own(Ordinal(9))),
            (Problems{"conversation 100: message 4: its place in its sender's own index is another one"}));
}

TEST_F(IndexAuditTest, AMissingMentionIsFound) {
  EXPECT_EQ(after_erase(family::kMentions, user_seq_key({{kBert, kRoom}, Seq(3)})),
            (Problems{"mentions: 0 rows, but the messages make 1"}));
}

TEST_F(IndexAuditTest, AMentionThatNobodyMadeIsFound) {
  const auto found = after_put(family::kMentions, user_seq_key({{kAnna, kRoom}, Seq(3)}), encode_presence());
  EXPECT_EQ(found, (Problems{"mention of user 7, conversation 100, message 3: the message does not name them",
                             "mentions: 2 rows, but the messages make 1"}));
}

TEST_F(IndexAuditTest, AHiddenMessageThatIsNotThereIsFound) {
  EXPECT_EQ(after_put(family::kHidden, user_seq_key({{kAnna, kRoom}, Seq(9)}), encode_presence()),
            (Problems{"hidden: user 7, conversation 100, message 9: there is no such message"}));
}

TEST_F(IndexAuditTest, ABoundThatNoLineGaveIsFound) {
  EXPECT_EQ(after_put(family::kBounds, bound_key({UserId(9), kRoom}), encode(Bound{Seq(1), Seq(0)})),
            (Problems{"bounds: 3 rows, but the messages make 2"}));
}

TEST_F(IndexAuditTest, ACursorAboveTheHeadIsFound) {
  EXPECT_EQ(after_put(family::kCursors, cursor_key({kBert, kRoom}), encode(Cursor{Seq(6), Seq(6), CursorNo(2)})),
            (Problems{"cursor of user 8 in conversation 100: above the head"}));
}

TEST_F(IndexAuditTest, WhatIsReadButNotDeliveredIsFound) {
  EXPECT_EQ(after_put(family::kCursors, cursor_key({kBert, kRoom}), encode(Cursor{Seq(3), Seq(2), CursorNo(2)})),
            (Problems{"cursor of user 8 in conversation 100: read, but not delivered"}));
}

TEST_F(IndexAuditTest, AWrongOrMissingNumberOfMarksIsFound) {
  EXPECT_EQ(after_put(family::kCursors, cursor_number_key(kBert), encode(Cursor{Seq(0), Seq(0), CursorNo(3)})),
            (Problems{"user 8: the newest number of marks is 3, that of the marks 2"}));
  EXPECT_EQ(after_erase(family::kCursors, cursor_number_key(kBert)),
            (Problems{"user 8: marks up to number 2, but no newest number"}));
}

TEST_F(IndexAuditTest, MoreThanAPageIsLookedThrough) {
  for (std::int64_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(store_->commit(testing::batch_of(ConversationId(200), Seq(i * 900 + 1), Seq((i + 1) * 900), kAnna)));
  }
  EXPECT_EQ(problems(), Problems{});
  EXPECT_EQ(after_erase(family::kOwn, own_key(ConversationId(200), kAnna, Seq(2700))),
            (Problems{"own index: 2704 rows, but the messages make 2705"}));
}

}  // namespace
}  // namespace hongyan::message
