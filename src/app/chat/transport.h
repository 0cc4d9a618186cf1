// The server as the follower sees it: answers to requests, and what comes unasked.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/chat/link/server_frame.h"
#include "base/result.h"
#include "infra/async/task.h"
#include "wire/json_codec.h"

namespace hongyan::chat {

using MessagePtr = std::unique_ptr<google::protobuf::Message>;

// Used by one coroutine at a time. Implemented by Connection.
class Transport {
 public:
  virtual ~Transport() = default;

  // The JSON of the answer's data. Repeats the request while the server is away, until the deadline, so it must be one
  // whose repeat is harmless. Errors: the server's; unavailable or timeout when the outcome is unknown.
  virtual async::Task<Result<std::string>> request(std::string type, MessagePtr data, async::Deadline deadline) = 0;

  // The next push; nothing when `until` has come, after interrupt(), or when generation() has changed. Errors: only those that end the session for
  // good; a lost connection is made again.
  virtual async::Task<Result<std::optional<ServerFrame>>> next_push(async::Deadline until) = 0;

  // The present next_push(), or else the next one, returns without waiting. From the thread of the coroutine.
  virtual void interrupt() = 0;

  // Rises whenever pushes may have been missed: with every new connection.
  virtual std::uint64_t generation() const = 0;

  // Of the history behind the present connection: another one than before makes held numbers worthless.
  virtual const std::string& epoch() const = 0;
};

// A request with messages on both ends.
template <class Resp, class Req>
async::Task<Result<Resp>> call(Transport& transport, std::string type, Req request, async::Deadline deadline) {
  HY_CO_TRY(const std::string json,
            co_await transport.request(std::move(type), std::make_unique<Req>(std::move(request)), deadline));
  Resp response;
  HY_CO_TRY(wire::from_json(json, response));
  co_return response;
}

}  // namespace hongyan::chat
