// Looks through a whole message store for what must never be: holes, doubles, records that contradict each other. Blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "domain/message/audit/inventory.h"
#include "domain/message/store.h"

namespace hongyan::message {

// What was looked at.
struct AuditCounts {
  std::int64_t conversations = 0;
  std::int64_t messages = 0;
  std::int64_t changes = 0;
  // Messages that people sent; users that messages name; bounds that lines have given.
  std::int64_t countable = 0;
  std::int64_t mentions = 0;
  std::int64_t bounds = 0;
  std::int64_t problems = 0;
};

// Reads everything through the port, so that it serves every implementation. Lives for one audit, on one thread.
//
// In each conversation: seqs are dense from the floor to the head and nothing lies above it; ordinals count every countable
// message, and each sender's own; time never falls; each message has its key and the key leads back to it; changes are
// dense up to the head's, each of a message that exists, whose own number is that of its last change; pins are those of the
// messages; bounds are those of the last join and leave lines.
class Audit {
 public:
  // `report` is called with each problem, in words.
  Audit(MessageStore& store, Inventory& list, std::function<void(const std::string&)> report)
      : store_(store), list_(list), report_(std::move(report)) {}

  // Errors: those of the store.
  Result<AuditCounts> run();

 private:
  struct Conversation;

  Result<void> check(ConversationId id);
  Result<void> check_messages(Conversation& conversation);
  void check_message(Conversation& conversation, const StoredMessage& message);
  void follow_members(Conversation& conversation, const StoredMessage& line);
  Result<void> check_keys(const Conversation& conversation, const std::vector<StoredMessage>& messages);
  Result<void> check_changes(Conversation& conversation);
  Result<void> check_pins(const Conversation& conversation);
  Result<void> check_bounds(const Conversation& conversation);
  void problem(ConversationId conversation, const std::string& what);

  MessageStore& store_;
  Inventory& list_;
  const std::function<void(const std::string&)> report_;
  AuditCounts counts_;
};

}  // namespace hongyan::message
