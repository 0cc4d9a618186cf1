// What the sessions of one io thread share.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <unordered_set>

#include "base/clock.h"
#include "base/id_generator.h"
#include "domain/conversation/api.h"
#include "domain/message/api.h"
#include "domain/presence/api.h"
#include "domain/sync/api.h"
#include "edge/gateway/directory.h"
#include "edge/gateway/topic_table.h"
#include "edge/rpc/limits.h"
#include "edge/rpc/rate_limiter.h"
#include "edge/rpc/runner.h"
#include "infra/async/scope.h"
#include "infra/config/config.h"
#include "infra/metrics/metrics.h"
#include "infra/ws/socket_group.h"
#include "wire/dispatcher.h"

namespace hongyan::gateway {

// Section [gateway].
struct Config {
  static constexpr std::string_view kSection = "gateway";

  std::chrono::milliseconds heartbeat{30'000};
  std::chrono::milliseconds auth_timeout{10'000};
  std::int64_t max_frame_bytes = 128 * 1024;
  std::int64_t max_outstanding = 64;
  std::int64_t max_unauthenticated = 12'000;
  std::int64_t sockets_per_device = 8;
  std::int64_t sockets_per_user = 20;
  // Output a client may leave unread.
  std::int64_t max_output_bytes = 1024 * 1024;
  std::int64_t max_output_frames = 2000;
  std::chrono::milliseconds reconnect_spread{2'000};

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
  // `frames`: how fast a client may send them.
  ws::SocketLimits socket_limits(const Rate& frames) const;
};

// What every session needs; outlives all of them.
struct Ports {
  const wire::Dispatcher& dispatcher;
  edge::Runner& runner;
  edge::RateLimiter& limiter;
  const edge::Limits& limits;
  account::Api& accounts;
  conversation::Api& conversations;
  message::Api& messages;
  presence::Api& presence;
  sync::Api& sync;
  IdGenerator& ids;
  const Clock& clock;
  async::Scope& scope;
  Directory& directory;
  const Config& config;
};

class Gateway;

// One io thread's sockets and topics. Used on that thread only, except `index`.
struct Lane {
  Lane(std::size_t number, boost::asio::io_context& io, const Ports& shared, Gateway& owner, Interests& interests,
       metrics::Counter& missed)
      : index(number),
        context(io),
        loop(async::Loop::of(io.get_executor())),
        ports(shared),
        gateway(owner),
        left_out(missed),
        topics(interests, number),
        sockets(std::make_shared<ws::SocketGroup>(io, shared.config.socket_limits(shared.limits.frames()))) {}

  const std::size_t index;
  boost::asio::io_context& context;
  async::Loop& loop;
  const Ports& ports;
  Gateway& gateway;
  // Pushes that slow clients did not get.
  metrics::Counter& left_out;
  TopicTable topics;
  std::shared_ptr<ws::SocketGroup> sockets;
  std::unordered_set<Session*> sessions;
};

}  // namespace hongyan::gateway
