#include "bench/load/wire/requests.h"

#include <fmt/format.h>

#include <cstring>
#include <random>

#include "bench/protocol/proto_fields.h"

namespace hongyan::bench::load {
namespace {

using protocol::Format;
using protocol::kHexDigits;
using sockets::Bytes;

// Texts are taken from so many letters, from another place each time.
constexpr std::size_t kLetters = 1 << 16;
constexpr std::size_t kStep = 37;

char* put(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* put_hex(char* out, std::uint32_t number) {
  protocol::write_hex(out, number);
  return out + kHexDigits;
}

constexpr std::string_view kJsonType = R"({"type":"message.send","id":")";
constexpr std::string_view kJsonConversation = R"(","data":{"conversation_id":")";
constexpr std::string_view kJsonMessageId = R"(","client_msg_id":")";
constexpr std::string_view kJsonText = R"(","content":{"text":{"text":")";
constexpr std::string_view kJsonEnd = R"("}}}})";
constexpr std::size_t kJsonFixed = kJsonType.size() + kHexDigits + kJsonConversation.size() + kJsonMessageId.size() +
                                   kHexDigits + kJsonText.size() + kJsonEnd.size();
constexpr std::string_view kSendType = "message.send";

}  // namespace

RequestWriter::RequestWriter(Format format, std::size_t text_bytes, std::uint64_t seed)
    : format_(format), text_bytes_(text_bytes), masks_(seed) {
  std::mt19937_64 random(seed);
  // As long as the UUIDs that clients use, with the number at its end.
  const auto [high, low] = std::pair(random(), random());
  prefix_ = fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:04x}", high >> 32U, high >> 16U & 0xffffU, high & 0xffffU,
                        low >> 16U & 0xffffU, low & 0xffffU);
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789";
  letters_.reserve(kLetters + text_bytes);
  while (letters_.size() < kLetters + text_bytes) letters_ += kAlphabet[random() % kAlphabet.size()];
}

std::string_view RequestWriter::next_text() {
  letters_at_ = (letters_at_ + kStep) % kLetters;
  return {letters_.data() + letters_at_, text_bytes_};
}

template <class Write>
void RequestWriter::append(Bytes& out, std::size_t payload_bytes, Write&& write) {
  char* begin = out.room(protocol::kLongestHead + payload_bytes);
  const protocol::Mask mask = masks_.next();
  const std::size_t head = protocol::write_head(begin, opcode_of(format_), payload_bytes, mask);
  write(begin + head);
  protocol::apply_mask(begin + head, payload_bytes, mask);
  out.added(head + payload_bytes);
}

void RequestWriter::append_message(Bytes& out, const ConversationName& to, std::uint32_t number) {
  if (format_ == Format::json) {
    const std::size_t bytes = kJsonFixed + to.length + prefix_.size() + text_bytes_;
    return append(out, bytes, [&](char* begin) { put_json_message(begin, to, number); });
  }
  const std::size_t text = protocol::bytes_of_field(text_bytes_);
  const std::size_t content = protocol::bytes_of_field(text);
  const std::size_t data =
      9 + protocol::bytes_of_field(prefix_.size() + kHexDigits) + protocol::bytes_of_field(content);
  const std::size_t bytes = protocol::bytes_of_field(kSendType.size()) + protocol::bytes_of_field(kHexDigits) +
                            protocol::bytes_of_field(data);
  append(out, bytes, [&](char* begin) {
    char* at = protocol::put_bytes(begin, 1, kSendType);
    at = put_hex(protocol::put_length(at, 2, kHexDigits), number);
    at = protocol::put_fixed64(protocol::put_length(at, 3, data), 1, to.id);
    at = protocol::put_length(at, 2, prefix_.size() + kHexDigits);
    at = put_hex(put(at, prefix_), number);
    at = protocol::put_length(protocol::put_length(at, 3, content), 1, text);
    protocol::put_bytes(at, 1, next_text());
  });
}

char* RequestWriter::put_json_message(char* out, const ConversationName& to, std::uint32_t number) {
  out = put_hex(put(out, kJsonType), number);
  out = put(put(out, kJsonConversation), to.text());
  out = put_hex(put(put(out, kJsonMessageId), prefix_), number);
  return put(put(put(out, kJsonText), next_text()), kJsonEnd);
}

void RequestWriter::append_auth(Bytes& out, std::string_view token) {
  if (format_ == Format::json) {
    const auto text = fmt::format(R"({{"type":"auth","id":"auth","data":{{"token":"{}"}}}})", token);
    return append_frame(out, opcode_of(format_), text, masks_.next());
  }
  const std::size_t data = protocol::bytes_of_field(token.size());
  append(out, 2 * protocol::bytes_of_field(4) + protocol::bytes_of_field(data), [&](char* begin) {
    char* at = protocol::put_bytes(protocol::put_bytes(begin, 1, "auth"), 2, "auth");
    protocol::put_bytes(protocol::put_length(at, 3, data), 1, token);
  });
}

void RequestWriter::append_list(Bytes& out, const ConversationName& of, std::uint32_t number, std::uint64_t before,
                                std::uint32_t limit) {
  char payload[256];
  char* at = payload;
  if (format_ == Format::json) {
    at = put_hex(put(at, R"({"type":"message.list","id":")"), number);
    at = put(put(at, kJsonConversation), of.text());
    at = put(at, R"(","limit":)");
    at += protocol::write_decimal(at, limit);
    if (before > 0) {
      at = put(at, R"(,"before":)");
      at += protocol::write_decimal(at, before);
    }
    at = put(at, "}}");
  } else {
    const std::size_t cursor = before > 0 ? 1 + protocol::varint_bytes(before) : 0;
    at = put_hex(protocol::put_length(protocol::put_bytes(at, 1, "message.list"), 2, kHexDigits), number);
    at = protocol::put_length(at, 3, 9 + cursor + 1 + protocol::varint_bytes(limit));
    at = protocol::put_fixed64(at, 1, of.id);
    if (before > 0) at = protocol::put_number(at, 2, before);
    at = protocol::put_number(at, 5, limit);
  }
  append_frame(out, opcode_of(format_), {payload, static_cast<std::size_t>(at - payload)}, masks_.next());
}

void RequestWriter::append_pong(Bytes& out, std::string_view payload) {
  append_frame(out, protocol::Opcode::pong, payload, masks_.next());
}

std::string RequestWriter::rest_body(const ConversationName& to, std::uint32_t number) {
  return fmt::format(R"({{"conversation_id":"{}","client_msg_id":"{}{:08x}","content":{{"text":{{"text":"{}"}}}}}})",
                     to.text(), prefix_, number, next_text());
}

std::string RequestWriter::client_msg_id(std::uint32_t number) const {
  return fmt::format("{}{:08x}", prefix_, number);
}

}  // namespace hongyan::bench::load
