#include "infra/ws/socket.h"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/assert.h"
#include "infra/ws/socket_group.h"

namespace hongyan::ws {
namespace {

// What a lingering connection may still send before it is left unread until its time is up.
constexpr std::size_t kMaxDiscarded = 1024 * 1024;

bool is_transient(const boost::system::error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again ||
         error == boost::asio::error::interrupted;
}

}  // namespace

std::shared_ptr<Socket> Socket::create(SocketGroup& group, std::unique_ptr<net::Stream> stream,
                                       std::shared_ptr<SocketHandler> handler, Role role) {
  return std::shared_ptr<Socket>(new Socket(group, std::move(stream), std::move(handler), role));
}

Socket::Socket(SocketGroup& group, std::unique_ptr<net::Stream> stream, std::shared_ptr<SocketHandler> handler,
               Role role)
    : group_(group),
      stream_(std::move(stream)),
      handler_(std::move(handler)),
      role_(role),
      parser_(role, group.limits().parser) {}

Socket::~Socket() = default;

void Socket::start(Start start) {
  idle_since_ = Clock::now();
  group_.add(shared_from_this());
  if (!start.preamble.empty()) queue(std::make_shared<const std::string>(std::move(start.preamble)));
  stash_ = std::move(start.leftover);
  if (stash_.empty()) {
    wait_readable();
  } else {
    schedule_parse();
  }
}

void Socket::pause_reading() {
  if (state_ == State::open) paused_ = true;
}

void Socket::resume_reading() {
  if (!paused_) return;
  paused_ = false;
  // While nothing was read the peer could not show life.
  idle_since_ = Clock::now();
  pings_unanswered_ = 0;
  if (stash_.empty()) {
    wait_readable();
  } else {
    schedule_parse();
  }
}

void Socket::close(std::uint16_t code, std::string_view reason) {
  if (state_ != State::open) return;
  queue_close(code, reason);
  state_ = State::closing;
  // Messages are no longer delivered, so there is nothing to hold back, and the peer's Close must be seen.
  resume_reading();
}

void Socket::abort() { finish_later(CloseCause::aborted, "aborted"); }

void Socket::wait_readable() {
  if (waiting_read_ || state_ == State::ended) return;
  waiting_read_ = true;
  stream_->wait_readable(shared_from_this());
}

void Socket::on_readable(const boost::system::error_code& wait_error) {
  waiting_read_ = false;
  if (state_ == State::ended || wait_error) return;
  if (state_ == State::lingering) return discard_input();
  if (paused_) return;

  boost::system::error_code error;
  const std::span<char> buffer = group_.read_buffer();
  const std::size_t size = stream_->read(buffer, error);
  if (error && !is_transient(error)) return finish(CloseCause::lost, kCloseAbnormal, error.message(), Then::end);
  if (size > 0) heard_ = true;
  group_.count(group_.counters_.bytes_in, size);
  std::span<char> input = buffer.first(size);
  parse(input);
  if (paused_) {
    stash_.assign(input.begin(), input.end());
    stash_front_ = 0;
  } else if (reads_frames()) {
    wait_readable();
  }
}

void Socket::schedule_parse() {
  if (std::exchange(parse_scheduled_, true)) return;
  boost::asio::post(stream_->executor(), [self = shared_from_this()] {
    self->parse_scheduled_ = false;
    self->parse_stash();
  });
}

void Socket::parse_stash() {
  if (paused_ || !reads_frames()) return;
  std::span<char> input = std::span(stash_).subspan(stash_front_);
  parse(input);
  stash_front_ = stash_.size() - input.size();
  if (paused_ && !input.empty()) return;
  stash_ = std::string();
  stash_front_ = 0;
  if (!paused_ && reads_frames()) wait_readable();
}

void Socket::parse(std::span<char>& input) {
  while (!paused_ && reads_frames()) {
    const auto event = parser_.next(input);
    if (!event) {
      group_.count(group_.counters_.protocol_errors);
      queue_close(event.error().close_code, event.error().why);
      return finish(CloseCause::protocol_error, event.error().close_code, event.error().why, Then::linger);
    }
    if (floods() || !*event) return;
    dispatch(**event);
  }
}

// Whether the frames that were read are too many; then the session is over.
bool Socket::floods() {
  const std::int64_t count = parser_.take_frame_count();
  if (count == 0) return false;
  const TokenBucket::Wait wait = frames_.take(group_.limits().frames, Clock::now(), count);
  if (wait.count() == 0) return false;
  group_.count(group_.counters_.flooded);
  if (state_ == State::open) handler_->on_flood(std::chrono::ceil<std::chrono::milliseconds>(wait));
  queue_close(kCloseTooManyRequests, "too many frames");
  finish(CloseCause::flooded, kCloseTooManyRequests, "too many frames", Then::linger);
  return true;
}

void Socket::dispatch(const Event& event) {
  switch (event.opcode) {
    case Opcode::text:
    case Opcode::binary:
      if (state_ != State::open) return;
      group_.count(group_.counters_.messages_in);
      return handler_->on_message(event.opcode, event.payload);
    case Opcode::ping: return answer_ping(event.payload);
    case Opcode::close: return take_close(event);
    case Opcode::pong:
    case Opcode::continuation: return;
  }
}

void Socket::answer_ping(std::string_view payload) {
  if (close_queued_) return;
  if (pongs_queued_ >= group_.limits().max_queued_pongs) {
    late_pong_ = std::make_unique<std::string>(payload);
    return;
  }
  queue(control_frame(Opcode::pong, payload), true);
}

void Socket::take_close(const Event& event) {
  // RFC 6455 section 5.5.1: the answer carries the code that was received.
  queue_close(event.close_code, {});
  finish(CloseCause::by_peer, event.close_code, event.payload, Then::linger);
}

void Socket::discard_input() {
  // Closing with unread input would reset the connection, and the peer might lose our last frames.
  boost::system::error_code error;
  const std::size_t size = stream_->read(group_.read_buffer(), error);
  if (error && !is_transient(error)) {
    peer_ended_ = true;
    if (error != boost::asio::error::eof || write_ended_) end();
    return;
  }
  discarded_ += size;
  if (discarded_ < kMaxDiscarded) wait_readable();
}

void Socket::finish(CloseCause cause, std::uint16_t code, std::string_view reason, Then then) {
  if (!reads_frames()) return;
  const auto self = shared_from_this();
  if (state_ == State::open) close_by_ = Clock::now() + group_.limits().close_timeout;
  state_ = State::lingering;
  paused_ = false;
  late_pong_.reset();
  const Closed closed{.cause = cause, .code = code, .reason = std::string(reason)};
  // The handler usually holds the socket too: letting it go breaks the circle.
  std::exchange(handler_, nullptr)->on_closed(closed);
  if (then == Then::end) return end();
  group_.flush_later(self);
  wait_readable();
}

void Socket::finish_later(CloseCause cause, std::string_view reason) {
  if (state_ == State::ended) return;
  // From now on nothing is queued or delivered.
  if (state_ == State::open) {
    state_ = State::closing;
    close_by_ = Clock::now();
  }
  boost::asio::post(stream_->executor(), [self = shared_from_this(), cause, reason] {
    self->finish(cause, kCloseAbnormal, reason, Then::end);
    self->end();
  });
}

void Socket::end() {
  if (state_ == State::ended) return;
  state_ = State::ended;
  stream_->close();
  output_ = {};
  output_front_ = 0;
  output_bytes_ = 0;
  stash_ = std::string();
  stash_front_ = 0;
  group_.remove(*this);
}

void Socket::sweep(Clock::time_point now) {
  if (state_ == State::open) {
    if (output_frames() == 0 || now < drain_by_) return sweep_heartbeat(now);
    group_.count(group_.counters_.stalled);
    return finish(CloseCause::stalled, kCloseAbnormal, "output not read in time", Then::end);
  }
  if (now < close_by_) return;
  finish(CloseCause::timed_out, kCloseAbnormal, "close not answered in time", Then::end);
  end();
}

void Socket::sweep_heartbeat(Clock::time_point now) {
  if (paused_) return;
  if (std::exchange(heard_, false)) {
    idle_since_ = now;
    pings_unanswered_ = 0;
    return;
  }
  const SocketLimits& limits = group_.limits();
  if (now - idle_since_ < limits.heartbeat) return;
  idle_since_ = now;
  if (pings_unanswered_ < limits.max_missed_pings) {
    ++pings_unanswered_;
    return queue(control_frame(Opcode::ping, {}));
  }
  group_.count(group_.counters_.heartbeats_missed);
  queue_close(kCloseHeartbeatMissed, "heartbeat missed");
  finish(CloseCause::heartbeat, kCloseHeartbeatMissed, "heartbeat missed", Then::linger);
}

}  // namespace hongyan::ws
