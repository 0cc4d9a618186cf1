// Keeps the feed within its age and size.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>

#include "base/clock.h"
#include "domain/message/feed/feed.h"
#include "infra/async/blocking_pool.h"
#include "infra/async/periodic.h"

namespace hongyan::message {

struct FeedTrimmerOptions {
  std::chrono::milliseconds max_age{std::chrono::hours(7 * 24)};
  std::int64_t max_bytes = std::int64_t{2} << 30;
  // How often is looked for what is beyond them.
  std::chrono::milliseconds every{60'000};
  // Entries that go at a time.
  std::int64_t round = 100'000;
  // Of one round, and of the end.
  std::chrono::milliseconds patience{10'000};
};

// Trims on the pool `store`, now and then; `executor` runs one handler at a time. Thread-safe. Owned by the message module.
class FeedTrimmer {
 public:
  // All must outlive it. `on_failure` hears of a failed round, from the pool.
  FeedTrimmer(Feed& feed, async::BlockingPool& pool, const Clock& clock, boost::asio::any_io_executor executor,
              const FeedTrimmerOptions& options, std::function<void(Error)> on_failure);

  void start();
  // Begins nothing more and waits for the round under way. Blocks. A repeat does nothing.
  void stop() noexcept;

 private:
  // Resolves with the pause until the next one.
  async::Task<std::chrono::milliseconds> round();

  Feed& feed_;
  async::BlockingPool& pool_;
  const Clock& clock_;
  const FeedTrimmerOptions options_;
  const std::function<void(Error)> on_failure_;
  async::Periodic rounds_;
};

}  // namespace hongyan::message
