#include "wire/frame_codec.h"

#include <algorithm>

#include "infra/ws/frame_builder.h"
#include "wire/json_codec.h"
#include "wire/topics.h"

namespace hongyan::wire {
namespace {

void append_head(std::string_view type, std::string_view id, std::string& out) {
  out += R"({"type":")";
  out += type;
  out.push_back('"');
  if (!id.empty()) {
    out += R"(,"id":")";
    out += id;
    out.push_back('"');
  }
}

}  // namespace

bool valid_frame_id(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, allowed);
}

std::string encode_frame(std::string_view type, std::string_view id, const google::protobuf::Message& data) {
  std::string out;
  append_head(type, id, out);
  out += R"(,"data":)";
  append_json(data, out);
  out.push_back('}');
  return out;
}

std::string encode_error_frame(std::string_view id, const Error& error, std::string_view request_id) {
  std::string out;
  append_head("error", id, out);
  out += R"(,"error":)";
  append_error_json(error, request_id, out);
  out.push_back('}');
  return out;
}

void append_error_json(const Error& error, std::string_view request_id, std::string& out) {
  out += R"({"code":")";
  out += error_name(error.code);
  out += R"(","message":)";
  append_json_string(error_text(error.code), out);
  if (!error.field.empty()) {
    out += R"(,"field":)";
    append_json_string(error.field, out);
  }
  if (error.retry_after_ms) out += R"(,"retry_after_ms":)" + std::to_string(*error.retry_after_ms);
  if (error.until_ms) out += R"(,"until_ms":)" + std::to_string(*error.until_ms);
  out += R"(,"request_id":)";
  append_json_string(request_id, out);
  out.push_back('}');
}

SharedPush encode_push(std::string_view type, const google::protobuf::Message& data, ConversationId conversation) {
  const std::string json = encode_frame(type, {}, data);
  auto push = std::make_shared<PushFrame>();
  push->json = ws::make_frame(ws::Opcode::text, json);
  push->conversation = conversation;
  return push;
}

}  // namespace hongyan::wire
