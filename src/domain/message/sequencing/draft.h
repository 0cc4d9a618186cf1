// One batch in the making: applies commands one after the other to what will be committed.
#pragma once

#include <map>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/id_generator.h"
#include "domain/message/rules.h"
#include "domain/message/sequencing/command.h"
#include "domain/message/sequencing/numbering.h"
#include "domain/message/store.h"

namespace hongyan::message::sequencing {

// What a draft works with; all must outlive it.
struct DraftPorts {
  MessageStore& store;
  Numbering& numbering;
  IdGenerator& ids;
};

// What a command has added to the batch.
struct Effect {
  enum class Kind { none, message, change };
  Kind kind = Kind::none;
  // Into the batch's messages or changes.
  std::size_t index = 0;
  // The newest change of the conversation after it.
  ChangeNo head_change;
};

// A command's end: what is answered once the batch is durable, and what it has added to it.
struct Applied {
  Result<Outcome> outcome;
  Effect effect{};
};

// Every command sees what those before it in the batch did: a message can be sent and recalled by one commit. Whatever the
// numbering has given out belongs to the batch, so a draft that numbered something must be committed. Lives for one batch
// on the sequencer's thread.
class Draft {
 public:
  Draft(const DraftPorts& ports, const Windows& windows, TimeMs now) : ports_(ports), windows_(windows), now_(now) {}

  // Reads what these commands need to know of the store. Errors: those of the store.
  Result<void> load(std::span<const Command* const> commands);

  // Applies one of them. An error is the command's answer and leaves the batch as it was.
  Applied apply(Command&& command, const Actor& actor);

  // Nothing that was applied is to be committed.
  bool empty() const { return batch_.empty(); }

  // The batch; the draft is spent.
  CommitBatch finish(CommitNo number);

 private:
  Applied send(ConversationId conversation, const Actor& actor, SendAction&& action);
  Applied append_line(ConversationId conversation, SystemLineAction&& action);
  Applied append(NewMessage&& fresh);
  Applied recall(StoredMessage& message, const Actor& actor, const RecallAction& action);
  Applied edit(StoredMessage& message, const Actor& actor, EditAction action);
  Applied react(StoredMessage& message, const Actor& actor, const ReactAction& action);
  Applied pin(StoredMessage& message, const Actor& actor, const PinAction& action);

  // Numbers a change that has been made to the message.
  Applied changed(StoredMessage& message, const Actor& actor, ChangeKind kind, std::string emoji = {},
                  bool added = false);
  static Applied unchanged(const StoredMessage& message, const Actor& actor);

  // The message as it is after all that was applied; null when there is none.
  StoredMessage* find(const Place& place);
  void set_bound(const UserPlace& place, const Bound& bound);

  const DraftPorts ports_;
  const Windows windows_;
  const TimeMs now_;
  CommitBatch batch_;
  // Messages of this batch, as indexes into it; not kept unless some command looks for a message.
  std::unordered_map<Place, std::size_t> fresh_;
  bool keeps_fresh_ = false;
  // Messages of earlier commits, and which of them have changed.
  std::unordered_map<Place, StoredMessage> stored_;
  std::set<Place> changed_;
  std::unordered_map<UserPlace, Bound> bounds_;
  std::set<UserPlace> new_bounds_;
  // Pinned messages of the conversations in which somebody pins.
  std::unordered_map<ConversationId, std::size_t> pins_;
  // With repeats.
  std::vector<ConversationId> touched_;
};

}  // namespace hongyan::message::sequencing
