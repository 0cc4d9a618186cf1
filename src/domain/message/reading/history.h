// Reading history from the store. Blocks: call it on the store pool.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "domain/account/api.h"
#include "domain/conversation/types.h"
#include "domain/message/api.h"
#include "domain/message/rules.h"
#include "domain/message/store.h"

namespace hongyan::message::reading {

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
Result<HistoryPage> read_page(const Stores& stores, const conversation::Membership& membership,
                              const PageRequest& request, std::size_t max_bytes);

// The message at `seq`. Errors: not_found when there is none that the member may see, those of the store.
Result<StoredMessage> read_message(const Stores& stores, const conversation::Membership& membership, Seq seq);

// What has changed; or the head from which to begin anew.
struct ChangedPage {
  // By the change that is listed, as they are now.
  std::vector<StoredMessage> items;
  ChangeNo up_to;
  bool more = false;
  std::optional<Head> reset;
};
// Errors: those of the store.
Result<ChangedPage> read_changes(const Stores& stores, const conversation::Membership& membership,
                                 const ChangesRequest& request, std::size_t max_bytes);

// The pinned messages that the member may see, the last pinned first. Errors: those of the store.
Result<std::vector<StoredMessage>> read_pins(const Stores& stores, const conversation::Membership& membership);

// What a user may see of a conversation, and where their read mark starts.
struct Sight {
  SeqRange seqs;
  Seq first_mark;
};
// One for each of the conversations, whose heads are given, in order. Errors: those of the store.
Result<std::vector<Sight>> read_sights(const Stores& stores, UserId user,
                                       std::span<const conversation::Membership> memberships,
                                       std::span<const Head> heads);

// The marks of each membership of the user, in order. Errors: those of the store and of account::Privacy.
Result<std::vector<Marks>> read_marks(CursorStore& cursors, account::Privacy& privacy, UserId user,
                                      std::span<const conversation::Membership> memberships);

// One summary for each membership of the user, in order. Errors: those of the stores and of account::Privacy.
Result<std::vector<Summary>> read_summaries(const Stores& stores, account::Privacy& privacy, UserId user,
                                            std::span<const conversation::Membership> memberships);

}  // namespace hongyan::message::reading
