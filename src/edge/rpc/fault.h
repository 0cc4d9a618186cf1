// Whose fault a refusal is.
#pragma once

#include "base/error.h"

namespace hongyan::edge {

// The server's, not that of who asked: an operator wants to know of it, and nobody is charged for it.
inline bool is_our_fault(ErrorCode code) { return code == ErrorCode::internal || code == ErrorCode::unavailable; }

}  // namespace hongyan::edge
