// Compares the feed with what it points at. Blocks.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "domain/message/audit/inventory.h"
#include "domain/message/feed/feed.h"

namespace hongyan::message {

struct FeedAuditCounts {
  std::int64_t entries = 0;
  std::int64_t problems = 0;
};

// Lives for one audit, on one thread. Offsets are dense; of each conversation messages come in the order of their seqs and
// changes in that of their numbers, without a hole, each as it is stored; the last ones are those of the head. Of a feed
// that was never trimmed the first ones are the first of all.
class FeedAudit {
 public:
  FeedAudit(MessageStore& store, Inventory& inventory, Feed& feed, std::function<void(const std::string&)> report)
      : store_(store), inventory_(inventory), feed_(feed), report_(std::move(report)) {}

  // Errors: those of the store.
  Result<FeedAuditCounts> run();

 private:
  // What the feed has told of a conversation so far.
  struct Told {
    Seq seq;
    ChangeNo change;
  };

  Result<void> check(const std::vector<FeedEntry>& entries);
  void check_message(const FeedEntry& entry, const std::optional<StoredMessage>& message);
  Result<void> check_change(const FeedEntry& entry);
  Result<void> check_heads();
  void problem(const std::string& what);

  MessageStore& store_;
  Inventory& inventory_;
  Feed& feed_;
  const std::function<void(const std::string&)> report_;
  FeedSpan span_;
  std::unordered_map<ConversationId, Told> told_;
  FeedAuditCounts counts_;
};

}  // namespace hongyan::message
