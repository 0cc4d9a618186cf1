// One WebSocket of a user: frames to rpcs, answers and pushes to frames.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "domain/account/api.h"
#include "edge/gateway/lane.h"
#include "edge/gateway/missed.h"
#include "edge/gateway/topic_table.h"
#include "infra/ws/socket.h"
#include "wire/frames.h"

namespace hongyan::gateway {

class DirectCall;

// Lives on the io thread of its lane: every method is called there. Kept alive by its socket until that has closed, and by
// the requests under way. Before `auth` it answers only `auth` and `ping`; afterwards every rpc.
class Session final : public ws::SocketHandler, public Subscriber, public std::enable_shared_from_this<Session> {
 public:
  Session(Lane& lane, SessionId id, std::string ip, const wire::Frames& frames);
  ~Session() override;

  // Takes the socket and begins the wait for `auth`; `token` is one that came with the upgrade.
  void start(std::shared_ptr<ws::Socket> socket, ws::Socket::Start start, std::string token);

  void on_message(ws::Opcode opcode, std::string_view payload) override;
  void on_closed(const ws::Closed& closed) override;
  void on_drained_below_half() override;
  void on_flood(std::chrono::milliseconds wait) override;
  void push(const wire::SharedPush& push) override;

  // Sends `kicked` and closes: 4403 for disabled accounts, 4409 otherwise.
  void kick(v1::KickReason reason);
  // Tells the client to come back after `after_ms` and takes no further request.
  void drain(std::int64_t after_ms);
  // Closes once everything queued is sent.
  void close(std::uint16_t code, std::string_view reason);

  // The end of a call that was answered without a coroutine.
  void directly_done(const DirectCall& call, const Result<wire::MessagePtr>& response);

  SessionId id() const { return caller_.session; }
  bool ready() const { return state_ == State::ready; }
  UserId user() const { return caller_.user; }
  DeviceId device() const { return caller_.device; }

 private:
  enum class State : std::uint8_t { anonymous, authenticating, connecting, ready, closed };

  void on_request(wire::RequestFrame frame);
  void on_ping(wire::RequestFrame frame);
  void on_malformed(const std::string& id, const Error& error);
  void begin_auth(std::string id, std::string token);
  async::Task<void> authenticate(std::string id, std::string token);
  void refuse_auth(const std::string& id, const Error& error);
  void begin_connecting(const account::Identity& identity);
  void give_up_connecting();
  async::Task<Result<account::UserVersion>> join_groups(async::Deadline deadline);
  async::Task<Result<account::UserVersion>> connect(const account::Identity& identity, async::Deadline deadline);
  void answer_ready(const std::string& id, account::UserVersion version);
  bool call_directly(const wire::Rpc& rpc, wire::RequestFrame& frame);
  void begin(const std::string& id, async::Task<void> request);
  async::Task<void> compare(std::string id, v1::PingFrame ping);
  async::Task<void> run(const wire::Rpc& rpc, std::string id, wire::MessagePtr request);
  void finish(std::string_view id, const Result<wire::MessagePtr>& response, std::string_view request_id);
  void finished();
  // Known to the directory and in the topics of its user.
  bool registered() const { return state_ == State::connecting || state_ == State::ready; }

  void note_seen(edge::Runner::Time now);
  void answer(ws::SharedFrame frame);
  void answer_error(std::string_view id, const Error& error);
  void steer_reading();
  async::Task<void> tell_gap();

  Lane& lane_;
  // Who asks by this socket; request id and deadline are those of each request.
  wire::Caller caller_;
  // As negotiated at the handshake.
  const wire::Frames& frames_;
  std::shared_ptr<ws::Socket> socket_;
  // Until somebody has authenticated.
  std::unique_ptr<boost::asio::steady_timer> auth_timer_;

  State state_ = State::anonymous;
  bool must_change_password_ = false;
  bool draining_ = false;
  // Requests whose answer is not queued yet.
  std::size_t outstanding_ = 0;
  std::size_t malformed_in_a_row_ = 0;
  // Pushes were left out because the client reads too slowly.
  bool stale_ = false;
  Missed missed_{sync::Api::kMaxHeads};
  // Not before then it is noted again that the device is in use.
  edge::Runner::Time seen_again_{};
  // Of the push delivered last, so that one that reaches us by two topics is sent once.
  std::uint64_t last_push_ = 0;
};

}  // namespace hongyan::gateway
