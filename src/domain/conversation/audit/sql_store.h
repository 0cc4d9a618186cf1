// Everything the relational database holds of conversations, page by page, for what looks through all of it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "domain/conversation/types.h"
#include "infra/sql/database.h"

namespace hongyan::conversation {

struct ConversationItem {
  ConversationId id;
  Type type = Type::direct;
  State state = State::normal;
  std::optional<UserId> owner;
  std::int64_t member_count = 0;
  // Of a 1:1.
  std::optional<UserId> low;
  std::optional<UserId> high;
};

struct MemberItem {
  UserId user;
  Role role = Role::member;
  MemberState state = MemberState::present;
  // There is such an account.
  bool known = false;
};

struct OutboxItem {
  OutboxId id;
  ConversationId conversation;
};

// Blocks. Thread-safe. Errors of every method: unavailable, internal.
class SqlInventory {
 public:
  explicit SqlInventory(sql::Database& database) : database_(database) {}

  // By id, after this one; at most `limit`.
  Result<std::vector<ConversationItem>> conversations(ConversationId after, std::size_t limit);
  // By id, after this one; at most `limit`.
  Result<std::vector<MemberItem>> members(ConversationId conversation, UserId after, std::size_t limit);
  // Waiting and dead lines by id, after this one; at most `limit`.
  Result<std::vector<OutboxItem>> outbox(OutboxId after, std::size_t limit);
  // The highest number that a line ever had.
  Result<OutboxId> last_line();
  // Places in groups and 1:1s that do not exist, at most `limit`.
  Result<std::vector<ConversationId>> orphaned_members(std::size_t limit);

 private:
  sql::Database& database_;
};

}  // namespace hongyan::conversation
