#include "domain/group/rules.h"

#include <fmt/format.h>

#include "base/numbers.h"

namespace hongyan::group {
std::string to_text(const conversation::MemberPosition& position) {
  return fmt::format("{},{},{}", static_cast<int>(position.role), position.joined.value, position.user.value);
}

std::optional<conversation::MemberPosition> position_from(std::string_view text) {
  conversation::MemberPosition position;
  int rank = 0;
  if (!take_number(text, rank, ',') || !take_number(text, position.joined.value, ',')) return std::nullopt;
  const auto user = number_from<std::uint64_t>(text);
  if (!user) return std::nullopt;
  position.user = UserId(*user);
  if (rank < static_cast<int>(conversation::Role::member) || rank > static_cast<int>(conversation::Role::owner)) {
    return std::nullopt;
  }
  position.role = static_cast<conversation::Role>(rank);
  return position;
}

}  // namespace hongyan::group
