#include "domain/message/feed/trimmer.h"

#include "infra/log/log.h"

namespace hongyan::message {

FeedTrimmer::FeedTrimmer(Feed& feed, async::BlockingPool& pool, const Clock& clock,
                         boost::asio::any_io_executor executor, const FeedTrimmerOptions& options,
                         std::function<void(Error)> on_failure)
    : feed_(feed),
      pool_(pool),
      clock_(clock),
      options_(options),
      on_failure_(std::move(on_failure)),
      rounds_(std::move(executor), [this] { return round(); }) {}

void FeedTrimmer::start() { rounds_.start(options_.every); }

void FeedTrimmer::stop() noexcept { rounds_.stop(options_.patience); }

async::Task<std::chrono::milliseconds> FeedTrimmer::round() {
  const FeedLimits limits{TimeMs(clock_.now().value - options_.max_age.count()), options_.max_bytes};
  const auto gone = co_await pool_.run(async::deadline_in(options_.patience), [this, limits] {
    auto done = feed_.trim(limits, options_.round);
    if (!done) on_failure_(done.error());
    return done;
  });
  if (!gone) log::warn("feed_not_trimmed", {{"detail", gone.error().detail}});
  // A full round leaves more behind: the next one follows at once.
  co_return gone && *gone == options_.round ? std::chrono::milliseconds(0) : options_.every;
}

}  // namespace hongyan::message
