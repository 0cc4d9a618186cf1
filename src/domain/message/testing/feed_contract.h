// What every implementation of the feed must do. Include it in a test and instantiate it with a fixture of the storage
// contract that also has feed().
#pragma once

#include <gtest/gtest.h>

#include "domain/message/feed/feed.h"
#include "domain/message/testing/builders.h"

namespace hongyan::message::testing {

template <class Fixture>
class FeedContract : public ::testing::Test {
 protected:
  static constexpr ConversationId kRoom{100};
  static constexpr UserId kAnna{7};
  static constexpr std::int64_t kAll = 1'000'000;

  Feed& feed() { return fixture_.feed(); }

  // Commits messages from..to of the room.
  void commit(std::int64_t from, std::int64_t to) {
    ASSERT_TRUE(fixture_.store().commit(batch_of(kRoom, Seq(from), Seq(to), kAnna)));
  }
  std::vector<std::int64_t> offsets(std::string_view name, std::size_t limit = 1000) {
    std::vector<std::int64_t> found;
    for (const FeedEntry& entry : feed().read(name, limit).value().entries) found.push_back(entry.offset.value);
    return found;
  }
  std::optional<std::int64_t> lost_before(std::string_view name) {
    const auto lost = feed().read(name, 1).value().lost_before;
    return lost ? std::optional(lost->value) : std::nullopt;
  }
  static FeedLimits at_most(std::int64_t entries) { return {TimeMs(0), entries * kFeedEntryBytes}; }
  static FeedLimits since(std::int64_t seq) { return {message_at(kRoom, Seq(seq), kAnna, {}).message.time, 1 << 30}; }

