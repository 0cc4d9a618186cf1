// Gives messages their numbers: seq, ordinals and a time that never falls.
#pragma once

#include <span>

#include "domain/message/sequencing/lru.h"
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
  };
  // The numbers of the next message of a loaded place.
  Numbers next(const UserPlace& place, TimeMs now);

  // The head of a loaded conversation.
  const Head& head(ConversationId conversation);

  // Forgets everything: the store may know better.
  void clear();

 private:
  MessageStore& store_;
  const std::size_t capacity_;
  Lru<ConversationId, Head> heads_;
  Lru<UserPlace, Ordinal> own_;
};

}  // namespace hongyan::message::sequencing
