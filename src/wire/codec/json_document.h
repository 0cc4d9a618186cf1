// Parsed JSON as the codec's own files pass it on. For the .cc files of this folder: simdjson is slow to include.
#pragma once

#include <google/protobuf/message.h>
#include <simdjson.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/json_codec.h"

namespace hongyan::wire {

// As from_json, from an object that is parsed already.
Result<void> read_json_object(const simdjson::dom::object& object, google::protobuf::Message& message);

// Parses `json` and hands the root to `use`, which returns a Result. The thread's parser keeps its buffers between calls; a
// large document's are given back, so that one client cannot make them stay.
template <class Use>
auto with_document(std::string_view json, Use use) -> decltype(use(simdjson::dom::object())) {
  constexpr std::size_t kKeepCapacity = 256 * 1024;
  thread_local simdjson::dom::parser parser;
  const std::size_t capacity = std::max<std::size_t>(json.size(), 1024);
  // Allocated once and not for each document: the parser would do it anew whenever the size differs.
  if (parser.capacity() < capacity && parser.allocate(capacity, kMaxJsonDepth) != simdjson::SUCCESS) {
    return fail(ErrorCode::unavailable, "no memory for the JSON parser");
  }
  simdjson::dom::object object;
  const auto problem = parser.parse(json.data(), json.size()).get(object);
  auto result =
      problem == simdjson::SUCCESS
          ? use(object)
          : fail(ErrorCode::invalid_argument, std::string("not a JSON object: ") + simdjson::error_message(problem));
  if (json.size() > kKeepCapacity) parser = simdjson::dom::parser();
  return result;
}

}  // namespace hongyan::wire