  Fixture fixture_;
};

TYPED_TEST_SUITE_P(FeedContract);

TYPED_TEST_P(FeedContract, AnEmptyFeedHasNothing) {
  const auto page = this->feed().read("search", 10).value();
  EXPECT_TRUE(page.entries.empty());
  EXPECT_EQ(page.lost_before, std::nullopt);
  EXPECT_EQ(this->feed().span().value(), (FeedSpan{FeedOffset(1), FeedOffset(0)}));
  EXPECT_EQ(this->feed().trim(this->at_most(1), this->kAll).value(), 0);
}

TYPED_TEST_P(FeedContract, MessagesAndChangesComeInTheOrderOfTheirCommits) {
  this->commit(1, 2);
  CommitBatch batch = batch_of(this->kRoom, Seq(3), Seq(3), this->kAnna);
  Change change{.conversation = this->kRoom,
                .number = ChangeNo(1),
                .seq = Seq(2),
                .kind = ChangeKind::edit,
                .by = this->kAnna,
                .emoji = {},
                .added = false,
                .time = TimeMs(5)};
  batch.changes.push_back(change);
  batch.changed.push_back(message_at(this->kRoom, Seq(2), this->kAnna, Ordinal(2), "new").message);
  batch.changed.back().change = ChangeNo(1);
  batch.heads.front().second.change = ChangeNo(1);
  ASSERT_TRUE(this->fixture_.store().commit(batch));
  const auto entries = this->feed().read("search", 10).value().entries;
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(entries[0], (FeedEntry{FeedOffset(1), this->kRoom, Seq(1), ChangeNo(0), FeedKind::message,
                                   message_at(this->kRoom, Seq(1), this->kAnna, {}).message.time}));
  EXPECT_EQ(entries[2].seq, Seq(3));
  EXPECT_EQ(entries[3], (FeedEntry{FeedOffset(4), this->kRoom, Seq(2), ChangeNo(1), FeedKind::edit, TimeMs(5)}));
}

TYPED_TEST_P(FeedContract, AReaderIsGivenTheSameUntilItAcknowledges) {
  this->commit(1, 5);
  EXPECT_EQ(this->offsets("search", 2), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(this->offsets("search", 3), (std::vector<std::int64_t>{1, 2, 3}));
  ASSERT_TRUE(this->feed().ack("search", FeedOffset(2)));
  EXPECT_EQ(this->offsets("search"), (std::vector<std::int64_t>{3, 4, 5}));
  // A lower one moves nothing back.
  ASSERT_TRUE(this->feed().ack("search", FeedOffset(1)));
  EXPECT_EQ(this->offsets("search", 1), (std::vector<std::int64_t>{3}));
}

TYPED_TEST_P(FeedContract, ReadersDoNotDisturbEachOther) {
  this->commit(1, 3);
  ASSERT_TRUE(this->feed().ack("search", FeedOffset(3)));
  EXPECT_TRUE(this->offsets("search").empty());
  EXPECT_EQ(this->offsets("push"), (std::vector<std::int64_t>{1, 2, 3}));
}

TYPED_TEST_P(FeedContract, BadNamesAndOffsetsAreRefused) {
  this->commit(1, 1);
  for (const char* name : {"", "Search", "a b", "a:b"}) {
    EXPECT_EQ(this->feed().read(name, 1).error().field, "name") << name;
    EXPECT_EQ(this->feed().ack(name, FeedOffset(1)).error().field, "name") << name;
  }
  EXPECT_EQ(this->feed().read(std::string(65, 'a'), 1).error().field, "name");
  EXPECT_EQ(this->feed().ack("search", FeedOffset(2)).error().field, "offset");
}

TYPED_TEST_P(FeedContract, CursorsAndNumbersOutliveARestartAndAReopening) {
  this->commit(1, 3);
  ASSERT_TRUE(this->feed().ack("search", FeedOffset(2)));
  this->fixture_.restart();
  this->commit(4, 4);
  ASSERT_TRUE(this->fixture_.store().reopen());
  this->commit(5, 5);
  EXPECT_EQ(this->offsets("search"), (std::vector<std::int64_t>{3, 4, 5}));
}

TYPED_TEST_P(FeedContract, WhatIsBeyondTheSizeGoesWhateverTheCursors) {
  this->commit(1, 10);
  ASSERT_TRUE(this->feed().ack("quick", FeedOffset(9)));
  EXPECT_EQ(this->feed().trim(this->at_most(4), this->kAll).value(), 6);
  EXPECT_EQ(this->feed().span().value(), (FeedSpan{FeedOffset(7), FeedOffset(10)}));
  EXPECT_EQ(this->lost_before("slow"), 7);
  EXPECT_EQ(this->offsets("slow"), (std::vector<std::int64_t>{7, 8, 9, 10}));
  EXPECT_EQ(this->lost_before("quick"), std::nullopt);
  EXPECT_EQ(this->offsets("quick"), (std::vector<std::int64_t>{10}));
  // Once it has made good what is lost, a reader goes on.
  ASSERT_TRUE(this->feed().ack("slow", FeedOffset(6)));
  EXPECT_EQ(this->lost_before("slow"), std::nullopt);
}

TYPED_TEST_P(FeedContract, WhatIsOldGoesAndTheNewestStays) {
  this->commit(1, 5);
  EXPECT_EQ(this->feed().trim(this->since(3), this->kAll).value(), 2);
  EXPECT_EQ(this->offsets("search"), (std::vector<std::int64_t>{3, 4, 5}));
  EXPECT_EQ(this->feed().trim(this->since(100), this->kAll).value(), 2);
  EXPECT_EQ(this->offsets("search"), (std::vector<std::int64_t>{5}));
  this->fixture_.restart();
  this->commit(6, 6);
  EXPECT_EQ(this->offsets("search"), (std::vector<std::int64_t>{5, 6}));
  EXPECT_EQ(this->lost_before("search"), 5);
}

TYPED_TEST_P(FeedContract, ARoundOfTrimmingIsBounded) {
  this->commit(1, 10);
  EXPECT_EQ(this->feed().trim(this->at_most(1), 3).value(), 3);
  EXPECT_EQ(this->feed().trim(this->since(100), 3).value(), 3);
  EXPECT_EQ(this->feed().span().value(), (FeedSpan{FeedOffset(7), FeedOffset(10)}));
}

REGISTER_TYPED_TEST_SUITE_P(FeedContract, AnEmptyFeedHasNothing, MessagesAndChangesComeInTheOrderOfTheirCommits,
                            AReaderIsGivenTheSameUntilItAcknowledges, ReadersDoNotDisturbEachOther,
                            BadNamesAndOffsetsAreRefused, CursorsAndNumbersOutliveARestartAndAReopening,
                            WhatIsBeyondTheSizeGoesWhateverTheCursors, WhatIsOldGoesAndTheNewestStays,
                            ARoundOfTrimmingIsBounded);

}  // namespace hongyan::message::testing
