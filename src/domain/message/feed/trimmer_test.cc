#include "domain/message/feed/trimmer.h"

#include <gtest/gtest.h>

#include <future>

#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"
#include "domain/message/testing/memory_store.h"
#include "infra/async/io_threads.h"

namespace hongyan::message {
namespace {

using testing::kAnna;
using testing::kRoom;

// Tells of every round, and fails when it is told to.
class WatchedFeed final : public Feed {
 public:
  explicit WatchedFeed(Feed& feed) : feed_(feed) {}

  Result<FeedPage> read(std::string_view name, std::size_t limit) override { return feed_.read(name, limit); }
  Result<void> ack(std::string_view name, FeedOffset offset) override { return feed_.ack(name, offset); }
  Result<FeedSpan> span() override { return feed_.span(); }
  Result<std::vector<FeedEntry>> entries(FeedOffset from, std::size_t limit) override {
    return feed_.entries(from, limit);
  }
  Result<std::int64_t> trim(const FeedLimits& limits, std::int64_t most) override {
    auto gone = fails ? Result<std::int64_t>(fail(ErrorCode::internal, "injected")) : feed_.trim(limits, most);
    if (gone && *gone == 0 && !settled_) {
      settled_ = true;
      settled.set_value();
    }
    return gone;
  }

  std::atomic<bool> fails = false;
  // The first round that had nothing to do.
  std::promise<void> settled;

 private:
  Feed& feed_;
  bool settled_ = false;
};

class FeedTrimmerTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(store_.commit(testing::batch_of(kRoom, Seq(1), Seq(100), kAnna))); }
  void TearDown() override {
    if (trimmer_) trimmer_->stop();
    pool_.stop();
  }

  void start(std::int64_t max_entries) {
    trimmer_ = std::make_unique<FeedTrimmer>(feed_, pool_, clock_, io_.context(0).get_executor(),
                                             FeedTrimmerOptions{.max_age = std::chrono::hours(24),
                                                                .max_bytes = max_entries * kFeedEntryBytes,
                                                                .every = std::chrono::milliseconds(1),
                                                                .round = 7},
                                             [this](const Error& error) {
                                               if (!told_.exchange(true)) failure_.set_value(error.code);
                                             });
    trimmer_->start();
  }
  FeedSpan settled() {
    feed_.settled.get_future().get();
    return store_.feed().span().value();
  }

  ManualClock clock_;
  testing::MemoryStore store_;
  WatchedFeed feed_{store_.feed()};
  std::atomic<bool> told_ = false;
  std::promise<ErrorCode> failure_;
  async::BlockingPool pool_{"store", 1, 100};
  async::IoThreads io_{1};
  std::unique_ptr<FeedTrimmer> trimmer_;
};

TEST_F(FeedTrimmerTest, WhatIsTooMuchGoesRoundByRound) {
  start(40);
  EXPECT_EQ(settled(), (FeedSpan{FeedOffset(61), FeedOffset(100)}));
}

TEST_F(FeedTrimmerTest, WhatIsTooOldGoes) {
  clock_.set(TimeMs(testing::message_at(kRoom, Seq(31), kAnna, {}).message.time.value));
  clock_.advance(std::chrono::hours(24));
  start(1000);
  EXPECT_EQ(settled(), (FeedSpan{FeedOffset(31), FeedOffset(100)}));
}

TEST_F(FeedTrimmerTest, AFailureIsToldAndTheNextRoundTriesAgain) {
  feed_.fails = true;
  start(40);
  EXPECT_EQ(failure_.get_future().get(), ErrorCode::internal);
  feed_.fails = false;
  EXPECT_EQ(settled().first, FeedOffset(61));
}

}  // namespace
}  // namespace hongyan::message
