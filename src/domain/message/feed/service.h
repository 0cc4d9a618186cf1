// The feed for coroutines.
#pragma once

#include <functional>
#include <string>

#include "domain/message/feed/feed.h"
#include "infra/async/blocking_pool.h"
#include "infra/async/task.h"

namespace hongyan::message {

// Runs the calls of the feed on the pool `store`. Owned by the message module. Thread-safe. Errors as in Feed, and timeout.
class FeedService {
 public:
  // Most entries of a page.
  static constexpr std::size_t kMaxPage = 1000;

  // `on_failure` hears of a failed write, from the pool.
  FeedService(Feed& feed, async::BlockingPool& pool, std::function<void(Error)> on_failure)
      : feed_(feed), pool_(pool), on_failure_(std::move(on_failure)) {}

  async::Task<Result<FeedPage>> read(std::string name, std::size_t limit, async::Deadline deadline);
  async::Task<Result<void>> ack(std::string name, FeedOffset offset, async::Deadline deadline);

 private:
  Feed& feed_;
  async::BlockingPool& pool_;
  const std::function<void(Error)> on_failure_;
};

}  // namespace hongyan::message
