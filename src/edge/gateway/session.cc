#include "edge/gateway/session.h"

#include "edge/gateway/gateway.h"
#include "hongyan/v1/frame.pb.h"
#include "infra/log/log.h"

namespace hongyan::gateway {
namespace {

// Close codes of docs/protocol.md §2.
constexpr std::uint16_t kCloseMalformed = 4400;
constexpr std::uint16_t kCloseUnauthenticated = 4401;
constexpr std::uint16_t kCloseDisabled = 4403;
constexpr std::uint16_t kCloseReplacedOrRevoked = 4409;

constexpr std::size_t kMaxMalformedInARow = 3;
constexpr std::size_t kMaxAnonymousBytes = 16 * 1024;

}  // namespace

Session::Session(Lane& lane, SessionId id, std::string ip, const wire::Frames& frames)
    : lane_(lane), id_(id), ip_(std::move(ip)), frames_(frames), auth_timer_(lane.context) {
  lane_.sessions.insert(this);
}

Session::~Session() { lane_.sessions.erase(this); }

void Session::start(std::shared_ptr<ws::Socket> socket, ws::Socket::Start start, std::string token) {
  socket_ = std::move(socket);
  lane_.ports.directory.anonymous_came();
  auth_timer_.expires_after(lane_.ports.config.auth_timeout);
  auth_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self && self->state_ != State::ready) self->close(kCloseUnauthenticated, "no auth in time");
  });
  // Who has not shown who they are gets no room for more than a token.
  socket_->set_max_message_bytes(kMaxAnonymousBytes);
  socket_->start(std::move(start));
  if (!token.empty()) begin_auth({}, std::move(token));
}

void Session::on_message(ws::Opcode opcode, std::string_view payload) {
  if (draining_ || state_ == State::closed) return;
  if (opcode != frames_.opcode()) {
    return on_malformed({}, Error(ErrorCode::invalid_argument, "a frame of another sub-protocol"));
  }
  auto frame = frames_.parse(payload, [this](std::string_view type) -> wire::MessagePtr {
    if (type == "auth") return std::make_unique<v1::AuthFrame>();
    if (type == "ping") return std::make_unique<v1::PingFrame>();
    const wire::Rpc* rpc = lane_.ports.dispatcher.find(type);
    return rpc == nullptr ? nullptr : rpc->new_request();
  });
  if (!frame) return on_malformed({}, frame.error());
  if (frame->malformed) return on_malformed(frame->id, *frame->problem);
  malformed_in_a_row_ = 0;
  if (frame->problem) return answer_error(frame->id, *frame->problem);
  on_request(std::move(*frame));
}

void Session::on_request(wire::RequestFrame frame) {
  if (frame.type == "ping") {
    v1::PongFrame pong;
    pong.set_time_ms(lane_.ports.clock.now().value);
    return answer(frames_.encode("pong", frame.id, pong));
  }
  if (frame.type == "auth") {
    return begin_auth(std::move(frame.id), std::move(*static_cast<v1::AuthFrame&>(*frame.data).mutable_token()));
  }
  const wire::Rpc& rpc = *lane_.ports.dispatcher.find(frame.type);
  if (auto allowed = edge::Runner::check_access(rpc, state_ == State::ready, must_change_password_); !allowed) {
    return answer_error(frame.id, allowed.error());
  }
  if (state_ != State::ready) return answer_error(frame.id, Error(ErrorCode::unauthenticated, "auth comes first"));
  call(rpc, std::move(frame));
}

void Session::on_malformed(const std::string& id, const Error& error) {
  if (!id.empty()) answer_error(id, error);
  if (++malformed_in_a_row_ >= kMaxMalformedInARow) close(kCloseMalformed, "malformed frames");
}

void Session::begin_auth(std::string id, std::string token) {
  if (state_ == State::authenticating) {
    return answer_error(id, Error(ErrorCode::conflict, "another auth is under way"));
  }
  if (state_ == State::anonymous) state_ = State::authenticating;
  ++outstanding_;
  if (!lane_.ports.scope.spawn(lane_.context.get_executor(), authenticate(std::move(id), std::move(token)))) finished();
}

async::Task<void> Session::authenticate(std::string id, std::string token) {
  const auto self = shared_from_this();
  const auto identity =
      co_await lane_.ports.runner.authenticate(std::move(token), async::deadline_in(edge::Runner::kDeadline));
  finished();
  if (state_ == State::closed) co_return;
  const bool renewal = state_ == State::ready;
  if (!identity) {
    if (!renewal) state_ = State::anonymous;
    answer_error(id, identity.error());
    if (identity.error().code == ErrorCode::account_disabled) {
      close(kCloseDisabled, "account disabled");
    } else if (!renewal && identity.error().code != ErrorCode::unavailable &&
               identity.error().code != ErrorCode::timeout) {
      close(kCloseUnauthenticated, "token refused");
    }
    co_return;
  }
  if (renewal && (identity->user != user_ || identity->device != device_)) {
    answer_error(id, Error(ErrorCode::conflict, "this socket belongs to another session"));
    co_return;
  }
  become_ready(id, *identity);
}

