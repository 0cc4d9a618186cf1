// Who, in all tests of this slice.
#pragma once

#include "base/ids.h"

namespace hongyan::presence::testing {

inline constexpr UserId kAlice{1};
inline constexpr UserId kBob{2};
inline constexpr UserId kCarol{3};

}  // namespace hongyan::presence::testing
