// The server's end of a connection: what the gateway does, without its sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "domain/conversation/api.h"
#include "domain/message/api.h"
#include "domain/sync/api.h"
#include "edge/gateway/missed.h"
#include "edge/gateway/topic_table.h"
#include "infra/async/scope.h"
#include "simulation/link.h"
#include "wire/dispatcher.h"

namespace hongyan::simulation {

// The sockets' side of one io thread.
struct Lane {
  boost::asio::any_io_executor executor;
  gateway::TopicTable topics;
};

// What every session needs; outlives all of them.
struct SessionPorts {
  const wire::Dispatcher& dispatcher;
  conversation::Api& conversations;
  message::Api& messages;
  sync::Api& sync;
  async::Scope& scope;
};

// Follows edge/gateway/session.cc step by step: connects without a race with pushes, answers requests in the order in which they
// begin, leaves out pushes for who does not read and tells of the gap. Lives on its lane, kept by its link and its requests.
class Session final : public ServerEnd, public gateway::Subscriber, public std::enable_shared_from_this<Session> {
 public:
  Session(Lane& lane, const SessionPorts& ports, std::shared_ptr<Link> link, UserId user)
      : lane_(lane), ports_(ports), link_(std::move(link)), user_(user) {}

  void on_request(Request request) override;
  void on_drained() override;
  void on_closed() override;
  void push(const wire::SharedPush& push) override;

 private:
  enum class State : std::uint8_t { fresh, connecting, ready, closed };

  void on_lane(std::function<void()> act);
  void begin(Request request);
  void spawn(async::Task<void> task);
  async::Task<void> authenticate(std::uint64_t id);
  async::Task<Result<account::UserVersion>> join_groups(async::Deadline deadline);
  async::Task<void> run(Request request);
  async::Task<void> compare(Request request);
  async::Task<void> tell_gap();

  Lane& lane_;
  const SessionPorts& ports_;
  const std::shared_ptr<Link> link_;
  const UserId user_;
  State state_ = State::fresh;
  bool stale_ = false;
  gateway::Missed missed_{sync::Api::kMaxHeads};
  std::weak_ptr<const wire::Push> last_push_;
};

}  // namespace hongyan::simulation
