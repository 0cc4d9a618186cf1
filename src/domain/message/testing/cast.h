// Who and where, in all tests of this slice.
#pragma once

#include "base/ids.h"
#include "base/result.h"

namespace hongyan::message::testing {

inline constexpr UserId kAnna{7};
inline constexpr UserId kBert{8};
inline constexpr UserId kStranger{9};
inline constexpr UserId kCarl{10};
inline constexpr ConversationId kRoom{100};
inline constexpr ConversationId kOther{101};
inline constexpr ConversationId kGroup{200};

inline ErrorCode code_of(const auto& result) { return result ? ErrorCode{} : result.error().code; }

}  // namespace hongyan::message::testing
