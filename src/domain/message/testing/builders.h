// Short ways to make values in tests.
#pragma once

#include <string>

#include "domain/message/rules.h"
#include "domain/message/store.h"

namespace hongyan::message::testing {

inline v1::Content text(std::string words) {
  v1::Content content;
  content.mutable_text()->set_text(std::move(words));
  return content;
}

// A message of `sender` at `seq`, of which all are that sender's own, with an id that follows from its place.
inline NewMessage message_at(ConversationId conversation, Seq seq, UserId sender, Ordinal own,
                             std::string words = "words") {
  NewMessage fresh;
  fresh.message.id = MessageId(conversation.value * 1'000'000 + static_cast<std::uint64_t>(seq.value));
  fresh.message.conversation = conversation;
  fresh.message.seq = seq;
  fresh.message.ordinal = Ordinal(seq.value);
  fresh.message.own_ordinal = own;
  fresh.message.sender = sender;
  fresh.message.client_msg_id = "c" + std::to_string(conversation.value) + "-" + std::to_string(seq.value);
  fresh.message.time = TimeMs(1'750'000'000'000 + seq.value);
  fresh.message.content = text(std::move(words));
  fresh.hash = content_hash(conversation, fresh.message.content);
  return fresh;
}

// Messages from..to of one sender, and the head after them.
inline CommitBatch batch_of(ConversationId conversation, Seq from, Seq to, UserId sender, std::string words = "words") {
  CommitBatch batch;
  for (std::int64_t seq = from.value; seq <= to.value; ++seq) {
    batch.messages.push_back(message_at(conversation, Seq(seq), sender, Ordinal(seq), words));
  }
  const StoredMessage& last = batch.messages.back().message;
  batch.heads.emplace_back(conversation, Head{last.seq, ChangeNo(0), Seq(1), last.ordinal, last.time});
  return batch;
}

}  // namespace hongyan::message::testing
