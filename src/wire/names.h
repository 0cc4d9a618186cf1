// Between the names of proto and the names on the wire.
#pragma once

#include <string>
#include <string_view>

namespace google::protobuf {
class EnumValueDescriptor;
}

namespace hongyan::wire {

// "LoginByCode" -> "login_by_code".
std::string snake_case(std::string_view pascal);

// CONVERSATION_TYPE_DIRECT of enum ConversationType -> "direct".
std::string enum_json_name(const google::protobuf::EnumValueDescriptor& value);

}  // namespace hongyan::wire
