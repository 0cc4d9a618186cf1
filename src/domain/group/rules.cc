#include "domain/group/rules.h"

#include <fmt/format.h>

#include <charconv>

namespace hongyan::group {
namespace {

// Takes a number and what ends it off the text.
template <class T>
bool take(std::string_view& text, T& number, std::string_view end) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  if (!text.starts_with(end) || (end.empty() && !text.empty())) return false;
  text.remove_prefix(end.size());
  return true;
}

}  // namespace

std::string to_text(const conversation::MemberPosition& position) {
  return fmt::format("{},{},{}", static_cast<int>(position.role), position.joined.value, position.user.value);
}

std::optional<conversation::MemberPosition> position_from(std::string_view text) {
  conversation::MemberPosition position;
  int rank = 0;
  if (!take(text, rank, ",") || !take(text, position.joined.value, ",") || !take(text, position.user.value, "")) {
    return std::nullopt;
  }
  if (rank < static_cast<int>(conversation::Role::member) || rank > static_cast<int>(conversation::Role::owner)) {
    return std::nullopt;
  }
  position.role = static_cast<conversation::Role>(rank);
  return position;
}

}  // namespace hongyan::group
