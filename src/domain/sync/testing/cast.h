// Who and where, in all tests of this slice.
#pragma once

#include "base/ids.h"

namespace hongyan::sync::testing {

inline constexpr UserId kMe{1};
inline constexpr ConversationId kRoom{10};
inline constexpr ConversationId kGroup{11};

}  // namespace hongyan::sync::testing
