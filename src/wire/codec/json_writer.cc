#include <google/protobuf/descriptor.h>
#include <google/protobuf/reflection.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>
#include <utility>

#include "infra/crypto/base64.h"
#include "wire/codec/json_plan.h"
#include "wire/json_codec.h"

namespace hongyan::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

template <class T>
void append_number(T value, std::string& out) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void append_id(std::uint64_t id, std::string& out) {
  out.push_back('"');
  append_number(id, out);
  out.push_back('"');
}

void append_bytes(const std::string& value, std::string& out) {
  out.push_back('"');
  out += crypto::base64url_encode(value);
  out.push_back('"');
}

void append_choice(const FieldPlan& plan, int number, std::string& out) {
  out.push_back('"');
  const auto known = std::ranges::find(plan.choices, number, &std::pair<int, std::string>::first);
  if (known != plan.choices.end()) out += known->second;
  out.push_back('"');
}

// How many bytes at the front of `text` need no escape. Eight at a time: text is most of what is written.
std::size_t plain_length(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    // The high bit of a byte is set where it is below 0x20, a quote or a backslash; it may also be set above such a byte.
    const std::uint64_t quote = word ^ (kOnes * '"');
    const std::uint64_t backslash = word ^ (kOnes * '\\');
    const std::uint64_t special =
        ((word - kOnes * 0x20) & ~word) | ((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash);
    if ((special & kHighs) != 0) break;
  }
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

void append_object(const Message& message, const TypePlan& plan, std::string& out);

void append_single(const Message& message, const Reflection& reflection, const FieldPlan& plan, std::string& out) {
  const FieldDescriptor* field = plan.field;
  std::string scratch;
  switch (plan.kind) {
    case JsonKind::int32: return append_number(reflection.GetInt32(message, field), out);
    case JsonKind::int64: return append_number(reflection.GetInt64(message, field), out);
    case JsonKind::uint32: return append_number(reflection.GetUInt32(message, field), out);
    case JsonKind::uint64: return append_number(reflection.GetUInt64(message, field), out);
    case JsonKind::id: return append_id(reflection.GetUInt64(message, field), out);
    case JsonKind::float32: return append_number(reflection.GetFloat(message, field), out);
    case JsonKind::float64: return append_number(reflection.GetDouble(message, field), out);
    case JsonKind::boolean: out += reflection.GetBool(message, field) ? "true" : "false"; return;
    case JsonKind::choice: return append_choice(plan, reflection.GetEnumValue(message, field), out);
    case JsonKind::text: return append_json_string(reflection.GetStringReference(message, field, &scratch), out);
    case JsonKind::bytes: return append_bytes(reflection.GetStringReference(message, field, &scratch), out);
    case JsonKind::message: return append_object(reflection.GetMessage(message, field), *plan.message, out);
  }
}

void append_element(const Message& message, const Reflection& reflection, const FieldPlan& plan, int index,
                    std::string& out) {
  const FieldDescriptor* field = plan.field;
  std::string scratch;
  switch (plan.kind) {
    case JsonKind::int32: return append_number(reflection.GetRepeatedInt32(message, field, index), out);
    case JsonKind::int64: return append_number(reflection.GetRepeatedInt64(message, field, index), out);
    case JsonKind::uint32: return append_number(reflection.GetRepeatedUInt32(message, field, index), out);
    case JsonKind::uint64: return append_number(reflection.GetRepeatedUInt64(message, field, index), out);
    case JsonKind::id: return append_id(reflection.GetRepeatedUInt64(message, field, index), out);
    case JsonKind::float32: return append_number(reflection.GetRepeatedFloat(message, field, index), out);
    case JsonKind::float64: return append_number(reflection.GetRepeatedDouble(message, field, index), out);
    case JsonKind::boolean: out += reflection.GetRepeatedBool(message, field, index) ? "true" : "false"; return;
    case JsonKind::choice: return append_choice(plan, reflection.GetRepeatedEnumValue(message, field, index), out);
    case JsonKind::text:
      return append_json_string(reflection.GetRepeatedStringReference(message, field, index, &scratch), out);
    case JsonKind::bytes:
      return append_bytes(reflection.GetRepeatedStringReference(message, field, index, &scratch), out);
    case JsonKind::message:
      return append_object(reflection.GetRepeatedMessage(message, field, index), *plan.message, out);
  }
}

bool is_written(const Message& message, const Reflection& reflection, const FieldPlan& plan) {
  if (plan.repeated) return !plan.omit_empty || reflection.FieldSize(message, plan.field) > 0;
  if (plan.has_presence) return reflection.HasField(message, plan.field);
  if (plan.kind == JsonKind::id) return reflection.GetUInt64(message, plan.field) != 0;
  if (plan.kind == JsonKind::choice) return reflection.GetEnumValue(message, plan.field) != 0;
  return true;
}

void append_list(const Message& message, const Reflection& reflection, const FieldPlan& plan, std::string& out) {
  out.push_back('[');
  for (int e = 0; e < reflection.FieldSize(message, plan.field); ++e) {
    if (e > 0) out.push_back(',');
    append_element(message, reflection, plan, e, out);
  }
  out.push_back(']');
}

// In the order of the keys: protobuf has none.
void append_map(const Message& message, const Reflection& reflection, const FieldPlan& plan, std::string& out) {
  const FieldPlan& key = plan.message->fields[0];
  const FieldPlan& value = plan.message->fields[1];
  std::map<std::string, const Message*> entries;
  for (int e = 0; e < reflection.FieldSize(message, plan.field); ++e) {
    const Message& entry = reflection.GetRepeatedMessage(message, plan.field, e);
    entries.insert_or_assign(entry.GetReflection()->GetString(entry, key.field), &entry);
  }
  char separator = '{';
  for (const auto& [name, entry] : entries) {
    out.push_back(std::exchange(separator, ','));
    append_json_string(name, out);
    out.push_back(':');
    append_single(*entry, *entry->GetReflection(), value, out);
  }
  if (separator == '{') out.push_back('{');
  out.push_back('}');
}

// Of singular fields without presence: each has its place. Or of one list.
void append_fields_as_list(const Message& message, const TypePlan& plan, std::string& out) {
  const FieldPlan& first = plan.fields.front();
  if (first.repeated) return append_list(message, *message.GetReflection(), first, out);
  char separator = '[';
  for (const FieldPlan& field : plan.fields) {
    out.push_back(std::exchange(separator, ','));
    append_single(message, *message.GetReflection(), field, out);
  }
  out.push_back(']');
}

void append_object(const Message& message, const TypePlan& plan, std::string& out) {
  if (plan.as_list) return append_fields_as_list(message, plan, out);
  const Reflection& reflection = *message.GetReflection();
  char separator = '{';
  for (const FieldPlan& field : plan.fields) {
    if (!is_written(message, reflection, field)) continue;
    out.push_back(std::exchange(separator, ','));
    out += field.key;
    if (field.is_map) {
      append_map(message, reflection, field, out);
    } else if (field.repeated) {
      append_list(message, reflection, field, out);
    } else {
      append_single(message, reflection, field, out);
    }
  }
  if (separator == '{') out.push_back('{');
  out.push_back('}');
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t done = 0;
  while (true) {
    const std::size_t next = plain_length(text.substr(done));
    out.append(text, done, next);
    done += next;
    if (done == text.size()) break;
    const auto c = static_cast<unsigned char>(text[done++]);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out.push_back(kHex[c >> 4]);
        out.push_back(kHex[c & 15]);
    }
  }
  out.push_back('"');
}

void append_json(const Message& message, std::string& out) {
  append_object(message, plan_of(*message.GetDescriptor()), out);
}

std::string to_json(const Message& message) {
  std::string out;
  append_json(message, out);
  return out;
}

}  // namespace hongyan::wire
