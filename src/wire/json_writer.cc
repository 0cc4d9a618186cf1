#include <google/protobuf/descriptor.h>
#include <google/protobuf/reflection.h>

#include <charconv>

#include "hongyan/v1/options.pb.h"
#include "infra/crypto/base64.h"
#include "wire/json_codec.h"
#include "wire/names.h"

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

bool is_id(const FieldDescriptor& field) { return field.type() == FieldDescriptor::TYPE_FIXED64; }

void append_string(const FieldDescriptor& field, const std::string& value, std::string& out) {
  if (field.type() == FieldDescriptor::TYPE_BYTES) {
    out.push_back('"');
    out += crypto::base64url_encode(value);
    out.push_back('"');
  } else {
    append_json_string(value, out);
  }
}

void append_enum(const google::protobuf::EnumValueDescriptor& value, std::string& out) {
  out.push_back('"');
  out += enum_json_name(value);
  out.push_back('"');
}

void append_single(const Message& message, const Reflection& reflection, const FieldDescriptor& field,
                   std::string& out) {
  std::string scratch;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return append_number(reflection.GetInt32(message, &field), out);
    case FieldDescriptor::CPPTYPE_INT64: return append_number(reflection.GetInt64(message, &field), out);
    case FieldDescriptor::CPPTYPE_UINT32: return append_number(reflection.GetUInt32(message, &field), out);
    case FieldDescriptor::CPPTYPE_UINT64:
      return is_id(field) ? append_id(reflection.GetUInt64(message, &field), out)
                          : append_number(reflection.GetUInt64(message, &field), out);
    case FieldDescriptor::CPPTYPE_DOUBLE: return append_number(reflection.GetDouble(message, &field), out);
    case FieldDescriptor::CPPTYPE_FLOAT: return append_number(reflection.GetFloat(message, &field), out);
    case FieldDescriptor::CPPTYPE_BOOL: out += reflection.GetBool(message, &field) ? "true" : "false"; return;
    case FieldDescriptor::CPPTYPE_ENUM: return append_enum(*reflection.GetEnum(message, &field), out);
    case FieldDescriptor::CPPTYPE_STRING:
      return append_string(field, reflection.GetStringReference(message, &field, &scratch), out);
    case FieldDescriptor::CPPTYPE_MESSAGE: return append_json(reflection.GetMessage(message, &field), out);
  }
}

void append_element(const Message& message, const Reflection& reflection, const FieldDescriptor& field, int index,
                    std::string& out) {
  std::string scratch;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return append_number(reflection.GetRepeatedInt32(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_INT64: return append_number(reflection.GetRepeatedInt64(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_UINT32:
      return append_number(reflection.GetRepeatedUInt32(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_UINT64:
      return is_id(field) ? append_id(reflection.GetRepeatedUInt64(message, &field, index), out)
                          : append_number(reflection.GetRepeatedUInt64(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return append_number(reflection.GetRepeatedDouble(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_FLOAT: return append_number(reflection.GetRepeatedFloat(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out += reflection.GetRepeatedBool(message, &field, index) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_ENUM: return append_enum(*reflection.GetRepeatedEnum(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_STRING:
      return append_string(field, reflection.GetRepeatedStringReference(message, &field, index, &scratch), out);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return append_json(reflection.GetRepeatedMessage(message, &field, index), out);
  }
}

bool is_written(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
  if (field.is_repeated()) {
    return reflection.FieldSize(message, &field) > 0 || !field.options().GetExtension(v1::field).omit_empty();
  }
  if (field.has_presence()) return reflection.HasField(message, &field);
  if (is_id(field)) return reflection.GetUInt64(message, &field) != 0;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) return reflection.GetEnumValue(message, &field) != 0;
  return true;
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
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
  out.append(text, plain, text.size() - plain);
  out.push_back('"');
}

void append_json(const Message& message, std::string& out) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  out.push_back('{');
  bool first = true;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!is_written(message, reflection, field)) continue;
    if (!first) out.push_back(',');
    first = false;
    out.push_back('"');
    out += field.name();
    out += "\":";
    if (!field.is_repeated()) {
      append_single(message, reflection, field, out);
      continue;
    }
    out.push_back('[');
    for (int e = 0; e < reflection.FieldSize(message, &field); ++e) {
      if (e > 0) out.push_back(',');
      append_element(message, reflection, field, e, out);
    }
    out.push_back(']');
  }
  out.push_back('}');
}

std::string to_json(const Message& message) {
  std::string out;
  append_json(message, out);
  return out;
}

}  // namespace hongyan::wire
