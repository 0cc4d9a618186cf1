#include "wire/frame_codec.h"

#include <algorithm>

#include "wire/codec/hot_encoder.h"
#include "wire/codec/json_document.h"
#include "wire/json_codec.h"

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

bool resolve(RequestFrame& frame, const FramePrototype& prototype) {
  if (frame.id.empty() || frame.type.empty()) {
    frame.problem = Error::invalid(frame.id.empty() ? "id" : "type", "a frame needs type and id");
    frame.malformed = true;
    return false;
  }
  frame.data = prototype(frame.type);
  if (frame.data == nullptr) frame.problem = Error(ErrorCode::unimplemented, "no such type");
  return frame.data != nullptr;
}

Result<RequestFrame> parse_frame(std::string_view json, const FramePrototype& prototype) {
  return with_document(json, [&](const simdjson::dom::object& root) -> Result<RequestFrame> {
    RequestFrame frame;
    std::string_view text;
    if (root["id"].get(text) == simdjson::SUCCESS && valid_frame_id(text)) frame.id = text;
    if (root["type"].get(text) == simdjson::SUCCESS) frame.type = text;
    if (!resolve(frame, prototype)) return frame;
    simdjson::dom::element data;
    simdjson::dom::object fields;
    if (root["data"].get(data) != simdjson::SUCCESS || data.is_null()) return frame;
    if (data.get(fields) != simdjson::SUCCESS) {
      frame.problem = Error::invalid("data", "must be an object");
    } else if (auto read = read_json_object(fields, *frame.data); !read) {
      frame.problem = std::move(read).error();
    }
    return frame;
  });
}

std::string encode_frame(std::string_view type, std::string_view id, const google::protobuf::Message& data) {
  std::string out;
  append_frame(type, id, data, out);
  return out;
}

void append_frame(std::string_view type, std::string_view id, const google::protobuf::Message& data, std::string& out) {
  append_head(type, id, out);
  out += R"(,"data":)";
  if (!append_hot_json(data, out)) append_json(data, out);
  out.push_back('}');
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

}  // namespace hongyan::wire
