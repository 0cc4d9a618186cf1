// A request of a socket that is under way without a coroutine.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "edge/rpc/runner.h"
#include "infra/async/loop.h"
#include "infra/async/scope.h"
#include "wire/dispatcher.h"

namespace hongyan::gateway {

class Session;

// Tells its session how the request ended, once: with the reply, or with `timeout`. On the session's thread, but for the
// reply. Kept alive by itself from begin() to that end, and by the reply.
class DirectCall final : public async::Timeout, public std::enable_shared_from_this<DirectCall> {
 public:
  DirectCall(async::Loop& loop, std::shared_ptr<Session> session, const wire::Rpc& rpc, std::string id,
             async::Scope::Hold hold);

  // What the handler is given; it may be called before begin().
  wire::Reply reply();
  // The handler has taken the request.
  void begin();

  void expire() override;
  void abandon() override { self_.reset(); }

  const wire::Rpc& rpc() const { return rpc_; }
  // The frame's.
  const std::string& id() const { return id_; }
  edge::Runner::Time begun() const { return begun_; }
  async::Deadline deadline() const { return begun_ + edge::Runner::kDeadline; }

 private:
  void end(const Result<wire::MessagePtr>& response);

  async::Loop& loop_;
  const std::shared_ptr<Session> session_;
  const wire::Rpc& rpc_;
  const std::string id_;
  const edge::Runner::Time begun_ = std::chrono::steady_clock::now();
  const async::Scope::Hold hold_;
  // Written by the reply, read once that has been posted.
  std::optional<Result<wire::MessagePtr>> response_;
  std::shared_ptr<DirectCall> self_;
};

}  // namespace hongyan::gateway
