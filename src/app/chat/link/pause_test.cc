#include "app/chat/link/pause.h"

#include <gtest/gtest.h>

namespace hongyan::chat {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, JittersBelowABoundThatDoublesToHalfAMinute) {
  std::chrono::milliseconds highest_first{0};
  std::chrono::milliseconds highest_late{0};
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    Backoff backoff(seed);
    const auto first = backoff.next();
    EXPECT_LE(first, 500ms);
    highest_first = std::max(highest_first, first);
    EXPECT_LE(backoff.next(), 1000ms);
    for (int i = 0; i < 20; ++i) backoff.next();
    const auto late = backoff.next();
    EXPECT_LE(late, 30s);
    highest_late = std::max(highest_late, late);
    backoff.reset();
    EXPECT_LE(backoff.next(), 500ms);
  }
  EXPECT_GT(highest_first, 250ms);
  EXPECT_GT(highest_late, 15s);
}

TEST(PauseBeforeRetry, OnlyForWhatPassesAndWithinTheDeadline) {
  Backoff backoff(1);
  const auto in_an_hour = async::deadline_in(1h);
  EXPECT_TRUE(pause_before_retry(Error(ErrorCode::unavailable), backoff, in_an_hour));
  EXPECT_TRUE(pause_before_retry(Error(ErrorCode::timeout), backoff, async::Deadline::max()));
  EXPECT_FALSE(pause_before_retry(Error(ErrorCode::timeout), backoff, async::deadline_in(-1ms)));
  for (const auto code :
       {ErrorCode::not_found, ErrorCode::conflict, ErrorCode::wrong_credentials, ErrorCode::token_revoked}) {
    EXPECT_FALSE(pause_before_retry(Error(code), backoff, in_an_hour));
  }
}

TEST(PauseBeforeRetry, IsAtLeastWhatTheServerAsksFor) {
  Backoff backoff(1);
  const auto pause = pause_before_retry(Error::later(ErrorCode::rate_limited, 5000), backoff, async::deadline_in(1h));
  ASSERT_TRUE(pause);
  EXPECT_GE(*pause, 5000ms);
  EXPECT_FALSE(pause_before_retry(Error::later(ErrorCode::rate_limited, 5000), backoff, async::deadline_in(4s)));
  // Without a time there is nothing to wait for.
  EXPECT_FALSE(pause_before_retry(Error(ErrorCode::locked), backoff, async::deadline_in(1h)));
  // An absurd one does not overflow.
  EXPECT_FALSE(pause_before_retry(Error::later(ErrorCode::locked, INT64_MAX), backoff, async::deadline_in(1h)));
}

}  // namespace
}  // namespace hongyan::chat
