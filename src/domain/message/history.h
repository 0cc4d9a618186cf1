// Reading history from the store. Blocks: call it on the store pool.
#pragma once

#include <span>
#include <vector>

#include "domain/conversation/types.h"
#include "domain/message/api.h"
#include "domain/message/rules.h"
#include "domain/message/store.h"

namespace hongyan::message {

// A page of history: complete from range.from to range.to.
struct HistoryPage {
  // Ascending by seq.
  std::vector<StoredMessage> items;
  SeqRange range;
  bool more_before = false;
  bool more_after = false;
  // As the reader may know it: of a former member's conversation it ends with their leaving.
  Head head;
};

// The page that is asked for, of what the member may see. It ends early where its messages go beyond `max_bytes`, but has at least one message when
// there is one. Errors: those of the store.
Result<HistoryPage> read_page(MessageStore& store, const conversation::Membership& membership,
                              const PageRequest& request, std::size_t max_bytes);

// What the user may see of each of the conversations, whose heads are given, in order. Errors: those of the store.
Result<std::vector<SeqRange>> read_visible(MessageStore& store, UserId user,
                                           std::span<const conversation::Membership> memberships,
                                           std::span<const Head> heads);

// One summary for each membership of the user, in order. Errors: those of the stores.
Result<std::vector<Summary>> read_summaries(MessageStore& messages, CursorStore& cursors, UserId user,
                                            std::span<const conversation::Membership> memberships);

}  // namespace hongyan::message
