// Texts that people type and others see.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan {

// Code points of the text, nothing when it is not UTF-8.
std::optional<std::size_t> count_code_points(std::string_view text);

// A text for display without blanks around it, `min` to `max` characters (code points). Refuses bad UTF-8, control
// characters and marks that turn the direction of the text around it. Error: invalid_argument on `field`.
Result<std::string> check_line(std::string_view text, std::size_t min, std::size_t max, std::string_view field);

}  // namespace hongyan
