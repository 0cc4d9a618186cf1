#include "bench/load/chat.h"

namespace hongyan::bench::load {

using sockets::Socket;

Chat::Chat(sockets::Loop& loop, RequestWriter& requests, const Town& town)
    : FrameReceiver(loop, requests), town_(town) {}

void Chat::begin(Books& books, Pace& pace) {
  books_ = &books;
  pace_ = &pace;
  errors_.clear();
}

void Chat::send(std::uint32_t sender, std::uint32_t conversation, sockets::Nanos due, bool measured) {
  const Conversation& to = town_.conversations()[conversation];
  const std::uint32_t number = books_->open({.due = due,
                                             .conversation = conversation,
                                             .sender = sender,
                                             .pushes_left = static_cast<std::uint32_t>(to.members.size()),
                                             .measured = measured});
  // Of a lost socket the run ends, and the message counts as not acked.
  if (lost().empty()) requests().append_message(loop().write(*sockets_[sender]), to.name, number);
}

std::uint64_t Chat::error_count() const {
  std::uint64_t count = 0;
  for (const auto& [code, times] : errors_) count += times;
  return count;
}

void Chat::on_payload(Socket& socket, std::string_view payload, sockets::Nanos now) {
  const Answer answer = read_answer(requests().format(), payload);
  std::uint32_t number = 0;
  const Message* message = nullptr;
  if (answer.kind == Kind::message) {
    // What others have written is none of this run's business.
    if (requests().number_of(answer.client_msg_id, number)) {
      message = books_->on_push(socket.tag(), number, answer, now);
    }
  } else if (answer.kind == Kind::ok && protocol::read_hex(answer.id, number)) {
    message = books_->on_ack(number, answer.seq, now);
    if (message != nullptr) pace_->on_acked(*message, now);
  } else if (answer.kind == Kind::error) {
    ++errors_[std::string(answer.detail)];
  }
  if (message != nullptr && message->complete()) pace_->on_complete(*message, now);
}

}  // namespace hongyan::bench::load
