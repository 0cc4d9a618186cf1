// Who, in all tests of this slice.
#pragma once

#include "base/ids.h"

namespace hongyan::conversation::testing {

inline constexpr UserId kAlice{1};
inline constexpr UserId kBob{2};

}  // namespace hongyan::conversation::testing
