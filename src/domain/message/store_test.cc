// The storage contract on both implementations.
#include <gtest/gtest.h>

#include "base/testing/temporary_folder.h"
#include "domain/message/rocks_store.h"
#include "domain/message/testing/feed_contract.h"
#include "domain/message/testing/memory_store.h"
#include "domain/message/testing/store_contract.h"

namespace hongyan::message::testing {
namespace {

class MemoryFixture {
 public:
  MemoryStore& store() { return store_; }
  Feed& feed() { return store_.feed(); }
  // Memory has nothing to be closed.
  void restart() {}

 private:
  MemoryStore store_;
};

// Everything in the log, or everything moved at once because each commit fills a segment.
template <std::size_t SegmentBytes>
class RocksFixture {
 public:
  RocksFixture() { restart(); }
  RocksStore& store() { return *store_; }
  Feed& feed() { return store_->feed(); }
  void restart() {
    store_.reset();
    // The epoch of the first opening stays.
    const RocksStoreOptions options{.folder = folder_.path() / "messages",
                                    .segment_bytes = SegmentBytes,
                                    .epoch_when_new = std::to_string(++openings_)};
    store_ = RocksStore::open(options, metrics_).value();
  }

 private:
  TemporaryFolder folder_;
  metrics::Metrics metrics_;
  int openings_ = 0;
  std::unique_ptr<RocksStore> store_;
};

using Implementations = ::testing::Types<MemoryFixture, RocksFixture<1 << 20>, RocksFixture<1>>;
INSTANTIATE_TYPED_TEST_SUITE_P(OfEvery, StoreContract, Implementations);
INSTANTIATE_TYPED_TEST_SUITE_P(OfEvery, FeedContract, Implementations);

}  // namespace
}  // namespace hongyan::message::testing
