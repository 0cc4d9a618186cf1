// A small HTTP/1.1 client for the REST form of our own API: one request, one connection.
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>
#include <string_view>

#include "app/chat/link/server_address.h"
#include "base/result.h"
#include "infra/async/task.h"
#include "wire/json_codec.h"

namespace hongyan::chat {

// Status and body of an answer, the transfer encoding undone.
struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Reads an answer as far as `raw` holds it; nothing while bytes are missing. `ended`: no more will come. Errors:
// unavailable when the answer is cut short, unimplemented when it is not HTTP or larger than 4 MiB.
Result<std::optional<HttpAnswer>> parse_answer(std::string_view raw, bool ended);

// The JSON of a 200. Errors: the one the answer carries; unavailable or unimplemented when it is not from our API.
Result<std::string> json_of(HttpAnswer answer);

// POSTs JSON to `path` ("/v1/auth/login") with a bearer token unless it is empty. Errors: as Line, parse_answer, json_of.
async::Task<Result<std::string>> post_json(ServerAddress address, std::string path, std::string json, std::string token,
                                           async::Deadline deadline);

// The same with messages on both ends.
template <class Resp, class Req>
async::Task<Result<Resp>> post(ServerAddress address, std::string path, Req request, std::string token,
                               async::Deadline deadline) {
  Resp response;
  HY_CO_TRY(const std::string json, co_await post_json(std::move(address), std::move(path), wire::to_json(request),
                                                       std::move(token), deadline));
  HY_CO_TRY(wire::from_json(json, response));
  co_return response;
}

}  // namespace hongyan::chat
