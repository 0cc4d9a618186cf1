// A WebSocket session on Asio callbacks: frames in, frames out, bounded.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/token_bucket.h"
#include "infra/net/stream.h"
#include "infra/ws/frame_builder.h"
#include "infra/ws/frame_parser.h"

namespace hongyan::ws {

class SocketGroup;

// Limits and windows of each socket of a group.
struct SocketLimits {
  ParserLimits parser;
  // send() refuses beyond these; send_answer() counts but is refused only at the hard limit, which fails the socket.
  std::size_t max_output_bytes = 1024 * 1024;
  std::size_t max_output_frames = 2000;
  std::size_t hard_output_bytes = 32 * 1024 * 1024;
  // What was queued must have left within this time.
  std::chrono::milliseconds drain_timeout{30'000};
  // A ping after this much silence; the peer is dead after `max_missed_pings` pings without any frame.
  std::chrono::milliseconds heartbeat{30'000};
  int max_missed_pings = 2;
  // From close() to the end of the connection, whatever the peer does.
  std::chrono::milliseconds close_timeout{5'000};
  // Pongs that wait to be sent; beyond them only the latest ping is answered (RFC 6455 section 5.5.3).
  std::size_t max_queued_pongs = 16;
  // Frames of any kind that the peer may send; no limit by default.
  Rate frames = {};
  // How often time-outs are looked at: they fire up to this much late.
  std::chrono::milliseconds sweep_every{1'000};
};

// Why a session is over.
enum class CloseCause : std::uint8_t {
  by_peer,         // the peer sent Close, first or in answer to ours
  protocol_error,  // the peer broke the protocol or a limit
  flooded,         // the peer sent frames faster than it may
  heartbeat,       // silence
  stalled,         // the peer does not read, or the hard output limit was reached
  lost,            // end of file or an error of the connection, without Close
  timed_out,       // our Close was not answered in time
  aborted,         // abort()
};

struct Closed {
  CloseCause cause = CloseCause::lost;
  // The peer's code when it closed, otherwise the one sent to it, or kCloseAbnormal.
  std::uint16_t code = kCloseAbnormal;
  std::string reason;
};

// What a session does with its socket. Kept alive by the socket until on_closed has returned. Called on the socket's
// thread, never from inside a call of Socket other than by its events; every Socket method may be called from here.
class SocketHandler {
 public:
  virtual ~SocketHandler() = default;
  // A whole text or binary message. `payload` is valid during the call; text is valid UTF-8.
  virtual void on_message(Opcode opcode, std::string_view payload) = 0;
  // Nothing more will be read. Called exactly once, also after close(); what was queued is still sent, then the Close.
  virtual void on_closed(const Closed& closed) = 0;
  // The output was above half of its bound and has fallen below it.
  virtual void on_drained_below_half() {}
  // The peer sends frames faster than it may, and could go on after `wait`. The socket closes with 4429 and reads nothing more;
  // what is sent from here goes out before.
  virtual void on_flood(std::chrono::milliseconds wait) { (void)wait; }
};

enum class SendResult : std::uint8_t {
  queued,
  full,    // over the bound: nothing was queued
  closed,  // the session is over or closing: nothing was queued
};

// One WebSocket connection after its handshake. Lives on the io thread of its stream: every method is called there.
// Kept alive by its SocketGroup from start() until the connection has ended; others may share it for longer.
class Socket final : public net::StreamObserver, public std::enable_shared_from_this<Socket> {
 public:
  struct Start {
    // Bytes the HTTP parser read beyond the request: the first frames.
    std::string leftover;
    // Sent before any frame, for example the 101 answer.
    std::string preamble;
  };

  // `group` is the one of the stream's thread; it outlives the connection.
  static std::shared_ptr<Socket> create(SocketGroup& group, std::unique_ptr<net::Stream> stream,
                                        std::shared_ptr<SocketHandler> handler, Role role = Role::server);
  ~Socket() override;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // Begins to read. The handler is first called in a later turn of the loop.
  void start(Start start);

  // Queues a droppable frame, encoded for this end's role (make_frame for servers). All that is queued in one turn of
  // the loop leaves in one system call.
  SendResult send(SharedFrame frame);
  // Queues a frame that must not be dropped. Never `full`.
  SendResult send_answer(SharedFrame frame);

  // What is queued and not yet taken by the kernel.
  std::size_t output_bytes() const { return output_bytes_; }
  std::size_t output_frames() const { return output_.size() - output_front_; }
  // Above half of a bound, bytes or frames; on_drained_below_half() follows.
  bool above_half() const { return above_half_; }

  // Stops to deliver messages and to read; the heartbeat's clock stops too. A repeat does nothing.
  void pause_reading();
  // Goes on where it stopped, in a later turn.
  void resume_reading();
  bool reading_paused() const { return paused_; }

  // For messages that begin later, for example once the peer has shown who it is.
  void set_max_message_bytes(std::size_t bytes) { parser_.set_max_message_bytes(bytes); }

  // Sends what is queued, then Close, and waits for the peer's. on_closed() follows. A repeat, or a close after the
  // session is over, does nothing.
  void close(std::uint16_t code, std::string_view reason = {});
  // Drops the connection at once. on_closed() follows in a later turn.
  void abort();

  // Neither closing nor over: send() may queue.
  bool is_open() const { return state_ == State::open; }
  boost::asio::any_io_executor executor() { return stream_->executor(); }

 private:
  friend class SocketGroup;
  using Clock = std::chrono::steady_clock;

  enum class State : std::uint8_t {
    open,
    closing,    // our Close is queued or sent, the peer's is awaited
    lingering,  // nothing more is read as frames; the rest of the output is sent, then end of file is awaited
    ended,      // the stream is closed
  };
  struct Output {
    SharedFrame frame;
    bool is_pong = false;
  };

  Socket(SocketGroup& group, std::unique_ptr<net::Stream> stream, std::shared_ptr<SocketHandler> handler, Role role);

  void on_readable(const boost::system::error_code& error) override;
  void on_writable(const boost::system::error_code& error) override;

  bool reads_frames() const { return state_ == State::open || state_ == State::closing; }
  void wait_readable();
  void schedule_parse();
  void parse_stash();
  void parse(std::span<char>& input);
  bool floods();
  void dispatch(const Event& event);
  void answer_ping(std::string_view payload);
  void take_close(const Event& event);
  void discard_input();

  void queue(SharedFrame frame, bool is_pong = false);
  void queue_close(std::uint16_t code, std::string_view reason);
  SharedFrame control_frame(Opcode opcode, std::string_view payload) const;
  void flush();
  bool write_once();
  void took(std::size_t bytes);
  void after_flush();
  void queue_late_pong();
  void notice_half();

  // The session is over: tells the handler, then lingers until what is queued is sent and the peer has ended, or ends.
  enum class Then : std::uint8_t { linger, end };
  void finish(CloseCause cause, std::uint16_t code, std::string_view reason, Then then);
  // The same in a later turn, for calls that come from the owner.
  void finish_later(CloseCause cause, std::string_view reason);
  void end();
  // Called at each sweep of the group.
  void sweep(Clock::time_point now);
  void sweep_heartbeat(Clock::time_point now);

  SocketGroup& group_;
  const std::unique_ptr<net::Stream> stream_;
  std::shared_ptr<SocketHandler> handler_;
  const Role role_;
  FrameParser parser_;
  TokenBucket frames_;

  State state_ = State::open;
  bool close_queued_ = false;
  bool paused_ = false;
  bool waiting_read_ = false;
  bool waiting_write_ = false;
  bool parse_scheduled_ = false;
  bool flush_scheduled_ = false;
  bool above_half_ = false;
  bool write_ended_ = false;
  bool peer_ended_ = false;
  // Something was received since the last sweep.
  bool heard_ = false;
  int pings_unanswered_ = 0;

  // Input that arrived before reading was paused, from stash_front_ on.
  std::string stash_;
  std::size_t stash_front_ = 0;
  std::size_t discarded_ = 0;

  // Frames from output_front_ on wait; of the first one front_taken_ bytes have left.
  std::vector<Output> output_;
  std::size_t output_front_ = 0;
  std::size_t front_taken_ = 0;
  std::size_t output_bytes_ = 0;
  std::size_t pongs_queued_ = 0;
  // The latest ping that found max_queued_pongs waiting.
  std::unique_ptr<std::string> late_pong_;

  // Bytes ever queued and ever sent; the drain check wants `drain_target_` sent by `drain_by_`.
  std::uint64_t total_queued_ = 0;
  std::uint64_t total_sent_ = 0;
  std::uint64_t drain_target_ = 0;
  Clock::time_point drain_by_{};
  Clock::time_point idle_since_{};
  Clock::time_point close_by_{};

  // Place in the group's list.
  std::size_t group_index_ = 0;
};

}  // namespace hongyan::ws
