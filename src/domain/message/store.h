// Where messages, heads and keys are kept: a port of the slice.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/message/cursors/cursor_store.h"
#include "domain/message/types.h"

namespace hongyan::message {

// Messages of one conversation to read.
struct ReadRange {
  enum class Direction { ascending, descending };
  ConversationId conversation;
  SeqRange seqs;
  // From which end to begin, which matters when the page is cut.
  Direction direction = Direction::ascending;
  // The page ends with the message that goes beyond this many bytes; it always has at least one.
  std::size_t max_bytes = 256 * 1024;
};

// Messages in the order of the range's direction.
struct ReadPage {
  std::vector<StoredMessage> messages;
  // The whole range was read; else it ends with the last message.
  bool complete = true;
};

// How many countable messages there are up to a place: of all, and of one user.
struct Tally {
  Ordinal all;
  Ordinal own;
  auto operator<=>(const Tally&) const = default;
};

// Asks for the tally of `user` up to and including `seq`.
struct TallyAt {
  ConversationId conversation;
  UserId user;
  Seq seq;
};

// A message with what makes its repeats recognisable.
struct NewMessage {
  StoredMessage message;
  ContentHash hash{};
};

// One message as far as it concerns one user.
struct UserSeq {
  UserPlace place;
  Seq seq;
  auto operator<=>(const UserSeq&) const = default;
};

// Everything one commit makes durable, all or nothing. Messages are in the state they have after all changes of the batch;
// the pins follow from it.
struct CommitBatch {
  CommitNo number;
  std::vector<NewMessage> messages;
  // The whole new state of messages of earlier commits.
  std::vector<StoredMessage> changed;
  // In order within each conversation.
  std::vector<Change> changes;
  std::vector<std::pair<UserPlace, Bound>> bounds;
  // Messages that name a user: added first, then removed.
  std::vector<UserSeq> mentions;
  std::vector<UserSeq> mentions_removed;
  // The heads after it, one for each conversation of messages and changes.
  std::vector<std::pair<ConversationId, Head>> heads;

  bool empty() const { return messages.empty() && changes.empty(); }
};

// Changes of one conversation, ascending from the one after `after`.
struct ChangesAfter {
  ConversationId conversation;
  ChangeNo after;
  std::size_t limit = 200;
};

// A pinned message.
struct Pin {
  Seq seq;
  Mark mark;
  bool operator==(const Pin&) const = default;
};

// What becomes of the pins with the batch: set, or nothing for those that are to be removed.
std::map<Place, std::optional<Mark>> pins_of(const CommitBatch& batch);

// Who may see what of a group. Commits of the MessageStore write it; thread-safe, errors as there.
class BoundStore {
 public:
  virtual ~BoundStore() = default;

  // What each user may see of each conversation, in order; nothing for who never was in a group.
  virtual Result<std::vector<std::optional<Bound>>> bounds(std::span<const UserPlace> places) = 0;

  // The same of every group one user is or was in, by the group's id.
  virtual Result<std::vector<GroupBound>> bounds_of(UserId user) = 0;
};

// Durable history. Reads are thread-safe and see only what is durable; commit() and reopen() are called by one thread at
// a time. Owned by the message module. Every failed call answers `unavailable` for what may pass by itself (no space
// left, being re-opened) and `internal` for what will not (I/O error, corruption); a failed commit has an unknown outcome,
// and from then on all calls may fail until reopen() has succeeded.
class MessageStore : public BoundStore {
 public:
  // What is kept of each key, in order; nothing for a key never committed.
  virtual Result<std::vector<std::optional<KeyEntry>>> find_keys(std::span<const MessageKey> keys) = 0;

  // The head of each conversation, in order; Head{} for one without messages.
  virtual Result<std::vector<Head>> heads(std::span<const ConversationId> conversations) = 0;

  // The messages of a range. Seqs without a message are left out.
  virtual Result<ReadPage> read(const ReadRange& range) = 0;

  // The message at each place, in order; nothing where there is none.
  virtual Result<std::vector<std::optional<StoredMessage>>> find(std::span<const Place> places) = 0;

  // The tally at each place, in order. Above the head it is that of the head.
  virtual Result<std::vector<Tally>> tallies(std::span<const TallyAt> places) = 0;

  // Changes in order, each as it happened.
  virtual Result<std::vector<Change>> changes(const ChangesAfter& range) = 0;

  // All pins of a conversation, by seq.
  virtual Result<std::vector<Pin>> pins(ConversationId conversation) = 0;

  // Number of the last commit, 0 before the first.
  virtual Result<CommitNo> last_commit() = 0;

  // Success means the batch survives a kill and a power cut. Failure means nobody knows: see the class comment.
  virtual Result<void> commit(const CommitBatch& batch) = 0;

  // Closes what is open and opens it again, so that reads show what the disk holds. Waits for running reads. A repeat is
  // harmless.
  virtual Result<void> reopen() = 0;

  // Name of this history, made when the store was created.
  virtual std::string epoch() const = 0;
};

// Which messages a user has hidden from themselves: single ones, and all up to one. Thread-safe. Owned by the message module. Errors as in MessageStore.
class HiddenStore {
 public:
  virtual ~HiddenStore() = default;

  // Whether each message is hidden from its user, in order.
  virtual Result<std::vector<bool>> hidden(std::span<const UserSeq> messages) = 0;

  // Those of a part of one conversation that are hidden, ascending. The part is no longer than a page.
  virtual Result<std::vector<Seq>> hidden_in(const UserPlace& place, const SeqRange& seqs) = 0;

  // Hides the message for good, durable when it returns. A repeat is harmless.
  virtual Result<void> hide(const UserSeq& message) = 0;

  // Up to where each place is cleared, in order; 0 where it is not.
  virtual Result<std::vector<Seq>> cleared(std::span<const UserPlace> places) = 0;

  // Sets up to where the place is cleared, durable when it returns. That it only rises is the caller's care.
  virtual Result<void> clear(const UserSeq& up_to) = 0;
};

// Messages that name a user, of a part of one conversation.
struct MentionRange {
  UserPlace place;
  SeqRange seqs;
  std::size_t limit = 1;
};

// Which messages name whom; the commits write it. Thread-safe. Owned by the message module. Errors as in MessageStore.
class MentionStore {
 public:
  virtual ~MentionStore() = default;

  // The newest first. Messages that name everybody are not among them, nor are recalled ones.
  virtual Result<std::vector<Seq>> mentions_in(const MentionRange& range) = 0;
};

// The ports of one database.
struct Stores {
  MessageStore& messages;
  CursorStore& cursors;
  HiddenStore& hidden;
  MentionStore& mentions;
};

}  // namespace hongyan::message
