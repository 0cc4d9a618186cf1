// What the JSON codec has to know of a message type, worked out once a thread instead of once a message.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hongyan::wire {

struct TypePlan;

// Forms a field's value has in JSON and in reflection.
enum class JsonKind : std::uint8_t {
  int32,
  int64,
  uint32,
  uint64,
  id,  // fixed64, a string of digits
  float32,
  float64,
  boolean,
  choice,  // enum
  text,
  bytes,
  message,
};

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  JsonKind kind = JsonKind::text;
  bool repeated = false;
  bool has_presence = false;
  bool omit_empty = false;
  std::string_view name;
  // "\"conversation_id\":"
  std::string key;
  // The oneof it belongs to; null for none.
  const google::protobuf::OneofDescriptor* oneof = nullptr;
  // Of kind message; of a map, its entries.
  const TypePlan* message = nullptr;
  // A map with texts as keys: a JSON object.
  bool is_map = false;
  // Of kind choice: numbers and their names on the wire.
  std::vector<std::pair<int, std::string>> choices;
};

struct TypePlan {
  // Written as the list of its fields, or as the list that its only field is.
  bool as_list = false;
  // In the order of the proto file, which is the order on the wire.
  std::vector<FieldPlan> fields;

  // The field of this name, null when there is none. `hint` is where to look first and is set to the place behind the one
  // found: most clients send the fields in order.
  const FieldPlan* find(std::string_view name, std::size_t& hint) const;
};

// The plan of a type. Belongs to the calling thread and lives as long as it.
const TypePlan& plan_of(const google::protobuf::Descriptor& type);

}  // namespace hongyan::wire
