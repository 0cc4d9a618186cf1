// Frames of requests, and JSON frames as text (docs/protocol.md §2). wire/frames.h has both formats as a socket uses them.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::wire {

// A frame {type, id, data} as a client sent it, in either format.
struct RequestFrame {
  // "message.send", "auth", "ping".
  std::string type;
  // 1 to 64 of [A-Za-z0-9_-]; empty when it could not be read.
  std::string id;
  // Set when the type is known.
  std::unique_ptr<google::protobuf::Message> data;
  // What is wrong with it; answered with an error when the id could be read.
  std::optional<Error> problem;
  // It is no frame at all: counts towards closing the socket.
  bool malformed = false;
};

// An empty message for the data of this type, null when there is no such type.
using FramePrototype = std::function<std::unique_ptr<google::protobuf::Message>(std::string_view type)>;

// Makes the empty data of a frame whose type and id have been read. False, with `problem` set, when it is malformed or of no
// known type.
bool resolve(RequestFrame& frame, const FramePrototype& prototype);

// Reads one JSON frame. Fails with invalid_argument when it is not a JSON object.
Result<RequestFrame> parse_frame(std::string_view json, const FramePrototype& prototype);

// 1 to 64 of [A-Za-z0-9_-].
bool valid_frame_id(std::string_view id);

// {"type":"<type>","id":"<id>","data":{…}}; without id when it is empty.
std::string encode_frame(std::string_view type, std::string_view id, const google::protobuf::Message& data);
void append_frame(std::string_view type, std::string_view id, const google::protobuf::Message& data, std::string& out);

// {"type":"error","id":"<id>","error":{…}}; without id when it is empty.
std::string encode_error_frame(std::string_view id, const Error& error, std::string_view request_id);

// Appends the error object every edge answers with: code, message, field, retry_after_ms, until_ms, request_id.
void append_error_json(const Error& error, std::string_view request_id, std::string& out);

}  // namespace hongyan::wire
