#include "wire/codec/hot_decoder.h"

#include <simdjson.h>

#include <array>
#include <cstring>
#include <utility>

#include "base/numbers.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/codec/field_path.h"

namespace hongyan::wire {
namespace {

namespace json = simdjson::ondemand;

// Larger frames are mostly text, for which this way is no faster.
constexpr std::size_t kMaxBytes = 4096;

// Calls `take` with each key and value of the object. False when the object is broken, or `take` does not want the rest.
template <class Take>
bool each_field(json::object& object, Take take) {
  for (auto found : object) {
    json::field field;
    if (std::move(found).get(field) != simdjson::SUCCESS || !take(field.key(), field.value())) return false;
  }
  return true;
}

// Marks a key as seen; false when it was seen before, because what repeated keys mean is up to the general codec.
bool first_time(unsigned& seen, unsigned key) {
  const bool first = (seen & key) == 0;
  seen |= key;
  return first;
}

// The text of a string; it lives until the next frame is read. Most texts have no escape and stand in the input as they are: the
// parser has checked them already, and unescaping goes byte by byte.
bool text_of(json::value value, std::string_view& text) {
  const std::string_view token = value.raw_json_token();
  const std::size_t quote = token.rfind('"');
  if (!token.starts_with('"') || quote == 0) return false;
  text = token.substr(1, quote - 1);
  if (std::memchr(text.data(), '\\', text.size()) != nullptr) return value.get_string().get(text) == simdjson::SUCCESS;
  return value.get_raw_json_string().error() == simdjson::SUCCESS;
}

bool read_id(json::value value, std::uint64_t& id) {
  std::string_view text;
  if (!text_of(value, text)) return false;
  const auto number = number_from<std::uint64_t>(text);
  if (number) id = *number;
  return number.has_value();
}

bool read_number(json::value value, std::int64_t& number) {
  return value.get_int64().get(number) == simdjson::SUCCESS && number >= -kMaxSafeInteger && number <= kMaxSafeInteger;
}

bool read_text(json::value value, std::string& out) {
  std::string_view text;
  if (!text_of(value, text)) return false;
  out.assign(text);
  return true;
}

// {"text": {"text": "…"}}
bool read_content(json::value value, v1::Content& content) {
  json::object kinds;
  unsigned seen = 0;
  const auto take_text = [&](json::raw_json_string key, json::value inner) {
    return key == "text" && first_time(seen, 2) && read_text(inner, *content.mutable_text()->mutable_text());
  };
  const auto take_kind = [&](json::raw_json_string key, json::value inner) {
    json::object text;
    return key == "text" && first_time(seen, 1) && inner.get_object().get(text) == simdjson::SUCCESS &&
           each_field(text, take_text);
  };
  return value.get_object().get(kinds) == simdjson::SUCCESS && each_field(kinds, take_kind) && seen == 3;
}

bool read(json::object& data, v1::SendRequest& request) {
  unsigned seen = 0;
  return each_field(data, [&](json::raw_json_string key, json::value value) {
    if (key == "conversation_id" && first_time(seen, 1)) {
      std::uint64_t id = 0;
      if (!read_id(value, id)) return false;
      request.set_conversation_id(id);
      return true;
    }
    if (key == "client_msg_id" && first_time(seen, 2)) return read_text(value, *request.mutable_client_msg_id());
    if (key == "content" && first_time(seen, 4)) return read_content(value, *request.mutable_content());
    std::int64_t seq = 0;
    if (key != "read_seq" || !first_time(seen, 8) || !read_number(value, seq)) return false;
    request.set_read_seq(seq);
    return true;
  });
}

bool read(json::object& data, v1::MarkReadRequest& request) {
  unsigned seen = 0;
  return each_field(data, [&](json::raw_json_string key, json::value value) {
    if (key == "conversation_id" && first_time(seen, 1)) {
      std::uint64_t id = 0;
      if (!read_id(value, id)) return false;
      request.set_conversation_id(id);
      return true;
    }
    std::int64_t seq = 0;
    if (key != "seq" || !first_time(seen, 2) || !read_number(value, seq)) return false;
    request.set_seq(seq);
    return true;
  });
}

bool read(json::object& data, v1::PingFrame&) {
  return each_field(data, [](json::raw_json_string, json::value) { return false; });
}

template <class Data>
bool read_data(json::value value, RequestFrame& frame) {
  json::object fields;
  auto data = std::make_unique<Data>();
  if (value.get_object().get(fields) != simdjson::SUCCESS || !read(fields, *data)) return false;
  frame.data = std::move(data);
  return true;
}

bool read_data_of_type(json::value value, RequestFrame& frame) {
  if (frame.type == "message.send") return read_data<v1::SendRequest>(value, frame);
  if (frame.type == "conversation.mark_read") return read_data<v1::MarkReadRequest>(value, frame);
  if (frame.type == "ping") return read_data<v1::PingFrame>(value, frame);
  return false;
}

bool read_frame(json::object& root, RequestFrame& frame) {
  unsigned seen = 0;
  const bool whole = each_field(root, [&](json::raw_json_string key, json::value value) {
    if (key == "type" && first_time(seen, 1)) return read_text(value, frame.type);
    if (key == "id" && first_time(seen, 2)) return read_text(value, frame.id);
    return key == "data" && first_time(seen, 4) && read_data_of_type(value, frame);
  });
  return whole && seen == 7 && valid_frame_id(frame.id);
}

}  // namespace

std::optional<RequestFrame> parse_hot_frame(std::string_view text) {
  thread_local json::parser parser;
  thread_local std::array<char, kMaxBytes + simdjson::SIMDJSON_PADDING> buffer;
  if (text.size() > kMaxBytes) return std::nullopt;
  std::memcpy(buffer.data(), text.data(), text.size());
  json::document document;
  json::object root;
  RequestFrame frame;
  if (parser.iterate(buffer.data(), text.size(), buffer.size()).get(document) != simdjson::SUCCESS ||
      document.get_object().get(root) != simdjson::SUCCESS || !read_frame(root, frame)) {
    return std::nullopt;
  }
  // Whatever follows the object is for the general codec to refuse.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return std::nullopt;
  return frame;
}

}  // namespace hongyan::wire
