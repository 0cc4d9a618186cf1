// Names, and places in the list of members as texts for cursors. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/conversation/types.h"

namespace hongyan::group {

// Characters at most.
inline constexpr std::size_t kMaxName = 64;

// "3,1700000000000,42" and back; nothing when the text is none.
std::string to_text(const conversation::MemberPosition& position);
std::optional<conversation::MemberPosition> position_from(std::string_view text);

}  // namespace hongyan::group
