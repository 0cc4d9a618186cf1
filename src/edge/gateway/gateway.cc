#include "edge/gateway/gateway.h"

#include <array>
#include <future>
#include <random>

#include "edge/gateway/session.h"
#include "infra/async/use_task.h"
#include "infra/http/query.h"
#include "infra/log/log.h"
#include "infra/ws/handshake.h"

namespace hongyan::gateway {
namespace {

constexpr std::uint16_t kCloseDraining = 4503;
constexpr std::array kProtocols{wire::kJsonProtocol, wire::kProtoProtocol};

// The access token of an upgrade request: the Authorization header, or ?token= for simple integrations.
std::string token_of(const http::Request& request) {
  const std::string_view authorization = request.headers.get("Authorization");
  constexpr std::string_view kBearer = "Bearer ";
  if (authorization.starts_with(kBearer)) return std::string(authorization.substr(kBearer.size()));
  const auto query = http::Query::parse(request.query);
  return std::string(query ? query->find("token").value_or("") : "");
}

std::expected<ws::Handshake, ws::HandshakeRefusal> handshake_of(const http::Request& request) {
  const std::string protocols = request.headers.joined("Sec-WebSocket-Protocol");
  const std::string connection = request.headers.joined("Connection");
  return ws::accept_handshake({.is_get = request.method == http::Method::get,
                               .is_http_1_1 = request.version == 11,
                               .upgrade = request.headers.get("Upgrade"),
                               .connection = connection,
                               .key = request.headers.get("Sec-WebSocket-Key"),
                               .version = request.headers.get("Sec-WebSocket-Version"),
                               .protocols = protocols},
                              kProtocols);
}

// Closes the lane's sockets and waits until they have gone, or until the deadline: then it drops them.
async::Task<void> close_lane(Lane& lane, async::Deadline deadline) {
  constexpr std::chrono::milliseconds kLookAgain{10};
  lane.sockets->close_all(kCloseDraining, "draining");
  boost::asio::steady_timer timer(lane.context);
  while (lane.sockets->size() > 0 && std::chrono::steady_clock::now() < deadline) {
    timer.expires_after(kLookAgain);
    co_await timer.async_wait(async::use_task);
  }
  lane.sockets->abort_all();
}

}  // namespace

Gateway::Gateway(async::IoThreads& io, const Ports& ports, metrics::Metrics& metrics)
    : ports_(ports), published_(metrics.counter("hongyan_pushes_published_total", "Pushes handed to the gateway.")) {
  metrics::Counter& left_out = metrics.counter("hongyan_pushes_left_out_total",
                                               "Pushes that a socket did not get because its client reads too slowly.");
  HY_CHECK(io.size() <= Interests::kMaxLanes);
  for (std::size_t i = 0; i < io.size(); ++i) {
    lanes_.push_back(std::make_unique<Lane>(i, io.context(i), ports_, *this, interests_, left_out));
  }
}

Gateway::~Gateway() = default;

void Gateway::publish(std::vector<wire::Publication> batch) {
  published_.Increment(static_cast<double>(batch.size()));
  auto parts = interests_.spread(batch, lanes_.size());
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (parts[i].empty()) continue;
    lanes_[i]->loop.post([&lane = *lanes_[i], part = std::move(parts[i])] {
      for (const wire::Publication& publication : part) lane.topics.deliver(publication);
    });
  }
}

void Gateway::kick(const wire::KickTarget& target, v1::KickReason reason) {
  for (const Entry& entry : ports_.directory.find(target)) kick(entry, reason);
}

void Gateway::kick(const Entry& entry, v1::KickReason reason) {
  lanes_[entry.lane]->loop.post([weak = entry.session, reason] {
    if (const auto session = weak.lock()) session->kick(reason);
  });
}

Lane& Gateway::lane_of(net::Stream& stream) {
  const auto executor = stream.executor();
  for (const auto& lane : lanes_) {
    if (executor == lane->context.get_executor()) return *lane;
  }
  HY_CHECK(!"a stream of no io thread");
  return *lanes_.front();
}

std::optional<ws::HandshakeRefusal> Gateway::refusal_of(const http::Request& request) const {
  if (draining_) return ws::HandshakeRefusal{503, "draining"};
  if (ports_.directory.anonymous() >= static_cast<std::size_t>(ports_.config.max_unauthenticated)) {
    return ws::HandshakeRefusal{503, "too many sockets have not authenticated yet"};
  }
  const auto allowed = ports_.limiter.may_open_socket(request.client_ip, std::chrono::steady_clock::now());
  if (!allowed) return ws::HandshakeRefusal{429, "too many sockets", allowed.error().retry_after_ms};
  const auto handshake = handshake_of(request);
  return handshake ? std::nullopt : std::optional(handshake.error());
}

void Gateway::accept(std::unique_ptr<net::Stream> stream, http::Request request, std::string leftover) {
  const auto handshake = handshake_of(request);
  const auto id = ports_.ids.next();
  // Without an id there is no session; the client sees a connection that ends, and comes back.
  if (!handshake || !id) return;
  ports_.limiter.opened_socket(request.client_ip, std::chrono::steady_clock::now());
  Lane& lane = lane_of(*stream);
  auto session =
      std::make_shared<Session>(lane, SessionId(*id), request.client_ip, wire::frames_of(handshake->protocol));
  auto ws_socket = ws::Socket::create(*lane.sockets, std::move(stream), session);
  session->start(std::move(ws_socket), {.leftover = std::move(leftover), .preamble = handshake->response},
                 token_of(request));
}

void Gateway::drain() {
  draining_ = true;
  for (const auto& owned : lanes_) {
    owned->loop.post([&lane = *owned] {
      std::minstd_rand random{std::random_device{}()};
      std::uniform_int_distribution<std::int64_t> spread(0, lane.ports.config.reconnect_spread.count());
      for (Session* session : lane.sessions) session->drain(spread(random));
    });
  }
}

void Gateway::close_all(std::chrono::milliseconds patience) {
  const auto deadline = async::deadline_in(patience);
  std::vector<std::future<void>> closed;
  for (const auto& lane : lanes_) {
    closed.push_back(async::start(lane->context.get_executor(), close_lane(*lane, deadline)));
  }
  for (auto& lane : closed) lane.get();
}

void Gateway::recheck() {
  for (const auto& owned : lanes_) {
    owned->loop.post([this, &lane = *owned] { ports_.scope.spawn(lane.loop, recheck_lane(lane)); });
  }
}

async::Task<void> Gateway::recheck_lane(Lane& lane) {
  std::vector<std::weak_ptr<Session>> sessions;
  for (Session* session : lane.sessions) {
    if (session->ready()) sessions.push_back(session->weak_from_this());
  }
  for (const auto& weak : sessions) {
    const auto session = weak.lock();
    if (!session) continue;
    const auto valid = co_await ports_.accounts.still_valid(session->user(), session->device(),
                                                            async::deadline_in(edge::Runner::kDeadline));
    // A store that cannot answer ends nobody: the next round asks again.
    if (valid && !*valid) session->kick(v1::KICK_REASON_EXPIRED);
  }
}

}  // namespace hongyan::gateway
