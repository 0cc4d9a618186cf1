// Compares the message store with the relational database. Blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/account/audit/sql_store.h"
#include "domain/conversation/audit/sql_store.h"
#include "domain/message/audit/inventory.h"

namespace hongyan::app {

struct CrossAuditPorts {
  message::MessageStore& messages;
  message::Inventory& inventory;
  conversation::SqlInventory conversations;
  account::SqlInventory accounts;
};

struct CrossAuditCounts {
  std::int64_t users = 0;
  std::int64_t conversations = 0;
  std::int64_t members = 0;
  std::int64_t lines = 0;
  std::int64_t problems = 0;
};

// Lives for one audit, on one thread. Keeps every place of every user in memory: about 100 bytes each.
//
// Every history is of a conversation, and every group has one, unless its lines still wait; who is in a group has a bound
// without an end, who has left one with an end, and nobody else has one; messages and cursors are of members;
// members are people; groups
// have one owner and as many members as they say, 1:1s their two; every line ever written is in a history, waits or was
// refused; the newest change of every user is the last one counted.
class CrossAudit {
 public:
  CrossAudit(const CrossAuditPorts& ports, std::function<void(const std::string&)> report)
      : ports_(ports), report_(std::move(report)) {}

  // Errors: those of the stores.
  Result<CrossAuditCounts> run();

 private:
  using Item = conversation::ConversationItem;
  using Members = std::vector<conversation::MemberItem>;

  Result<void> read_bounds();
  Result<void> read_waiting();
  Result<void> check_conversations();
  Result<void> check_conversation(const Item& item, const message::Head& head);
  Result<Members> members_of(ConversationId conversation);
  void check_group(const Item& item, const Members& members);
  void check_direct(const Item& item, const Members& members);
  void check_bounds(const Item& item, const Members& members);
  Result<void> check_histories();
  Result<void> check_senders();
  Result<void> check_cursors();
  Result<void> check_lines();
  Result<void> check_events();
  void problem(const std::string& what);

  CrossAuditPorts ports_;
  const std::function<void(const std::string&)> report_;
  std::unordered_map<message::UserPlace, message::Bound> bounds_;
  std::set<ConversationId> known_;
  std::set<message::UserPlace> places_;
  // Conversations of which lines wait: their histories are behind.
  std::set<ConversationId> behind_;
  std::set<conversation::OutboxId> waiting_;
  CrossAuditCounts counts_;
};

}  // namespace hongyan::app
