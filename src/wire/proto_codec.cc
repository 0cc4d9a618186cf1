#include "wire/proto_codec.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/reflection.h>
#include <google/protobuf/stubs/logging.h>

#include <limits>

#include "infra/log/log.h"
#include "wire/codec/field_path.h"

namespace hongyan::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

Result<void> check_message(const Message& message, const FieldPath* path);

Result<void> check_integer(std::int64_t value, const FieldPath& path) {
  if (value < -kMaxSafeInteger || value > kMaxSafeInteger) return wrong(path, "the number is out of range");
  return {};
}

Result<void> check_unsigned(const FieldDescriptor& field, std::uint64_t value, const FieldPath& path) {
  // Ids are strings in JSON and may have all 64 bits.
  const bool is_id = field.type() == FieldDescriptor::TYPE_FIXED64;
  if (!is_id && value > std::uint64_t{kMaxSafeInteger}) return wrong(path, "the number is out of range");
  return {};
}

// Number 0 is "not set" and has no name on the wire, so nobody can send it in JSON either.
Result<void> check_enum(const FieldDescriptor& field, int number, const FieldPath& path) {
  if (number == 0 || field.enum_type()->FindValueByNumber(number) == nullptr) return wrong(path, "unknown value");
  return {};
}

Result<void> check_single(const Message& message, const FieldDescriptor& field, const FieldPath& path) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64: return check_integer(reflection.GetInt64(message, &field), path);
    case FieldDescriptor::CPPTYPE_UINT64: return check_unsigned(field, reflection.GetUInt64(message, &field), path);
    case FieldDescriptor::CPPTYPE_ENUM: return check_enum(field, reflection.GetEnumValue(message, &field), path);
    case FieldDescriptor::CPPTYPE_MESSAGE: return check_message(reflection.GetMessage(message, &field), &path);
    default: return {};
  }
}

Result<void> check_element(const Message& message, const FieldDescriptor& field, int index, const FieldPath& path) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return check_integer(reflection.GetRepeatedInt64(message, &field, index), path);
    case FieldDescriptor::CPPTYPE_UINT64:
      return check_unsigned(field, reflection.GetRepeatedUInt64(message, &field, index), path);
    case FieldDescriptor::CPPTYPE_ENUM:
      return check_enum(field, reflection.GetRepeatedEnumValue(message, &field, index), path);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return check_message(reflection.GetRepeatedMessage(message, &field, index), &path);
    default: return {};
  }
}

Result<void> check_message(const Message& message, const FieldPath* path) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    const FieldPath here{path, field->name()};
    if (!field->is_repeated()) {
      HY_TRY(check_single(message, *field, here));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      const std::string index = std::to_string(i);
      HY_TRY(check_element(message, *field, i, FieldPath{&here, index}));
    }
  }
  return {};
}

void keep_fatal_only(google::protobuf::LogLevel level, const char* file, int line, const std::string& text) {
  if (level != google::protobuf::LOGLEVEL_FATAL) return;
  log::error("protobuf_failed", {{"file", file}, {"line", line}, {"why", text}});
}

}  // namespace

Result<void> from_proto(std::string_view bytes, Message& message) {
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorCode::invalid_argument, "not a " + message.GetDescriptor()->full_name());
  }
  message.DiscardUnknownFields();
  return check_message(message, nullptr);
}

void quiet_protobuf_log() { google::protobuf::SetLogHandler(&keep_fatal_only); }

}  // namespace hongyan::wire
