#include "app/chat/link/server_frame.h"

#include <simdjson.h>

#include "wire/json_codec.h"

namespace hongyan::chat {
namespace {

using simdjson::dom::object;

// The root of a document; the parser keeps the memory of what it returns.
Result<object> parse_object(simdjson::dom::parser& parser, std::string_view json) {
  object root;
  if (parser.allocate(std::max<std::size_t>(json.size(), 1024), wire::kMaxJsonDepth) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) {
    return fail(ErrorCode::invalid_argument, "not a JSON object");
  }
  return root;
}

std::string text_of(const object& from, std::string_view key) {
  std::string_view text;
  return from[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::optional<std::int64_t> number_of(const object& from, std::string_view key) {
  std::int64_t number = 0;
  if (from[key].get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

Error to_error(const object& from) {
  const std::string code = text_of(from, "code");
  Error error;
  error.detail = text_of(from, "message");
  if (const auto known = error_code_of(code)) {
    error.code = *known;
  } else {
    // A newer server. Not retryable, since nobody here knows what it means.
    error.code = ErrorCode::unimplemented;
    error.detail = "unknown error \"" + code + "\": " + error.detail;
  }
  error.field = text_of(from, "field");
  error.retry_after_ms = number_of(from, "retry_after_ms");
  error.until_ms = number_of(from, "until_ms");
  return error;
}

}  // namespace

Result<ServerFrame> parse_server_frame(std::string_view json) {
  simdjson::dom::parser parser;
  HY_TRY(const object root, parse_object(parser, json));
  ServerFrame frame;
  frame.type = text_of(root, "type");
  if (frame.type.empty()) return fail(ErrorCode::invalid_argument, "a frame without type");
  frame.id = text_of(root, "id");
  object part;
  frame.data = root["data"].get(part) == simdjson::SUCCESS ? simdjson::minify(part) : "{}";
  if (frame.type == "error") {
    if (root["error"].get(part) != simdjson::SUCCESS)
      return fail(ErrorCode::invalid_argument, "an error without content");
    frame.error = to_error(part);
  }
  return frame;
}

std::optional<Error> parse_error_body(std::string_view json) {
  simdjson::dom::parser parser;
  const auto root = parse_object(parser, json);
  object part;
  if (!root || (*root)["error"].get(part) != simdjson::SUCCESS) return std::nullopt;
  return to_error(part);
}

}  // namespace hongyan::chat
