// Names the place of a wrong value in a request.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace hongyan::wire {

// Largest integer a JSON number carries exactly in every client; no format takes larger ones.
inline constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;

// Where a value stands, for example "content.text.text". The text is built only when it is needed. Lives on the stack of
// the recursion that reads a request.
struct FieldPath {
  const FieldPath* parent = nullptr;
  std::string_view name;

  std::string text() const {
    const std::string above = parent != nullptr ? parent->text() : std::string();
    return above.empty() ? std::string(name) : above + "." + std::string(name);
  }
};

// invalid_argument naming the field.
[[nodiscard]] inline std::unexpected<Error> wrong(const FieldPath& path, std::string why) {
  return fail(Error::invalid(path.text(), std::move(why)));
}

}  // namespace hongyan::wire
