// Gives messages, changes and commits their numbers; messages also a time that never falls.
#pragma once

#include <optional>
#include <span>

#include "base/lru.h"
#include "domain/message/store.h"

namespace hongyan::message::sequencing {

// Holds the heads of conversations in use, and how many messages each sender has there. As the only writer of its
// conversations it knows them better than the store while a commit is under way. Sequencer thread only.
class Numbering {
 public:
  // Keeps about `capacity` heads and as many own counts.
  Numbering(MessageStore& store, std::size_t capacity) : store_(store), capacity_(capacity) {}

  // Reads what is not held of these places. Call it while no commit is under way: what it lets go to make room is then
  // safe in the store. Errors: those of the store.
  Result<void> load(std::span<const UserPlace> places);

  struct Numbers {
    Seq seq;
    Ordinal ordinal;
    Ordinal own_ordinal;
    TimeMs time;
    // The newest change of the conversation.
    ChangeNo change;
  };
  // The numbers of the next message of a loaded place; system lines, which have no sender, are not counted.
  Numbers next_message(const UserPlace& place, TimeMs now);

  // The number of the next change of a loaded conversation.
  ChangeNo next_change(ConversationId conversation);

  // The newest message of a loaded conversation names everybody.
  void note_mention_all(ConversationId conversation);

  // The same, once this commit has touched it.
  const Head& head_after(ConversationId conversation, CommitNo commit);

  // The number of the next commit; taken when it is asked for.
  CommitNo next_commit();

  // Forgets everything: the store may know better.
  void clear();

 private:
  Head& loaded(ConversationId conversation);

  MessageStore& store_;
  const std::size_t capacity_;
  Lru<ConversationId, Head> heads_;
  Lru<UserPlace, Ordinal> own_;
  // Unknown until it is first read.
  std::optional<CommitNo> commit_;
};

}  // namespace hongyan::message::sequencing