void Session::become_ready(const std::string& id, const account::Identity& identity) {
  must_change_password_ = identity.must_change_password;
  if (state_ != State::ready) {
    auth_timer_.cancel();
    lane_.ports.directory.anonymous_went();
    socket_->set_max_message_bytes(static_cast<std::size_t>(lane_.ports.config.max_frame_bytes));
    user_ = identity.user;
    device_ = identity.device;
    state_ = State::ready;
    // Subscribed before `ready` is queued, in the same turn: whatever is committed from now on is pushed after it.
    lane_.topics.subscribe(wire::Topic::user(user_), *this);
    for (const Entry& old : lane_.ports.directory.add({id_, user_, device_, lane_.index, weak_from_this()})) {
      lane_.gateway.kick(old, v1::KICK_REASON_REPLACED);
    }
  }
  v1::ReadyFrame ready;
  ready.set_user_id(user_.value);
  ready.set_device_id(device_.value);
  ready.set_session_id(id_.value);
  ready.set_epoch(lane_.ports.messages.epoch());
  ready.set_server_time_ms(lane_.ports.clock.now().value);
  ready.set_heartbeat_ms(lane_.ports.config.heartbeat.count());
  v1::Limits& limits = *ready.mutable_limits();
  limits.set_max_content_bytes(static_cast<std::int32_t>(lane_.ports.messages.max_content_bytes()));
  limits.set_max_frame_bytes(static_cast<std::int32_t>(lane_.ports.config.max_frame_bytes));
  limits.set_max_outstanding(static_cast<std::int32_t>(lane_.ports.config.max_outstanding));
  answer(frames_.encode("ready", id, ready));
}

void Session::call(const wire::Rpc& rpc, wire::RequestFrame frame) {
  wire::Caller caller;
  caller.user = user_;
  caller.device = device_;
  caller.session = id_;
  caller.ip = ip_;
  caller.request_id = edge::Runner::new_request_id();
  caller.deadline = async::deadline_in(edge::Runner::kDeadline);
  ++outstanding_;
  steer_reading();
  const std::string id = frame.id;
  if (!lane_.ports.scope.spawn(lane_.context.get_executor(),
                               run(rpc, std::move(frame.id), std::move(caller), std::move(frame.data)))) {
    finished();
    answer_error(id, Error::later(ErrorCode::unavailable, 1000, "shutting down"));
  }
}

async::Task<void> Session::run(const wire::Rpc& rpc, std::string id, wire::Caller caller, wire::MessagePtr request) {
  const auto self = shared_from_this();
  const std::string request_id = caller.request_id;
  auto response =
      co_await lane_.ports.runner.run(rpc, std::move(caller), std::move(request), edge::Transport::websocket);
  if (response) {
    if (rpc.name == "auth.change_password") must_change_password_ = false;
    answer(frames_.encode("ok", id, **response));
  } else {
    answer(frames_.encode_error(id, response.error(), request_id));
  }
  finished();
}

void Session::finished() {
  --outstanding_;
  steer_reading();
}

void Session::steer_reading() {
  if (state_ == State::closed || !socket_) return;
  // An unread answer is a request that cost us memory: a client that does not read is not read either.
  const bool pause =
      outstanding_ >= static_cast<std::size_t>(lane_.ports.config.max_outstanding) || socket_->above_half();
  if (pause) {
    socket_->pause_reading();
  } else if (socket_->reading_paused()) {
    socket_->resume_reading();
  }
}

void Session::answer(ws::SharedFrame frame) {
  if (state_ == State::closed) return;
  socket_->send_answer(std::move(frame));
  steer_reading();
}

void Session::answer_error(std::string_view id, const Error& error) {
  answer(frames_.encode_error(id, error, edge::Runner::new_request_id()));
}

void Session::push(const wire::SharedPush& push) {
  const bool repeated = !push.owner_before(last_push_) && !last_push_.owner_before(push);
  if (state_ != State::ready || repeated) return;
  last_push_ = push;
  // Once one push is left out, later ones would only show the same hole: `gap` follows when the client has caught up.
  if (stale_ || socket_->send(push->frame(frames_)) == ws::SendResult::full) stale_ = true;
}

void Session::on_drained_below_half() {
  if (stale_) send_gap();
  steer_reading();
}

void Session::send_gap() {
  stale_ = false;
  v1::GapPush gap;
  gap.set_all(true);
  answer(frames_.encode("gap", {}, gap));
}

void Session::kick(v1::KickReason reason) {
  if (state_ == State::closed) return;
  v1::KickedPush kicked;
  kicked.set_reason(reason);
  answer(frames_.encode("kicked", {}, kicked));
  close(reason == v1::KICK_REASON_DISABLED ? kCloseDisabled : kCloseReplacedOrRevoked, "session ended");
}

void Session::drain(std::int64_t after_ms) {
  if (state_ == State::closed) return;
  draining_ = true;
  v1::ReconnectPush reconnect;
  reconnect.set_after_ms(after_ms);
  answer(frames_.encode("reconnect", {}, reconnect));
}

void Session::close(std::uint16_t code, std::string_view reason) {
  if (state_ != State::closed) socket_->close(code, reason);
}

void Session::on_closed(const ws::Closed& closed) {
  if (state_ == State::ready) {
    lane_.topics.unsubscribe(wire::Topic::user(user_), *this);
    lane_.ports.directory.remove(user_, id_);
  } else {
    lane_.ports.directory.anonymous_went();
  }
  state_ = State::closed;
  auth_timer_.cancel();
  log::debug("socket_closed", {{"session", id_}, {"user", user_}, {"code", closed.code}, {"reason", closed.reason}});
}

}  // namespace hongyan::gateway
