#include "bench/load/books.h"

#include "bench/load/town.h"

namespace hongyan::bench::load {

Books::Books(const Town& town, std::uint32_t first, AckedFile* acked)
    : town_(town), first_(first), acked_(acked), seqs_(town.views()) {}

std::uint32_t Books::open(const Message& message) {
  const auto at = static_cast<std::uint32_t>(tally_.sent++);
  if (at / kChunk == chunks_.size()) chunks_.push_back(std::make_unique<Message[]>(kChunk));
  chunks_[at / kChunk][at % kChunk] = message;
  return first_ + at;
}

Message* Books::find(std::uint32_t number) {
  const std::uint32_t at = number - first_;
  if (at < tally_.sent) return &chunks_[at / kChunk][at % kChunk];
  ++strange_;
  return nullptr;
}

void Books::check_seq(Message& message, std::uint64_t seq) {
  if (message.seq == 0) message.seq = seq;
  if (message.seq != seq) ++contradictions_;
}

const Message* Books::on_ack(std::uint32_t number, std::uint64_t seq, sockets::Nanos now) {
  Message* message = find(number);
  if (message == nullptr) return nullptr;
  check_seq(*message, seq);
  if (message->acked) {
    ++contradictions_;
    return nullptr;
  }
  message->acked = true;
  ++tally_.acked;
  if (message->measured) ack_.add(now - message->due);
  if (acked_ != nullptr) acked_->add(town_.conversations()[message->conversation].name, seq, number);
  if (message->complete()) ++tally_.complete;
  return message;
}

const Message* Books::on_push(std::uint32_t person, std::uint32_t number, const Answer& push, sockets::Nanos now) {
  Message* message = find(number);
  if (message == nullptr) return nullptr;
  const Conversation& conversation = town_.conversations()[message->conversation];
  check_seq(*message, push.seq);
  if (message->pushes_left == 0 || conversation.name.id != push.conversation) {
    ++contradictions_;
    return nullptr;
  }
  if (!seqs_.see(town_.view_of(conversation, person), push.seq)) return nullptr;
  --message->pushes_left;
  const bool own = person == message->sender;
  ++(own ? tally_.own : tally_.delivered);
  if (message->measured) (own ? own_ : delivery_).add(now - message->due);
  if (message->complete()) ++tally_.complete;
  return message;
}

}  // namespace hongyan::bench::load
