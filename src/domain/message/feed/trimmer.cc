#include "domain/message/feed/trimmer.h"

#include <boost/asio/post.hpp>

#include "infra/log/log.h"

namespace hongyan::message {

FeedTrimmer::FeedTrimmer(Feed& feed, async::BlockingPool& pool, const Clock& clock,
                         boost::asio::any_io_executor executor, const FeedTrimmerOptions& options,
                         std::function<void(Error)> on_failure)
    : feed_(feed),
      pool_(pool),
      clock_(clock),
      executor_(std::move(executor)),
      options_(options),
      on_failure_(std::move(on_failure)),
      timer_(executor_) {}

void FeedTrimmer::start() {
  boost::asio::post(executor_, [this] { schedule(options_.every); });
}

void FeedTrimmer::stop() noexcept {
  boost::asio::post(executor_, [this] {
    stopping_ = true;
    timer_.cancel();
  });
  (void)scope_.close(options_.patience);
}

void FeedTrimmer::schedule(std::chrono::milliseconds after) {
  if (stopping_) return;
  timer_.expires_after(after);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) (void)scope_.spawn(executor_, round());
  });
}

async::Task<void> FeedTrimmer::round() {
  const FeedLimits limits{TimeMs(clock_.now().value - options_.max_age.count()), options_.max_bytes};
  const auto gone = co_await pool_.run(async::deadline_in(options_.patience), [this, limits] {
    auto done = feed_.trim(limits, options_.round);
    if (!done) on_failure_(done.error());
    return done;
  });
  if (!gone) log::warn("feed_not_trimmed", {{"detail", gone.error().detail}});
  // A full round leaves more behind: the next one follows at once.
  schedule(gone && *gone == options_.round ? std::chrono::milliseconds(0) : options_.every);
}

}  // namespace hongyan::message
