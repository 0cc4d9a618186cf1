// Who keeps to themselves what they have read.
#pragma once

#include <set>
#include <span>

#include "base/result.h"
#include "domain/account/api.h"
#include "domain/conversation/types.h"

namespace hongyan::message {

// Those of some users who have switched read receipts off. Value type.
class Hiders {
 public:
  // Blocks when one of them was not asked for lately. Errors: those of account::Privacy.
  static Result<Hiders> among(account::Privacy& privacy, std::span<const UserId> users);
  // Of the user and the other people of their 1:1s.
  static Result<Hiders> in_directs(account::Privacy& privacy, UserId user,
                                   std::span<const conversation::Membership> memberships);

  // Whether the two learn of each other what they have read: who does not tell is not told.
  bool share(UserId one, UserId other) const { return !users_.contains(one) && !users_.contains(other); }

 private:
  std::set<UserId> users_;
};

}  // namespace hongyan::message
