#include "wire/codec/json_plan.h"

#include <memory>
#include <unordered_map>

#include "hongyan/v1/options.pb.h"
#include "wire/names.h"

namespace hongyan::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// All plans of one thread: no lock, and there are only some dozens of types.
class Plans {
 public:
  const TypePlan& of(const Descriptor& type) {
    const auto [place, is_new] = plans_.try_emplace(&type);
    if (!is_new) return *place->second;
    // Known before its fields are: a type may hold itself.
    TypePlan& plan = *(place->second = std::make_unique<TypePlan>());
    plan.as_list = type.options().GetExtension(v1::as_list);
    for (int i = 0; i < type.field_count(); ++i) plan.fields.push_back(plan_field(*type.field(i)));
    return plan;
  }

 private:
  FieldPlan plan_field(const FieldDescriptor& field) {
    FieldPlan plan;
    plan.field = &field;
    plan.kind = kind_of(field);
    plan.repeated = field.is_repeated();
    plan.is_map = field.is_map();
    plan.has_presence = field.has_presence();
    plan.omit_empty = field.options().GetExtension(v1::json).omit_empty();
    plan.name = field.name();
    plan.key = "\"" + field.name() + "\":";
    plan.oneof = field.real_containing_oneof();
    if (plan.kind == JsonKind::message) plan.message = &of(*field.message_type());
    if (plan.kind == JsonKind::choice) {
      for (int i = 0; i < field.enum_type()->value_count(); ++i) {
        const auto& value = *field.enum_type()->value(i);
        plan.choices.emplace_back(value.number(), enum_json_name(value));
      }
    }
    return plan;
  }

  static JsonKind kind_of(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32: return JsonKind::int32;
      case FieldDescriptor::CPPTYPE_INT64: return JsonKind::int64;
      case FieldDescriptor::CPPTYPE_UINT32: return JsonKind::uint32;
      case FieldDescriptor::CPPTYPE_UINT64:
        return field.type() == FieldDescriptor::TYPE_FIXED64 ? JsonKind::id : JsonKind::uint64;
      case FieldDescriptor::CPPTYPE_FLOAT: return JsonKind::float32;
      case FieldDescriptor::CPPTYPE_DOUBLE: return JsonKind::float64;
      case FieldDescriptor::CPPTYPE_BOOL: return JsonKind::boolean;
      case FieldDescriptor::CPPTYPE_ENUM: return JsonKind::choice;
      case FieldDescriptor::CPPTYPE_MESSAGE: return JsonKind::message;
      case FieldDescriptor::CPPTYPE_STRING: break;
    }
    return field.type() == FieldDescriptor::TYPE_BYTES ? JsonKind::bytes : JsonKind::text;
  }

  std::unordered_map<const Descriptor*, std::unique_ptr<TypePlan>> plans_;
};

}  // namespace

const FieldPlan* TypePlan::find(std::string_view name, std::size_t& hint) const {
  for (std::size_t looked = 0; looked < fields.size(); ++looked) {
    if (hint >= fields.size()) hint = 0;
    const FieldPlan& field = fields[hint++];
    if (field.name == name) return &field;
  }
  return nullptr;
}

const TypePlan& plan_of(const Descriptor& type) {
  thread_local Plans plans;
  return plans.of(type);
}

}  // namespace hongyan::wire
