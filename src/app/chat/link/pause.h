// Waiting, and deciding whether a repeat makes sense.
#pragma once

#include <chrono>
#include <optional>

#include "app/chat/link/backoff.h"
#include "base/error.h"
#include "infra/async/task.h"

namespace hongyan::chat {

// Waits. Ends early, by an exception, when the run is cancelled.
async::Task<void> sleep(std::chrono::milliseconds time);

// Whether the same request may succeed a little later: the server is away, busy or wants us slower.
bool is_passing(const Error& error);

// How long to wait before the request that failed with `error` is repeated, at least as long as the server asks for;
// nothing when a repeat cannot help or would come after the deadline.
std::optional<std::chrono::milliseconds> pause_before_retry(const Error& error, Backoff& backoff,
                                                            async::Deadline deadline);

}  // namespace hongyan::chat
