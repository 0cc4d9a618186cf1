// The version of this program.
#pragma once

#include <string_view>

namespace hongyan::app {

inline constexpr std::string_view kVersion = HONGYAN_VERSION;

}  // namespace hongyan::app
