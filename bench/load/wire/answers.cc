#include "bench/load/wire/answers.h"

#include <algorithm>

#include "bench/protocol/json_search.h"
#include "bench/protocol/proto_fields.h"

namespace hongyan::bench::load {
namespace {

using protocol::Field;
using protocol::Fields;
using protocol::Format;

Kind kind_of(std::string_view type) {
  if (type == "message") return Kind::message;
  if (type == "ok") return Kind::ok;
  if (type == "error") return Kind::error;
  return type == "ready" ? Kind::ready : Kind::other;
}

// A field that usually is the next one: the rest of `text` after `usual`, or after `key` wherever that is.
std::string_view next(std::string_view text, std::string_view usual, std::string_view key) {
  if (protocol::skip(text, usual)) return text;
  return protocol::after(text, key);
}

void read_message_push(std::string_view data, Answer& answer) {
  Field field;
  for (Fields fields(data); fields.next(field);) {
    if (field.number == 1) answer.conversation = field.value;
    if (field.number == 2) answer.seq = field.value;
    if (field.number != 4) continue;
    Field of_message;
    for (Fields message(field.bytes); message.next(of_message);) {
      if (of_message.number != 5) continue;
      answer.client_msg_id = of_message.bytes;
      break;
    }
  }
}

// The number of a field of message.list's answer. These stand behind all messages, so they are looked for from the end.
std::uint64_t last_number(std::string_view payload, std::string_view key) {
  const auto at = payload.rfind(key);
  if (at == std::string_view::npos) return 0;
  std::string_view rest = payload.substr(at + key.size());
  return protocol::take_decimal(rest);
}

std::uint64_t first_field(std::string_view message) {
  Field field;
  return Fields(message).next(field) && field.number == 1 ? field.value : 0;
}

}  // namespace

Answer read_json(std::string_view payload) {
  Answer answer;
  std::string_view rest = payload;
  if (protocol::skip(rest, R"({"type":")")) {
    const std::string_view type = protocol::up_to_quote(rest);
    answer.kind = kind_of(type);
    rest.remove_prefix(type.size());
  } else {
    answer.kind = kind_of(protocol::string_of(payload, R"("type":")"));
  }
  if (answer.kind == Kind::message) {
    rest = next(rest, R"(","data":{"conversation_id":")", R"("conversation_id":")");
    answer.conversation = protocol::take_decimal(rest);
    rest = next(rest, R"(","seq":)", R"("seq":)");
    answer.seq = protocol::take_decimal(rest);
    answer.client_msg_id = protocol::string_of(rest, R"("client_msg_id":")");
  } else if (answer.kind != Kind::other) {
    rest = next(rest, R"(","id":")", R"("id":")");
    answer.id = protocol::up_to_quote(rest);
    if (answer.kind == Kind::ok) answer.seq = protocol::number_of(rest, R"("seq":)");
    if (answer.kind == Kind::error) answer.detail = protocol::string_of(payload, R"("code":")");
  }
  return answer;
}

Answer read_proto(std::string_view payload) {
  Answer answer;
  Field field;
  for (Fields fields(payload); fields.next(field);) {
    switch (field.number) {
      case 1: answer.kind = kind_of(field.bytes); break;
      case 2: answer.id = field.bytes; break;
      case 3: answer.detail = field.bytes; break;
      case 4: {
        Field code;
        if (Fields(field.bytes).next(code) && code.number == 1) answer.detail = code.bytes;
        break;
      }
      default: break;
    }
  }
  if (answer.kind == Kind::message) {
    read_message_push(answer.detail, answer);
  } else if (answer.kind == Kind::ok) {
    for (Fields fields(answer.detail); fields.next(field);) {
      if (field.number == 2) answer.seq = field.value;
    }
  }
  return answer;
}

Page read_page(Format format, std::string_view payload) {
  Page page;
  if (format == Format::json) {
    page.from_seq = last_number(payload, R"("from_seq":)");
    page.to_seq = last_number(payload, R"("to_seq":)");
    page.head_seq = last_number(payload, R"("head":{"seq":)");
    return page;
  }
  Field field;
  for (Fields fields(read_proto(payload).detail); fields.next(field);) {
    if (field.number == 2) page.from_seq = field.value;
    if (field.number == 3) page.to_seq = field.value;
    if (field.number == 6) page.head_seq = first_field(field.bytes);
  }
  return page;
}

}  // namespace hongyan::bench::load
