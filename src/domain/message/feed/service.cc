#include "domain/message/feed/service.h"

#include <algorithm>

namespace hongyan::message {

async::Task<Result<FeedPage>> FeedService::read(std::string name, std::size_t limit, async::Deadline deadline) {
  return pool_.run(
      deadline, [&feed = feed_, name = std::move(name), limit] { return feed.read(name, std::min(limit, kMaxPage)); });
}

async::Task<Result<void>> FeedService::ack(std::string name, FeedOffset offset, async::Deadline deadline) {
  return pool_.run(deadline, [this, name = std::move(name), offset] {
    auto done = feed_.ack(name, offset);
    // What the reader asked for wrongly is no failure of the store.
    if (!done && done.error().code != ErrorCode::invalid_argument) on_failure_(done.error());
    return done;
  });
}

}  // namespace hongyan::message
