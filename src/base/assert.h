// Checks for bugs, never for input, network or database content.
#pragma once

namespace hongyan {

// Prints the failed condition and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace hongyan

// Dies in every build.
#define HY_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::hongyan::check_failed(#condition, __FILE__, __LINE__))

// Dies in debug builds, costs nothing in release builds.
#ifdef HONGYAN_DEBUG
#define HY_ASSERT(condition) HY_CHECK(condition)
#else
#define HY_ASSERT(condition) static_cast<void>(sizeof(!(condition)))
#endif
