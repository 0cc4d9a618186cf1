// All sockets of the process: takes upgraded connections, spreads pushes, ends sessions.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/gateway/lane.h"
#include "infra/async/io_threads.h"
#include "infra/http/message.h"
#include "infra/metrics/metrics.h"
#include "infra/net/stream.h"
#include "infra/ws/handshake.h"
#include "wire/sessions.h"
#include "wire/topics.h"

namespace hongyan::gateway {

// Thread-safe. Owned by Module. One Lane an io thread; a session lives on the thread its connection was accepted for.
class Gateway final : public wire::Topics, public wire::Sessions {
 public:
  Gateway(async::IoThreads& io, const Ports& ports, metrics::Metrics& metrics);
  ~Gateway() override;

  void publish(std::vector<wire::Publication> batch) override;
  void kick(const wire::KickTarget& target, v1::KickReason reason) override;
  void kick(const Entry& entry, v1::KickReason reason);

  // Why this request cannot become a socket; nothing when it can.
  std::optional<ws::HandshakeRefusal> refusal_of(const http::Request& request) const;
  // Takes a connection whose upgrade request refusal_of() let pass, on its io thread.
  void accept(std::unique_ptr<net::Stream> stream, http::Request request, std::string leftover);

  // Tells every client to reconnect, spread over the configured time; requests under way are still answered.
  void drain();
  // Closes every socket with 4503 and waits at most `patience` until they have gone. Blocks.
  void close_all(std::chrono::milliseconds patience);

  // Ends sessions that have lapsed without anybody saying so; called about once a heartbeat by the module.
  void recheck();

 private:
  Lane& lane_of(net::Stream& stream);
  async::Task<void> recheck_lane(Lane& lane);

  const Ports& ports_;
  Interests interests_;
  std::atomic<bool> draining_{false};
  std::vector<std::unique_ptr<Lane>> lanes_;
  metrics::Counter& published_;
};

}  // namespace hongyan::gateway
