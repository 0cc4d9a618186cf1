#include "wire/names.h"

#include <google/protobuf/descriptor.h>

#include <cctype>

namespace hongyan::wire {

std::string snake_case(std::string_view pascal) {
  std::string snake;
  for (const char c : pascal) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) {
      if (!snake.empty()) snake.push_back('_');
      snake.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    } else {
      snake.push_back(c);
    }
  }
  return snake;
}

std::string enum_json_name(const google::protobuf::EnumValueDescriptor& value) {
  std::string prefix = snake_case(value.type()->name()) + "_";
  std::string name;
  for (const char c : std::string_view(value.name())) {
    name.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

}  // namespace hongyan::wire
