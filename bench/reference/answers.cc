#include "bench/reference/answers.h"

#include <cstring>
#include <initializer_list>

#include "bench/protocol/numbers.h"
#include "bench/protocol/proto_fields.h"

namespace hongyan::bench::reference {
namespace {

using protocol::Format;
using protocol::Opcode;
using protocol::WireType;
using sockets::Bytes;

// Of a frame beside its views: names, numbers and punctuation.
constexpr std::size_t kMostBesideViews = 512;

char* put(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* put(char* out, std::uint64_t number) { return out + protocol::write_decimal(out, number); }

// Writes a payload of at most `most` bytes behind room for a head of the length that fits most of them, and puts the head
// before it. `write` answers where it has ended.
template <class Write>
void append(Bytes& out, Format format, std::size_t most, Write&& write) {
  constexpr std::size_t kUsualHead = 4;
  char* begin = out.room(protocol::kLongestHead + most);
  char* end = write(begin + kUsualHead);
  const auto count = static_cast<std::size_t>(end - begin) - kUsualHead;
  char head[protocol::kLongestHead];
  const std::size_t head_bytes = protocol::write_head(head, protocol::opcode_of(format), count, std::nullopt);
  if (head_bytes != kUsualHead) std::memmove(begin + head_bytes, begin + kUsualHead, count);
  std::memcpy(begin, head, head_bytes);
  out.added(head_bytes + count);
}

// An answer in protobuf: type, id, and data of `data_bytes` that follow.
char* put_envelope(char* out, std::string_view type, std::string_view id, std::size_t data_bytes) {
  out = protocol::put_bytes(out, 1, type);
  if (!id.empty()) out = protocol::put_bytes(out, 2, id);
  return protocol::put_length(out, 3, data_bytes);
}

char* put_json_message(char* out, const Request& request, const Accepted& accepted) {
  out = put(put(out, R"({"message_id":")"), accepted.message_id);
  out = put(put(out, R"(","conversation_id":")"), request.conversation);
  out = put(put(out, R"(","seq":)"), accepted.seq);
  out = put(put(out, R"(,"sender_id":")"), accepted.sender);
  out = put(put(out, R"(","client_msg_id":")"), request.client_msg_id);
  out = put(put(out, R"(","time_ms":)"), accepted.time_ms);
  out = put(put(out, R"(,"content":)"), request.content);
  return put(out, R"(,"change":0})");
}

std::size_t proto_message_bytes(const Request& request, const Accepted& accepted) {
  constexpr std::size_t kFixed = 9;
  return 3 * kFixed + 2 + protocol::varint_bytes(accepted.seq) + protocol::varint_bytes(accepted.time_ms) +
         protocol::bytes_of_field(request.client_msg_id.size()) + protocol::bytes_of_field(request.content.size());
}

char* put_proto_message(char* out, const Request& request, const Accepted& accepted) {
  out = protocol::put_fixed64(out, 1, accepted.message_id);
  out = protocol::put_fixed64(out, 2, request.conversation);
  out = protocol::put_number(out, 3, accepted.seq);
  out = protocol::put_fixed64(out, 4, accepted.sender);
  out = protocol::put_bytes(out, 5, request.client_msg_id);
  out = protocol::put_number(out, 6, accepted.time_ms);
  return protocol::put_bytes(out, 7, request.content);
}

}  // namespace

void append_ready(Bytes& out, Format format, std::string_view id, std::uint64_t user) {
  append(out, format, kMostBesideViews + id.size(), [&](char* to) {
    if (format == Format::json) {
      to = put(put(put(to, R"({"type":"ready","id":")"), id), R"(","data":{"user_id":")");
      return put(put(to, user), R"(","epoch":"reference","heartbeat_ms":30000,"features":[],"user_version":0}})");
    }
    return protocol::put_fixed64(put_envelope(to, "ready", id, 9), 1, user);
  });
}

void append_ok(Bytes& out, Format format, std::string_view id, const Accepted& accepted) {
  append(out, format, kMostBesideViews + id.size(), [&](char* to) {
    if (format == Format::json) {
      to = put(put(put(to, R"({"type":"ok","id":")"), id), R"(","data":{"message_id":")");
      to = put(put(put(to, accepted.message_id), R"(","seq":)"), accepted.seq);
      return put(put(put(to, R"(,"time_ms":)"), accepted.time_ms), "}}");
    }
    const std::size_t data = 9 + 2 + protocol::varint_bytes(accepted.seq) + protocol::varint_bytes(accepted.time_ms);
    to = protocol::put_fixed64(put_envelope(to, "ok", id, data), 1, accepted.message_id);
    return protocol::put_number(protocol::put_number(to, 2, accepted.seq), 3, accepted.time_ms);
  });
}

void append_push(Bytes& out, Format format, const Request& request, const Accepted& accepted) {
  append(out, format, kMostBesideViews + request.client_msg_id.size() + request.content.size(), [&](char* to) {
    if (format == Format::json) {
      to = put(put(to, R"({"type":"message","data":{"conversation_id":")"), request.conversation);
      to = put(put(put(to, R"(","seq":)"), accepted.seq), R"(,"change":0,"message":)");
      return put(put_json_message(to, request, accepted), "}}");
    }
    const std::size_t message = proto_message_bytes(request, accepted);
    const std::size_t data = 9 + 1 + protocol::varint_bytes(accepted.seq) + protocol::bytes_of_field(message);
    to = protocol::put_fixed64(put_envelope(to, "message", {}, data), 1, request.conversation);
    to = protocol::put_length(protocol::put_number(to, 2, accepted.seq), 4, message);
    return put_proto_message(to, request, accepted);
  });
}

void append_pong(Bytes& out, Format format, std::string_view id, std::uint64_t time_ms) {
  append(out, format, kMostBesideViews + id.size(), [&](char* to) {
    if (format == Format::json) {
      to = put(put(put(to, R"({"type":"pong","id":")"), id), R"(","data":{"time_ms":)");
      return put(put(to, time_ms), "}}");
    }
    return protocol::put_number(put_envelope(to, "pong", id, 1 + protocol::varint_bytes(time_ms)), 1, time_ms);
  });
}

void append_error(Bytes& out, Format format, std::string_view id, std::string_view code) {
  append(out, format, kMostBesideViews + id.size(), [&](char* to) {
    if (format == Format::json) {
      to = put(put(put(to, R"({"type":"error","id":")"), id), R"(","error":{"code":")");
      return put(put(to, code), R"(","message":"","request_id":""}})");
    }
    to = protocol::put_bytes(protocol::put_bytes(to, 1, "error"), 2, id);
    to = protocol::put_length(to, 4, protocol::bytes_of_field(code.size()));
    return protocol::put_bytes(to, 1, code);
  });
}

}  // namespace hongyan::bench::reference
