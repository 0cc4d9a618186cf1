#include "edge/gateway/session.h"

#include <algorithm>

#include "edge/gateway/direct_call.h"
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
    : lane_(lane), frames_(frames), auth_timer_(std::make_unique<boost::asio::steady_timer>(lane.context)) {
  caller_.session = id;
  caller_.ip = std::move(ip);
  lane_.sessions.insert(this);
}

Session::~Session() { lane_.sessions.erase(this); }

void Session::start(std::shared_ptr<ws::Socket> socket, ws::Socket::Start start, std::string token) {
  socket_ = std::move(socket);
  lane_.ports.directory.anonymous_came();
  auth_timer_->expires_after(lane_.ports.config.auth_timeout);
  auth_timer_->async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
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
  if (frame.type == "ping") return on_ping(std::move(frame));
  if (frame.type == "auth") {
    return begin_auth(std::move(frame.id), std::move(*static_cast<v1::AuthFrame&>(*frame.data).mutable_token()));
  }
  const wire::Rpc& rpc = *lane_.ports.dispatcher.find(frame.type);
  if (auto allowed = edge::Runner::check_access(rpc, state_ == State::ready, must_change_password_); !allowed) {
    return answer_error(frame.id, allowed.error());
  }
  if (state_ != State::ready) return answer_error(frame.id, Error(ErrorCode::unauthenticated, "auth comes first"));
  if (auto allowed = lane_.ports.runner.charge(caller_, rpc.name); !allowed) {
    return answer_error(frame.id, allowed.error());
  }
  if (rpc.direct && call_directly(rpc, frame)) return;
  begin(frame.id, run(rpc, frame.id, std::move(frame.data)));
}

void Session::on_ping(wire::RequestFrame frame) {
  auto& ping = static_cast<v1::PingFrame&>(*frame.data);
  const bool asks = ping.has_user_version() || ping.heads_size() > 0;
  if (!asks || state_ != State::ready) {
    v1::PongFrame pong;
    pong.set_time_ms(lane_.ports.clock.now().value);
    return answer(frames_.encode("pong", frame.id, pong));
  }
  if (auto allowed = lane_.ports.runner.charge(caller_, frame.type); !allowed) {
    return answer_error(frame.id, allowed.error());
  }
  begin(frame.id, compare(frame.id, std::move(ping)));
}

async::Task<void> Session::compare(std::string id, v1::PingFrame ping) {
  const auto self = shared_from_this();
  const auto deadline = async::deadline_in(edge::Runner::kDeadline);
  const auto comparison = co_await lane_.ports.sync.compare(caller_.user, std::move(ping), deadline);
  if (comparison) {
    v1::PongFrame pong;
    pong.set_time_ms(lane_.ports.clock.now().value);
    pong.set_user_version(comparison->version.value);
    for (const ConversationId conversation : comparison->behind) pong.add_behind(conversation.value);
    answer(frames_.encode("pong", id, pong));
  } else {
    answer_error(id, comparison.error());
  }
  finished();
}

void Session::on_malformed(const std::string& id, const Error& error) {
  if (!id.empty()) answer_error(id, error);
  if (++malformed_in_a_row_ >= kMaxMalformedInARow) close(kCloseMalformed, "malformed frames");
}

void Session::begin_auth(std::string id, std::string token) {
  if (state_ == State::authenticating || state_ == State::connecting) {
    return answer_error(id, Error(ErrorCode::conflict, "another auth is under way"));
  }
  if (state_ == State::anonymous) state_ = State::authenticating;
  ++outstanding_;
  if (!lane_.ports.scope.spawn(lane_.loop, authenticate(std::move(id), std::move(token)))) finished();
}

async::Task<void> Session::authenticate(std::string id, std::string token) {
  const auto self = shared_from_this();
  const auto deadline = async::deadline_in(edge::Runner::kDeadline);
  const auto identity = co_await lane_.ports.runner.authenticate(std::move(token), caller_.ip, deadline);
  Result<account::UserVersion> version = fail(ErrorCode::internal);
  if (state_ != State::closed && !identity) refuse_auth(id, identity.error());
  if (state_ != State::closed && identity) {
    version = co_await connect(*identity, deadline);
    if (version) {
      answer_ready(id, *version);
    } else {
      answer_error(id, version.error());
    }
  }
  finished();
}

