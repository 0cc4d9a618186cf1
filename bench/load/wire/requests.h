// Frames that the load generator sends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/protocol/numbers.h"
#include "bench/protocol/websocket.h"
#include "bench/sockets/bytes.h"

namespace hongyan::bench::load {

// A conversation as requests name it.
struct ConversationName {
  explicit ConversationName(std::uint64_t conversation) : id(conversation) {
    length = static_cast<std::uint8_t>(protocol::write_decimal(digits, conversation));
  }
  std::string_view text() const { return {digits, length}; }

  std::uint64_t id;
  char digits[protocol::kMostDigits];
  std::uint8_t length;
};

// Writes masked request frames. Each message has a number, which stands in its `id` and at the end of its client_msg_id, so
// that answers and pushes lead back to it. Texts are taken from random letters, so that nothing on the way can compress
// them away. No memory is allocated for a frame. One thread.
class RequestWriter {
 public:
  // `seed` makes the client_msg_ids of this run different from those of any other.
  RequestWriter(protocol::Format format, std::size_t text_bytes, std::uint64_t seed);

  protocol::Format format() const { return format_; }

  void append_auth(sockets::Bytes& out, std::string_view token);
  void append_message(sockets::Bytes& out, const ConversationName& to, std::uint32_t number);
  // Asks for the `limit` messages below `before`, 0 for the newest.
  void append_list(sockets::Bytes& out, const ConversationName& of, std::uint32_t number, std::uint64_t before,
                   std::uint32_t limit);
  void append_pong(sockets::Bytes& out, std::string_view payload);

  // The body of message.send over REST.
  std::string rest_body(const ConversationName& to, std::uint32_t number);

  // The number at the end of a client_msg_id of this run; false for any other.
  bool number_of(std::string_view client_msg_id, std::uint32_t& number) const {
    return client_msg_id.starts_with(prefix_) && protocol::read_hex(client_msg_id.substr(prefix_.size()), number);
  }
  std::string client_msg_id(std::uint32_t number) const;

 private:
  std::string_view next_text();
  char* put_json_message(char* out, const ConversationName& to, std::uint32_t number);
  // Writes the head before `payload_bytes` bytes, lets `write` write those, and masks them.
  template <class Write>
  void append(sockets::Bytes& out, std::size_t payload_bytes, Write&& write);

  const protocol::Format format_;
  const std::size_t text_bytes_;
  std::string prefix_;
  std::string letters_;
  std::size_t letters_at_ = 0;
  protocol::Masks masks_;
};

}  // namespace hongyan::bench::load
