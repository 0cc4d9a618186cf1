// JSON <-> protobuf by the rules of docs/protocol.md §1, through reflection.
//
// Ids (fixed64) are strings of digits, other integers numbers, enums lower_snake strings, bytes base64url. Written:
// every field without presence, also when it is 0, "" or [], except ids of 0, enums that are unspecified and lists marked
// omit_empty; fields with presence only when set. Read: unknown fields are ignored, null means unset, a wrong type is
// invalid_argument naming the field's path.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::wire {

// Deepest nesting a document may have; deeper ones are refused before they cost anything.
inline constexpr int kMaxJsonDepth = 64;

// Appends `message` as a JSON object.
void append_json(const google::protobuf::Message& message, std::string& out);
std::string to_json(const google::protobuf::Message& message);

// Reads an object into `message`, over what it holds. Errors: invalid_argument with `field`, or without one when the text
// is not JSON or not an object. Thread-safe.
Result<void> from_json(std::string_view json, google::protobuf::Message& message);

// Sets one plain field from text, as path segments and query parameters carry it: "1" for numbers, "true" for booleans.
// Repeated fields take one element a call. Errors: invalid_argument naming the field.
Result<void> set_from_text(google::protobuf::Message& message, std::string_view field, std::string_view text);

// Appends `text` as a JSON string. `text` must be UTF-8.
void append_json_string(std::string_view text, std::string& out);

}  // namespace hongyan::wire