void Session::refuse_auth(const std::string& id, const Error& error) {
  const bool renewal = state_ == State::ready;
  if (!renewal) state_ = State::anonymous;
  answer_error(id, error);
  const bool may_pass = error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout;
  if (error.code == ErrorCode::account_disabled) {
    close(kCloseDisabled, "account disabled");
  } else if (!renewal && !may_pass) {
    close(kCloseUnauthenticated, "token refused");
  }
}

// Makes the socket the device's, in every topic of its user. A renewal only asks how the user stands.
async::Task<Result<account::UserVersion>> Session::connect(const account::Identity& identity,
                                                           async::Deadline deadline) {
  if (state_ == State::ready) {
    if (identity.user != caller_.user || identity.device != caller_.device) {
      co_return fail(ErrorCode::conflict, "this socket belongs to another session");
    }
    must_change_password_ = identity.must_change_password;
    HY_CO_TRY(const auto nowhere, co_await lane_.ports.conversations.places_in(caller_.user, {}, deadline));
    co_return nowhere.version;
  }
  begin_connecting(identity);
  auto version = co_await join_groups(deadline);
  if (state_ == State::closed) co_return fail(ErrorCode::unavailable, "closed meanwhile");
  if (!version) {
    give_up_connecting();
    co_return version;
  }
  lane_.topics.connected(*this);
  auth_timer_.reset();
  socket_->set_max_message_bytes(static_cast<std::size_t>(lane_.ports.config.max_frame_bytes));
  state_ = State::ready;
  lane_.topics.listen(caller_.session, *this);
  lane_.ports.presence.came({caller_.user, caller_.session});
  co_return version;
}

// From here on the socket can be kicked, and what pushes tell of the user's groups is remembered.
void Session::begin_connecting(const account::Identity& identity) {
  state_ = State::connecting;
  caller_.user = identity.user;
  caller_.device = identity.device;
  must_change_password_ = identity.must_change_password;
  lane_.ports.directory.anonymous_went();
  lane_.topics.connect(caller_.user, *this);
  for (const Entry& old :
       lane_.ports.directory.add({caller_.session, caller_.user, caller_.device, lane_.index, weak_from_this()})) {
    lane_.gateway.kick(old, v1::KICK_REASON_REPLACED);
  }
}

void Session::give_up_connecting() {
  lane_.topics.remove(*this);
  lane_.ports.directory.remove(caller_.user, caller_.session);
  lane_.ports.directory.anonymous_came();
  state_ = State::anonymous;
}

// Puts the socket into the topics of the groups the user is in; only groups have bounds. Who is a member by SQL but has no
// bound is brought in by the push of the line that is under way. What is committed from now on is pushed; what was committed
// before, and not pushed because the socket was not ready, is in the heads that the client asks for after `ready`.
async::Task<Result<account::UserVersion>> Session::join_groups(async::Deadline deadline) {
  HY_CO_TRY(const auto places, co_await lane_.ports.conversations.place_ids(caller_.user, deadline));
  if (places.conversations.empty()) co_return places.version;
  HY_CO_TRY(const auto bounds, co_await lane_.ports.messages.bounds_of(caller_.user, deadline));
  if (state_ != State::connecting) co_return places.version;
  for (const auto& [group, bound] : bounds) {
    const bool member = std::ranges::binary_search(places.conversations, group);
    if (member && !bound.left) lane_.topics.join(group, *this, bound.joined);
  }
  co_return places.version;
}

void Session::answer_ready(const std::string& id, account::UserVersion version) {
  v1::ReadyFrame ready;
  ready.set_user_id(caller_.user.value);
  ready.set_device_id(caller_.device.value);
  ready.set_session_id(caller_.session.value);
  ready.set_epoch(lane_.ports.messages.epoch());
  ready.set_server_time_ms(lane_.ports.clock.now().value);
  ready.set_heartbeat_ms(lane_.ports.config.heartbeat.count());
  ready.set_user_version(version.value);
  v1::Limits& limits = *ready.mutable_limits();
  limits.set_max_content_bytes(static_cast<std::int32_t>(lane_.ports.messages.max_content_bytes()));
  limits.set_max_frame_bytes(static_cast<std::int32_t>(lane_.ports.config.max_frame_bytes));
  limits.set_max_outstanding(static_cast<std::int32_t>(lane_.ports.config.max_outstanding));
  answer(frames_.encode("ready", id, ready));
}

