// What the server sends, as far as a load generator looks.
#pragma once

#include <cstdint>
#include <string_view>

#include "bench/protocol/websocket.h"

namespace hongyan::bench::load {

enum class Kind : std::uint8_t { ok, error, ready, message, other };

// Views into the frame.
struct Answer {
  Kind kind = Kind::other;
  // Of answers: whose.
  std::string_view id;
  // Of ok to a message.send, and of message.
  std::uint64_t seq = 0;
  // Of message.
  std::uint64_t conversation = 0;
  std::string_view client_msg_id;
  // Of error: its code. Of ok in protobuf: the data.
  std::string_view detail;
};

// The usual order of the fields is quick, any other is found too.
Answer read_json(std::string_view payload);
Answer read_proto(std::string_view payload);

inline Answer read_answer(protocol::Format format, std::string_view payload) {
  return format == protocol::Format::json ? read_json(payload) : read_proto(payload);
}

// Of the answer to a message.list.
struct Page {
  std::uint64_t from_seq = 0;
  std::uint64_t to_seq = 0;
  // The newest of the conversation.
  std::uint64_t head_seq = 0;
};

Page read_page(protocol::Format format, std::string_view payload);

}  // namespace hongyan::bench::load
