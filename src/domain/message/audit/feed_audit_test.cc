#include "domain/message/audit/feed_audit.h"

#include <gtest/gtest.h>

#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"
#include "domain/message/testing/memory_store.h"

namespace hongyan::message {
namespace {

using testing::kAnna;
using testing::kOther;
using testing::kRoom;

using Problems = std::vector<std::string>;

class FeedAuditTest : public ::testing::Test {
 protected:
  // Offsets 1 to 4 are messages and 5 and 6 changes of the room, 7 a message of the other one.
  void SetUp() override {
    CommitBatch batch = testing::batch_of(kRoom, Seq(1), Seq(4), kAnna);
    for (const std::int64_t number : {1, 2}) {
      batch.changes.push_back({.conversation = kRoom,
                               .number = ChangeNo(number),
                               .seq = Seq(number),
                               .kind = ChangeKind::edit,
                               .by = kAnna,
                               .emoji = {},
                               .added = false,
                               .time = TimeMs(5)});
    }
    batch.heads.front().second.change = ChangeNo(2);
    ASSERT_TRUE(store_.commit(batch));
    ASSERT_TRUE(store_.commit(testing::batch_of(kOther, Seq(1), Seq(1), kAnna)));
    ASSERT_EQ(problems(), Problems{});
  }

  Problems problems() {
    Problems found;
    counts_ = FeedAudit(store_, store_.inventory(), store_.feed(),
                        [&found](const std::string& problem) { found.push_back(problem); })
                  .run()
                  .value();
    EXPECT_EQ(counts_.problems, static_cast<std::int64_t>(found.size()));
    return found;
  }
  FeedEntry& entry(std::size_t offset) { return store_.feed().raw().at(offset - 1); }

  testing::MemoryStore store_;
  FeedAuditCounts counts_;
};

TEST_F(FeedAuditTest, AWholeFeedHasNoProblem) { EXPECT_EQ(counts_.entries, 7); }

TEST_F(FeedAuditTest, ATrimmedFeedHasNone) {
  for (const std::int64_t entries : {5, 2, 1}) {
    ASSERT_TRUE(store_.feed().trim({TimeMs(0), entries * kFeedEntryBytes}, 100));
    EXPECT_EQ(problems(), Problems{}) << entries;
    EXPECT_EQ(counts_.entries, entries);
  }
}

TEST_F(FeedAuditTest, AHoleIsFound) {
  store_.feed().raw().erase(store_.feed().raw().begin() + 1);
  EXPECT_EQ(problems(), (Problems{"feed: a hole below 3", "feed 3: message 3 of conversation 100 does not follow 1"}));
}

TEST_F(FeedAuditTest, AMissingBeginningIsFound) {
  store_.feed().raw().pop_front();
  EXPECT_EQ(problems(), (Problems{"feed: a hole at 1", "feed 2: message 2 of conversation 100 does not follow 0"}));
}

TEST_F(FeedAuditTest, AMissingEndIsFound) {
  store_.feed().raw().pop_back();
  EXPECT_EQ(problems(), (Problems{"feed: it ends at message 0, change 0 of conversation 101, the history at 1, 0"}));
}

TEST_F(FeedAuditTest, AWrongOrderIsFound) {
  std::swap(entry(2).seq, entry(3).seq);
  std::swap(entry(2).time, entry(3).time);
  const auto found = problems();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front(), "feed 2: message 3 of conversation 100 does not follow 1");
}

TEST_F(FeedAuditTest, APointerToNothingIsFound) {
  entry(7).conversation = ConversationId(102);
  EXPECT_EQ(problems(), (Problems{"feed 7: not a message that is stored",
                                  "feed: it ends at message 0, change 0 of conversation 101, the history at 1, 0",
                                  "feed: conversation 102 has no history"}));
}

TEST_F(FeedAuditTest, AChangeOfAnotherKindOrMessageIsFound) {
  entry(5).kind = FeedKind::recall;
  entry(6).seq = Seq(4);
  EXPECT_EQ(problems(), (Problems{"feed 5: not a change that is stored", "feed 6: not a change that is stored"}));
}

}  // namespace
}  // namespace hongyan::message
