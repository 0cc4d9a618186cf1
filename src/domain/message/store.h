// Where messages, heads, keys and read marks are kept: the ports of the slice.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
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

// Everything one commit makes durable, all or nothing.
struct CommitBatch {
  std::vector<NewMessage> messages;
  // The heads after it, one for each conversation in `messages`.
  std::vector<std::pair<ConversationId, Head>> heads;
};

// Durable history. Reads are thread-safe and see only what is durable; commit() and reopen() are called by one thread at
// a time. Owned by the message module. Every failed call answers `unavailable` for what may pass by itself (no space
// left, being re-opened) and `internal` for what will not (I/O error, corruption); a failed commit has an unknown outcome,
// and from then on all calls may fail until reopen() has succeeded.
class MessageStore {
 public:
  virtual ~MessageStore() = default;

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

  // Success means the batch survives a kill and a power cut. Failure means nobody knows: see the class comment.
  virtual Result<void> commit(const CommitBatch& batch) = 0;

  // Closes what is open and opens it again, so that reads show what the disk holds. Waits for running reads. A repeat is
  // harmless.
  virtual Result<void> reopen() = 0;

  // Name of this history, made when the store was created.
  virtual std::string epoch() const = 0;
};

// A read mark.
struct ReadMark {
  UserPlace place;
  Seq read;
  auto operator<=>(const ReadMark&) const = default;
};

// Durable read marks. Thread-safe. Owned by the message module. Errors as in MessageStore.
class CursorStore {
 public:
  virtual ~CursorStore() = default;

  // The mark at each place, in order; 0 where none was saved.
  virtual Result<std::vector<Seq>> read_marks(std::span<const UserPlace> places) = 0;

  // Sets the marks, durable when it returns. That they only rise is the caller's care: there is one writer.
  virtual Result<void> save_read_marks(std::span<const ReadMark> marks) = 0;
};

}  // namespace hongyan::message
