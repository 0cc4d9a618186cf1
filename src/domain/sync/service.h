// Conversations as their members see them: who is in them joined with what was said in them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/message/api.h"
#include "hongyan/v1/conversation.pb.h"
#include "wire/cursor.h"

namespace hongyan::sync {

// A page of conversations, and who is named in them. next_cursor is absent on the last page.
struct Page {
  std::vector<v1::Conversation> items;
  std::optional<std::string> next_cursor;
  std::vector<account::UserCard> users;
  // Of all conversations, not of the page alone.
  std::int64_t total_unread = 0;
};

// What the service works with; all must outlive it.
struct Ports {
  conversation::Api& conversations;
  conversation::SettingsStore& settings;
  message::Api& messages;
  account::Api& accounts;
  const wire::CursorSigner& cursors;
};

// How far somebody has got; `read` only where the caller may know it.
struct KnownCursor {
  UserId user;
  std::optional<Seq> read;
  Seq delivered;
};

// Thread-safe. Owned by Module; its collaborators outlive it. Every call also answers unavailable or timeout.
class Service {
 public:
  static constexpr std::size_t kDefaultLimit = 50;
  static constexpr std::size_t kMaxLimit = 200;

  explicit Service(const Ports& ports) : ports_(ports) {}

  // The conversations the user is in and has not hidden. Errors: invalid_argument for a cursor that is not this user's or too old.
  async::Task<Result<Page>> list(UserId user, std::size_t limit, std::string cursor, async::Deadline deadline);

  // One conversation of the user, also one they have left. Errors: not_found for strangers.
  async::Task<Result<v1::Conversation>> get(UserId user, ConversationId conversation, async::Deadline deadline);

  // The 1:1 with `peer`, created when there is none. Errors: not_found.
  async::Task<Result<v1::Conversation>> open(UserId user, UserId peer, async::Deadline deadline);

  // Changes what the user has set for a conversation, also for one they have left; answers it. A repeat is harmless. Errors:
  // invalid_argument naming `draft`, not_found.
  async::Task<Result<v1::Conversation>> update(UserId user, ConversationId conversation,
                                               conversation::SettingsChange change, async::Deadline deadline);

  // Takes a conversation off the list until something comes. A repeat is harmless. Errors: not_found.
  async::Task<Result<void>> hide(UserId user, ConversationId conversation, async::Deadline deadline);

  // Moves a mark, answers where it stands now. Errors: not_found, not_member, invalid_argument.
  async::Task<Result<Seq>> mark(message::MarkKind kind, message::UserPlace place, Seq seq, async::Deadline deadline);

  // How far the user has got and, in a 1:1, the other person; the user first. Errors: not_found.
  async::Task<Result<std::vector<KnownCursor>>> read_cursors(message::UserPlace place, async::Deadline deadline);

 private:
  async::Task<Result<v1::Conversation>> describe_one(conversation::Membership membership, async::Deadline deadline);

  const Ports ports_;
};

}  // namespace hongyan::sync
