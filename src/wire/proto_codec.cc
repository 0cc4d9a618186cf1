#include "wire/proto_codec.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/reflection.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <limits>

#include "hongyan/v1/frame.pb.h"
#include "infra/log/log.h"
#include "wire/codec/field_path.h"
#include "wire/codec/json_plan.h"
#include "wire/codec/proto_field.h"

namespace hongyan::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;

Result<void> tidy(Message& message, const TypePlan& plan, const FieldPath* path);

Result<void> check_integer(bool in_range, const FieldPath& path) {
  if (!in_range) return wrong(path, "the number is out of range");
  return {};
}

bool is_safe(std::int64_t value) { return value >= -kMaxSafeInteger && value <= kMaxSafeInteger; }
bool is_safe(std::uint64_t value) { return value <= std::uint64_t{kMaxSafeInteger}; }

// Number 0 is "not set" and has no name on the wire, so nobody can send it in JSON either.
Result<void> check_choice(const FieldPlan& plan, int number, const FieldPath& path) {
  const auto known = std::ranges::find(plan.choices, number, &std::pair<int, std::string>::first);
  if (number == 0 || known == plan.choices.end()) return wrong(path, "unknown value");
  return {};
}

Result<void> tidy_single(Message& message, const FieldPlan& plan, const FieldPath& path) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor* field = plan.field;
  switch (plan.kind) {
    case JsonKind::int64: return check_integer(is_safe(reflection.GetInt64(message, field)), path);
    case JsonKind::uint64: return check_integer(is_safe(reflection.GetUInt64(message, field)), path);
    case JsonKind::choice: {
      const int number = reflection.GetEnumValue(message, field);
      const bool is_set = plan.has_presence ? reflection.HasField(message, field) : number != 0;
      return is_set ? check_choice(plan, number, path) : Result<void>();
    }
    case JsonKind::message:
      if (!reflection.HasField(message, field)) return {};
      return tidy(*reflection.MutableMessage(&message, field), *plan.message, &path);
    default: return {};
  }
}

Result<void> tidy_element(Message& message, const FieldPlan& plan, int index, const FieldPath& path) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor* field = plan.field;
  switch (plan.kind) {
    case JsonKind::int64: return check_integer(is_safe(reflection.GetRepeatedInt64(message, field, index)), path);
    case JsonKind::uint64: return check_integer(is_safe(reflection.GetRepeatedUInt64(message, field, index)), path);
    case JsonKind::choice: return check_choice(plan, reflection.GetRepeatedEnumValue(message, field, index), path);
    case JsonKind::message:
      return tidy(*reflection.MutableRepeatedMessage(&message, field, index), *plan.message, &path);
    default: return {};
  }
}

// Drops unknown fields and checks the known ones, all the way down.
Result<void> tidy(Message& message, const TypePlan& plan, const FieldPath* path) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) reflection.MutableUnknownFields(&message)->Clear();
  for (const FieldPlan& field : plan.fields) {
    const FieldPath here{path, field.name};
    if (!field.repeated) {
      HY_TRY(tidy_single(message, field, here));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field.field); ++i) {
      const std::string index = std::to_string(i);
      HY_TRY(tidy_element(message, field, i, FieldPath{&here, index}));
    }
  }
  return {};
}

void keep_fatal_only(google::protobuf::LogLevel level, const char* file, int line, const std::string& text) {
  if (level != google::protobuf::LOGLEVEL_FATAL) return;
  log::error("protobuf_failed", {{"file", file}, {"line", line}, {"why", text}});
}

std::uint8_t* write_field_head(int number, std::size_t size, std::uint8_t* to) {
  to = WireFormatLite::WriteTagToArray(number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED, to);
  return CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(size), to);
}

std::uint8_t* write_text(int number, std::string_view text, std::uint8_t* to) {
  if (text.empty()) return to;
  to = write_field_head(number, text.size(), to);
  return std::ranges::copy(text, to).out;
}

}  // namespace

Result<RequestFrame> parse_proto_frame(std::string_view bytes, const FramePrototype& prototype) {
  v1::Frame envelope;
  // Not from_proto: nothing of the envelope is kept but what is read here.
  if (!envelope.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorCode::invalid_argument, "not a Frame");
  }
  RequestFrame frame;
  if (valid_frame_id(envelope.id())) frame.id = std::move(*envelope.mutable_id());
  frame.type = std::move(*envelope.mutable_type());
  if (!resolve(frame, prototype)) return frame;
  if (auto read = from_proto(envelope.data(), *frame.data); !read) {
    frame.problem = std::move(read).error();
    if (frame.problem->field.empty()) frame.problem->field = "data";
  }
  return frame;
}

ws::SharedFrame encode_proto_frame(std::string_view type, std::string_view id, const Message& data) {
  const std::size_t data_size = data.ByteSizeLong();
  const std::size_t size = plain_field_size(type.size()) + plain_field_size(id.size()) + plain_field_size(data_size);
  return ws::make_frame(ws::Opcode::binary, size, [&](char* begin) {
    auto* to = reinterpret_cast<std::uint8_t*>(begin);
    to = write_text(v1::Frame::kTypeFieldNumber, type, to);
    to = write_text(v1::Frame::kIdFieldNumber, id, to);
    if (data_size > 0)
      data.SerializeWithCachedSizesToArray(write_field_head(v1::Frame::kDataFieldNumber, data_size, to));
  });
}

Result<void> from_proto(std::string_view bytes, Message& message) {
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorCode::invalid_argument, "not a " + message.GetDescriptor()->full_name());
  }
  return tidy(message, plan_of(*message.GetDescriptor()), nullptr);
}

void quiet_protobuf_log() { google::protobuf::SetLogHandler(&keep_fatal_only); }

}  // namespace hongyan::wire
