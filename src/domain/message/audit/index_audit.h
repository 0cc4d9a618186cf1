// Looks through what a message store keeps beside its messages: every row must be of a message, and every message have its
// rows. Blocks.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/message/audit/audit.h"
#include "domain/message/audit/inventory.h"

namespace hongyan::message {

// Reads everything through the ports. Lives for one audit, on one thread; after Audit, whose counts say how many rows there
// must be.
//
// Keys lead to messages that bear them; the own index counts as the messages do; mentions and hidden messages are of
// messages, mentions of those that name the user; bounds are of lines; cursors lie within the history, what is read was
// delivered, and a user's newest number is that of their newest mark.
class IndexAudit {
 public:
  IndexAudit(MessageStore& store, Inventory& inventory, const AuditCounts& counts,
             std::function<void(const std::string&)> report)
      : store_(store), inventory_(inventory), counts_(counts), report_(std::move(report)) {}

  // How many problems there are. Errors: those of the store.
  Result<std::int64_t> run();

 private:
  using Messages = std::vector<std::optional<StoredMessage>>;

  Result<void> check_keys(const std::vector<KeyItem>& items);
  Result<void> check_own(const std::vector<OwnItem>& items);
  Result<void> check_mentions(const std::vector<UserSeq>& items);
  Result<void> check_hidden(const std::vector<UserSeq>& items);
  Result<void> check_cursors(const std::vector<PlacedCursor>& items);
  Result<void> check_numbers(const std::vector<NumberItem>& items);
  Result<Messages> messages_of(const std::vector<UserSeq>& items);
  Result<Head> head_of(ConversationId conversation);
  void check_count(const char* what, std::int64_t rows, std::int64_t expected);
  void problem(const std::string& what);

  MessageStore& store_;
  Inventory& inventory_;
  const AuditCounts counts_;
  const std::function<void(const std::string&)> report_;
  // The conversations of the rows that were looked at last.
  std::unordered_map<ConversationId, Head> heads_;
  // By the marks of each user.
  std::unordered_map<UserId, CursorNo> newest_;
  std::int64_t own_rows_ = 0;
  std::int64_t mention_rows_ = 0;
  std::int64_t problems_ = 0;
};

}  // namespace hongyan::message
