// The coroutine type of the whole system and the deadline that travels with a request.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace hongyan::async {

// A coroutine that resumes on the executor it was spawned on.
template <class T>
using Task = boost::asio::awaitable<T>;

// When waiting no longer makes sense. Monotonic.
using Deadline = std::chrono::steady_clock::time_point;

// The deadline `from_now` ahead.
inline Deadline deadline_in(std::chrono::milliseconds from_now) { return std::chrono::steady_clock::now() + from_now; }

}  // namespace hongyan::async
