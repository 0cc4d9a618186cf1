// Who has got and who has read a message.
#pragma once

#include <span>
#include <vector>

#include "domain/account/api.h"
#include "domain/conversation/types.h"
#include "domain/message/store.h"

namespace hongyan::message::reading {

// How far one person has got with a message.
struct Receipt {
  UserId user;
  bool read = false;
  bool delivered = false;
  bool operator==(const Receipt&) const = default;
};

// Of a message of the reader's own: those of the members who can see it, but for the reader, in order. What nobody tells
// others counts as not read. Blocks: call it on the store pool. Errors: those of the stores and of account::Privacy.
Result<std::vector<Receipt>> read_receipts(const Stores& stores, account::Privacy& privacy,
                                           const conversation::Membership& reader, Seq seq,
                                           std::span<const UserId> members);

}  // namespace hongyan::message::reading