// A request that is answered without a coroutine; false, and nothing has happened, when it needs one.
bool Session::call_directly(const wire::Rpc& rpc, wire::RequestFrame& frame) {
  auto hold = lane_.ports.scope.hold();
  if (!hold) return false;
  const auto call = std::make_shared<DirectCall>(lane_.loop, shared_from_this(), rpc, frame.id, std::move(*hold));
  caller_.deadline = call->deadline();
  wire::Reply reply = call->reply();
  if (!lane_.ports.runner.run_directly(rpc, caller_, *frame.data, reply)) return false;
  call->begin();
  note_seen(call->begun());
  ++outstanding_;
  steer_reading();
  return true;
}

// Many requests a second need not all say so: what is kept is true to the minute.
void Session::note_seen(edge::Runner::Time now) {
  constexpr std::chrono::seconds kEvery{5};
  if (now < seen_again_) return;
  seen_again_ = now + kEvery;
  lane_.ports.accounts.seen(caller_.device, caller_.ip);
}

void Session::directly_done(const DirectCall& call, const Result<wire::MessagePtr>& response) {
  const Error* error = response ? nullptr : &response.error();
  if (error != nullptr) caller_.request_id = edge::Runner::new_request_id();
  lane_.ports.runner.note(call.rpc(), caller_, error, call.begun(), edge::Transport::websocket);
  finish(call.id(), response, caller_.request_id);
}

// Counts the request as under way until it calls finished().
void Session::begin(const std::string& id, async::Task<void> request) {
  ++outstanding_;
  steer_reading();
  if (lane_.ports.scope.spawn(lane_.loop, std::move(request))) return;
  finished();
  answer_error(id, Error::later(ErrorCode::unavailable, 1000, "shutting down"));
}

async::Task<void> Session::run(const wire::Rpc& rpc, std::string id, wire::MessagePtr request) {
  const auto self = shared_from_this();
  wire::Caller caller = caller_;
  caller.request_id = edge::Runner::new_request_id();
  caller.deadline = async::deadline_in(edge::Runner::kDeadline);
  const std::string request_id = caller.request_id;
  const auto response =
      co_await lane_.ports.runner.run(rpc, std::move(caller), std::move(request), edge::Transport::websocket);
  if (response && rpc.name == "auth.change_password") must_change_password_ = false;
  finish(id, response, request_id);
}

// The end of a request: its answer.
void Session::finish(std::string_view id, const Result<wire::MessagePtr>& response, std::string_view request_id) {
  answer(response ? frames_.encode("ok", id, **response) : frames_.encode_error(id, response.error(), request_id));
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
  if (state_ != State::ready || push->number() == last_push_) return;
  last_push_ = push->number();
  // Once one push is left out, later ones would only show the same hole: `gap` follows when the client has caught up.
  if (!stale_ && socket_->send(push->frame(frames_)) != ws::SendResult::full) return;
  stale_ = true;
  lane_.left_out.Increment();
  missed_.add(push->conversation());
}

void Session::on_drained_below_half() {
  if (stale_) {
    stale_ = false;
    ++outstanding_;
    if (!lane_.ports.scope.spawn(lane_.loop, tell_gap())) finished();
  }
  steer_reading();
}

// From here on pushes are sent again, so what they do not bring is in the heads of this moment.
async::Task<void> Session::tell_gap() {
  const auto self = shared_from_this();
  v1::GapPush gap;
  if (missed_.too_many()) gap.set_all(true);
  const auto deadline = async::deadline_in(edge::Runner::kDeadline);
  auto heads = co_await lane_.ports.sync.heads(caller_.user, missed_.take(), deadline);
  if (heads) {
    gap.set_user_version(heads->version.value);
    for (v1::GapConversation& head : heads->conversations) *gap.add_conversations() = std::move(head);
  } else {
    // It cannot be said what is missing, only that something is.
    gap.set_all(true);
  }
  answer(frames_.encode("gap", {}, gap));
  finished();
}

// The socket closes itself after this.
void Session::on_flood(std::chrono::milliseconds wait) {
  answer_error({}, Error::later(ErrorCode::rate_limited, wait.count(), "too many frames"));
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
    using presence::Parting;
    const bool said = closed.cause == ws::CloseCause::by_peer;
    lane_.ports.presence.went({caller_.user, caller_.session}, said ? Parting::closed : Parting::lost);
  }
  if (registered()) {
    lane_.topics.remove(*this);
    lane_.ports.directory.remove(caller_.user, caller_.session);
  } else {
    lane_.ports.directory.anonymous_went();
  }
  state_ = State::closed;
  auth_timer_.reset();
  log::debug("socket_closed",
             {{"session", caller_.session}, {"user", caller_.user}, {"code", closed.code}, {"reason", closed.reason}});
}

}  // namespace hongyan::gateway
