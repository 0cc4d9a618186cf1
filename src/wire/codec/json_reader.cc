#include <google/protobuf/descriptor.h>
#include <google/protobuf/reflection.h>
#include <simdjson.h>

#include <algorithm>
#include <limits>

#include "base/numbers.h"
#include "infra/crypto/base64.h"
#include "wire/codec/field_path.h"
#include "wire/codec/json_document.h"
#include "wire/codec/json_plan.h"
#include "wire/json_codec.h"
#include "wire/names.h"

namespace hongyan::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using simdjson::dom::element;
using simdjson::dom::element_type;

Result<std::uint64_t> parse_id(std::string_view text, const FieldPath& path) {
  const auto id = number_from<std::uint64_t>(text);
  if (!id) return wrong(path, "an id is a string of digits");
  return *id;
}

const google::protobuf::EnumValueDescriptor* find_enum(const FieldDescriptor& field, std::string_view name) {
  const auto& type = *field.enum_type();
  for (int i = 0; i < type.value_count(); ++i) {
    // Number 0 is "not set" and has no name on the wire.
    if (type.value(i)->number() != 0 && enum_json_name(*type.value(i)) == name) return type.value(i);
  }
  return nullptr;
}

// One plain value, before it is put into a field.
struct Scalar {
  std::int64_t integer = 0;
  std::uint64_t id = 0;
  double real = 0;
  bool boolean = false;
  std::string text;
  const google::protobuf::EnumValueDescriptor* choice = nullptr;
};

Result<std::int64_t> integer_in_range(const FieldDescriptor& field, std::int64_t value, const FieldPath& path) {
  std::int64_t low = -kMaxSafeInteger;
  std::int64_t high = kMaxSafeInteger;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    low = std::numeric_limits<std::int32_t>::min();
    high = std::numeric_limits<std::int32_t>::max();
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    low = 0;
    high = std::numeric_limits<std::uint32_t>::max();
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
    low = 0;
  }
  if (value < low || value > high) return wrong(path, "the number is out of range");
  return value;
}

Result<Scalar> scalar_from_string(const FieldDescriptor& field, std::string_view text, const FieldPath& path) {
  Scalar scalar;
  if (field.type() == FieldDescriptor::TYPE_FIXED64) {
    HY_TRY(scalar.id, parse_id(text, path));
  } else if (field.type() == FieldDescriptor::TYPE_BYTES) {
    auto bytes = crypto::base64url_decode(text);
    if (!bytes) return wrong(path, "not base64url");
    scalar.text = std::move(*bytes);
  } else if (field.type() == FieldDescriptor::TYPE_STRING) {
    scalar.text = text;
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    scalar.choice = find_enum(field, text);
    if (scalar.choice == nullptr) return wrong(path, "unknown value");
  } else {
    return wrong(path, "a string is not allowed here");
  }
  return scalar;
}

Result<Scalar> integer_from_json(const FieldDescriptor& field, const element& value, const FieldPath& path) {
  Scalar scalar;
  if (value.get(scalar.integer) != simdjson::SUCCESS) return wrong(path, "must be an integer");
  HY_TRY(scalar.integer, integer_in_range(field, scalar.integer, path));
  scalar.id = static_cast<std::uint64_t>(scalar.integer);
  return scalar;
}

Result<Scalar> scalar_from_json(const FieldDescriptor& field, const element& value, const FieldPath& path) {
  Scalar scalar;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      if (value.get(scalar.boolean) != simdjson::SUCCESS) return wrong(path, "must be true or false");
      return scalar;
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      if (value.get(scalar.real) != simdjson::SUCCESS) return wrong(path, "must be a number");
      return scalar;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32: return integer_from_json(field, value, path);
    case FieldDescriptor::CPPTYPE_UINT64:
      if (field.type() != FieldDescriptor::TYPE_FIXED64) return integer_from_json(field, value, path);
      [[fallthrough]];
    default: {
      std::string_view text;
      if (value.get(text) != simdjson::SUCCESS) return wrong(path, "must be a string");
      return scalar_from_string(field, text, path);
    }
  }
}

void put(Message& message, const Reflection& reflection, const FieldDescriptor& field, Scalar scalar) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, static_cast<std::int32_t>(scalar.integer));
    case FieldDescriptor::CPPTYPE_INT64: return reflection.SetInt64(&message, &field, scalar.integer);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&message, &field, static_cast<std::uint32_t>(scalar.integer));
    case FieldDescriptor::CPPTYPE_UINT64: return reflection.SetUInt64(&message, &field, scalar.id);
    case FieldDescriptor::CPPTYPE_DOUBLE: return reflection.SetDouble(&message, &field, scalar.real);
    case FieldDescriptor::CPPTYPE_FLOAT: return reflection.SetFloat(&message, &field, static_cast<float>(scalar.real));
    case FieldDescriptor::CPPTYPE_BOOL: return reflection.SetBool(&message, &field, scalar.boolean);
    case FieldDescriptor::CPPTYPE_ENUM: return reflection.SetEnum(&message, &field, scalar.choice);
    case FieldDescriptor::CPPTYPE_STRING: return reflection.SetString(&message, &field, std::move(scalar.text));
    case FieldDescriptor::CPPTYPE_MESSAGE: return;
  }
}

