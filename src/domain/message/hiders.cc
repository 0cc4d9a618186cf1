#include "domain/message/hiders.h"

#include <vector>

#include "domain/message/rules.h"

namespace hongyan::message {

Result<Hiders> Hiders::among(account::Privacy& privacy, std::span<const UserId> users) {
  Hiders hiders;
  HY_TRY(const auto settings, privacy.of(users));
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (!settings[i].read_receipts) hiders.users_.insert(users[i]);
  }
  return hiders;
}

Result<Hiders> Hiders::in_directs(account::Privacy& privacy, UserId user,
                                  std::span<const conversation::Membership> memberships) {
  std::vector<UserId> users{user};
  for (const auto& membership : memberships) {
    if (const auto other = other_person(membership)) users.push_back(*other);
  }
  return among(privacy, users);
}

}  // namespace hongyan::message
