// A reader of the feed as search will be one: it keeps a copy of the store, over crashes and over being left behind.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/testing/temporary_folder.h"
#include "domain/message/rocks_store.h"
#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"

namespace hongyan::message {
namespace {

using testing::kAnna;

constexpr std::uint64_t kRooms = 3;

// The newest message of each conversation that the copy has. It dies with the process; what it has is durable only as far as
// it was acknowledged.
using Copy = std::map<ConversationId, Seq>;

class FeedConsumerTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    store_.reset();
    store_ = RocksStore::open({.folder = folder_.path(), .epoch_when_new = "e"}, metrics_).value();
  }

  void commit(ConversationId room, std::int64_t count) {
    Seq& head = heads_[room];
    const auto batch = testing::batch_of(room, Seq(head.value + 1), Seq(head.value + count), kAnna);
    head = batch.messages.back().message.seq;
    ASSERT_TRUE(store_->commit(batch));
  }

  // One step: reads, takes in, acknowledges. False when there was nothing.
  bool step(std::size_t limit, bool crash_before_ack = false) {
    const auto page = store_->feed().read("copy", limit).value();
    if (page.lost_before) rebuild(*page.lost_before);
    for (const FeedEntry& entry : page.entries) {
      Seq& known = copy_[entry.conversation];
      // What comes again, or was found by the rebuilding, is known; nothing is ever left out.
      EXPECT_LE(entry.seq.value, known.value + 1);
      known = std::max(known, entry.seq);
    }
    if (page.entries.empty()) return false;
    if (crash_before_ack) {
      copy_ = durable_;
      open();
      return true;
    }
    durable_ = copy_;
    EXPECT_TRUE(store_->feed().ack("copy", page.entries.back().offset));
    return true;
  }

  // Makes good from the store what the feed no longer tells, and goes on with what it still does.
  void rebuild(FeedOffset lost_before) {
    ++rebuilds_;
    const auto rooms = store_->inventory().conversations({}, 100).value();
    const auto heads = store_->heads(rooms).value();
    for (std::size_t i = 0; i < rooms.size(); ++i) copy_[rooms[i]] = heads[i].seq;
    durable_ = copy_;
    EXPECT_TRUE(store_->feed().ack("copy", FeedOffset(lost_before.value - 1)));
  }

  TemporaryFolder folder_;
  metrics::Metrics metrics_;
  std::unique_ptr<RocksStore> store_;
  Copy heads_;
  Copy copy_;
  Copy durable_;
  int rebuilds_ = 0;
};

TEST_F(FeedConsumerTest, ACopyFollowsOverCrashes) {
  for (std::int64_t round = 0; round < 20; ++round) {
    commit(ConversationId(100 + static_cast<std::uint64_t>(round) % kRooms), round % 4 + 1);
    step(3, round % 3 == 0);
  }
  while (step(3)) {
  }
  EXPECT_EQ(copy_, heads_);
  EXPECT_EQ(rebuilds_, 0);
}

TEST_F(FeedConsumerTest, ACopyThatWasLeftBehindIsMadeGoodAndGoesOn) {
  commit(ConversationId(100), 10);
  ASSERT_TRUE(step(4));
  commit(ConversationId(101), 10);
  // All but five entries go, read or not.
  ASSERT_EQ(store_->feed().trim({TimeMs(0), 5 * kFeedEntryBytes}, 1000).value(), 15);
  open();
  commit(ConversationId(102), 3);
  while (step(2)) {
  }
  EXPECT_EQ(rebuilds_, 1);
  EXPECT_EQ(copy_, heads_);
}

TEST_F(FeedConsumerTest, AnySchedule) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 60; ++round) {
    const auto dice = random() % 10;
    if (dice < 5) {
      commit(ConversationId(100 + random() % kRooms), static_cast<std::int64_t>(random() % 5) + 1);
    } else if (dice < 8) {
      step(random() % 6 + 1, random() % 3 == 0);
    } else if (dice == 8) {
      ASSERT_TRUE(store_->feed().trim({TimeMs(0), static_cast<std::int64_t>(random() % 20) * kFeedEntryBytes}, 1000));
    } else {
      ASSERT_TRUE(store_->reopen());
    }
  }
  while (step(7)) {
  }
  EXPECT_EQ(copy_, heads_);
}

}  // namespace
}  // namespace hongyan::message