void add(Message& message, const Reflection& reflection, const FieldDescriptor& field, Scalar scalar) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.AddInt32(&message, &field, static_cast<std::int32_t>(scalar.integer));
    case FieldDescriptor::CPPTYPE_INT64: return reflection.AddInt64(&message, &field, scalar.integer);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.AddUInt32(&message, &field, static_cast<std::uint32_t>(scalar.integer));
    case FieldDescriptor::CPPTYPE_UINT64: return reflection.AddUInt64(&message, &field, scalar.id);
    case FieldDescriptor::CPPTYPE_DOUBLE: return reflection.AddDouble(&message, &field, scalar.real);
    case FieldDescriptor::CPPTYPE_FLOAT: return reflection.AddFloat(&message, &field, static_cast<float>(scalar.real));
    case FieldDescriptor::CPPTYPE_BOOL: return reflection.AddBool(&message, &field, scalar.boolean);
    case FieldDescriptor::CPPTYPE_ENUM: return reflection.AddEnum(&message, &field, scalar.choice);
    case FieldDescriptor::CPPTYPE_STRING: return reflection.AddString(&message, &field, std::move(scalar.text));
    case FieldDescriptor::CPPTYPE_MESSAGE: return;
  }
}

Result<void> read_object(const simdjson::dom::object& object, Message& message, const TypePlan& plan,
                         const FieldPath* path);

Result<void> read_list(const element& value, Message& message, const FieldPlan& plan, const FieldPath& path);
Result<void> read_fields_from_list(const element& value, Message& message, const TypePlan& plan, const FieldPath& path);

Result<void> read_element(const element& value, Message& message, const FieldPlan& plan, const FieldPath& path) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor& field = *plan.field;
  if (plan.message != nullptr) {
    Message& target =
        plan.repeated ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field);
    if (plan.message->as_list) return read_fields_from_list(value, target, *plan.message, path);
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS) return wrong(path, "must be an object");
    return read_object(object, target, *plan.message, &path);
  }
  HY_TRY(Scalar scalar, scalar_from_json(field, value, path));
  plan.repeated ? add(message, reflection, field, std::move(scalar))
                : put(message, reflection, field, std::move(scalar));
  return {};
}

// A list of numbers, one for each field; or what its only field, a list, holds.
Result<void> read_fields_from_list(const element& value, Message& message, const TypePlan& plan,
                                   const FieldPath& path) {
  if (plan.fields.front().repeated) return read_list(value, message, plan.fields.front(), path);
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS || array.size() != plan.fields.size()) {
    return wrong(path, "must be a list of one number for each of its fields");
  }
  auto field = plan.fields.begin();
  for (const element& item : array) {
    HY_TRY(read_element(item, message, *field, FieldPath{&path, field->name}));
    ++field;
  }
  return {};
}

Result<void> read_list(const element& value, Message& message, const FieldPlan& plan, const FieldPath& path) {
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) return wrong(path, "must be a list");
  int index = 0;
  for (const element& item : array) {
    const std::string name = std::to_string(index++);
    HY_TRY(read_element(item, message, plan, FieldPath{&path, name}));
  }
  return {};
}

Result<void> read_map(const element& value, Message& message, const FieldPlan& plan, const FieldPath& path) {
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return wrong(path, "must be an object");
  const Reflection& reflection = *message.GetReflection();
  for (const auto& [name, item] : object) {
    Message& entry = *reflection.AddMessage(&message, plan.field);
    entry.GetReflection()->SetString(&entry, plan.message->fields[0].field, std::string(name));
    HY_TRY(read_element(item, entry, plan.message->fields[1], FieldPath{&path, name}));
  }
  return {};
}

Result<void> read_field(const element& value, Message& message, const FieldPlan& plan, const FieldPath& path) {
  if (plan.is_map) return read_map(value, message, plan, path);
  return plan.repeated ? read_list(value, message, plan, path) : read_element(value, message, plan, path);
}

Result<void> read_object(const simdjson::dom::object& object, Message& message, const TypePlan& plan,
                         const FieldPath* path) {
  const Reflection& reflection = *message.GetReflection();
  std::size_t hint = 0;
  for (const auto& [key, value] : object) {
    const FieldPlan* field = plan.find(key, hint);
    if (field == nullptr || value.is_null()) continue;
    const FieldPath here{path, key};
    if (field->oneof != nullptr && reflection.HasOneof(message, field->oneof) &&
        !reflection.HasField(message, field->field)) {
      return wrong(path != nullptr ? *path : here, "more than one kind is given");
    }
    HY_TRY(read_field(value, message, *field, here));
  }
  return {};
}

}  // namespace

Result<void> read_json_object(const simdjson::dom::object& object, Message& message) {
  return read_object(object, message, plan_of(*message.GetDescriptor()), nullptr);
}

Result<void> from_json(std::string_view json, Message& message) {
  return with_document(json, [&](const simdjson::dom::object& root) { return read_json_object(root, message); });
}

Result<void> set_from_text(Message& message, std::string_view name, std::string_view text) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  // Like unknown fields of a body: ignored.
  if (field == nullptr) return {};
  const FieldPath path{nullptr, name};
  const Reflection& reflection = *message.GetReflection();
  Scalar scalar;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: return wrong(path, "belongs into the body");
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return wrong(path, "must be true or false");
      scalar.boolean = text == "true";
      break;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32: {
      const auto integer = number_from<std::int64_t>(text);
      if (!integer) return wrong(path, "must be an integer");
      HY_TRY(scalar.integer, integer_in_range(*field, *integer, path));
      break;
    }
    default: {
      // JSON is UTF-8 by the parser's own check; a query string may hold any bytes.
      if (!simdjson::validate_utf8(text.data(), text.size())) return wrong(path, "not UTF-8");
      HY_TRY(scalar, scalar_from_string(*field, text, path));
    }
  }
  field->is_repeated() ? add(message, reflection, *field, std::move(scalar))
                       : put(message, reflection, *field, std::move(scalar));
  return {};
}

}  // namespace hongyan::wire
