// One client connection of the HTTP server, and what the connections of one io thread share.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "infra/http/request_parser.h"
#include "infra/http/server.h"
#include "infra/net/tls_stream.h"

namespace hongyan::http {

class Connection;

// What the whole server shares: settings, the handler, counters. Owned by the Server, outlives every connection.
struct ServerCore {
  ServerConfig config;
  Handler& handler;
  LogCallback log;
  ServerCounters counters;
  // Connections close after the response under way.
  std::atomic<bool> draining{false};
  // Streams that upgrade() took over and that are still there, which they may be longer than the server.
  std::shared_ptr<std::atomic<std::size_t>> taken_over = std::make_shared<std::atomic<std::size_t>>(0);

  void tell(std::string_view event, std::string_view details) const {
    if (log) log(event, details);
  }
  RequestLimits limits() const {
    return {.max_headers = config.max_headers,
            .max_header_bytes = config.max_header_bytes,
            .max_body_bytes = config.max_body_bytes};
  }
};

// The connections of one io thread, and its read buffer: bytes are parsed before anything else runs on the thread, so
// connections that wait hold none. Used on that thread. Shared by the Server and by what it posts there.
class Loop {
 public:
  explicit Loop(boost::asio::io_context& context);

  boost::asio::io_context& context() { return context_; }
  std::vector<char>& buffer() { return buffer_; }
  // The value of the Date header, renewed each second.
  const std::string& date();

  void add(Connection& connection) { connections_.insert(&connection); }
  void remove(Connection& connection) { connections_.erase(&connection); }
  void close_idle();
  void abort_all();

 private:
  boost::asio::io_context& context_;
  std::vector<char> buffer_;
  std::unordered_set<Connection*> connections_;
  std::time_t date_second_ = 0;
  std::string date_;
};

// Reads requests one after the other, has them answered and writes the responses. Lives on one io thread; owned by its
// own coroutine serve(), which the Server's Scope owns.
class Connection final : public net::StreamObserver, public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerCore& core, Loop& loop, boost::asio::ip::tcp::socket socket);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Serves `self` until it ends.
  static async::Task<void> serve(std::shared_ptr<Connection> self);

  // Ends the connection when it waits for a request.
  void close_if_idle();
  // Ends it whatever it does.
  void abort();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Direction : std::uint8_t { read, write };

  async::Task<void> run();
  // The TLS handshake. True when requests may come: encrypted, or plain from a client that does not know better.
  async::Task<bool> shake_hands();
  // Nothing when the connection is over: closed, too slow, or refused and answered.
  async::Task<std::optional<Request>> read_request();
  // Remembers what follows a request; `is_of_input` when it still lies in input_.
  void keep_rest(std::string_view rest, bool is_of_input);
  // False when the wait failed or the deadline has passed.
  async::Task<bool> wait(Direction direction);
  void on_readable(const boost::system::error_code& error) override { resume(!error); }
  void on_writable(const boost::system::error_code& error) override { resume(!error); }
  void resume(bool ready);
  std::string_view read_available();
  // The next bytes, in the loop's buffer and valid until the next wait; empty when the connection is over.
  async::Task<std::string_view> read_bytes();
  async::Task<void> refuse(int status, ErrorCode code);
  async::Task<Response> answer(Request request);
  async::Task<bool> write_response(const Response& response, Method method, int version, bool keep_alive);
  async::Task<bool> write_all(std::string_view head, std::string_view body);
  async::Task<void> linger();
  bool wants_upgrade(const Request& request) const;
  // The answer to what came in the clear though the port speaks TLS.
  Response redirect_to_https(const Request& request) const;
  Response error_response(int status, ErrorCode code) const;

  // The wait under way is cancelled at the deadline; expired_ tells why it ended.
  void set_deadline(std::chrono::milliseconds from_now);
  void set_deadline_at(Clock::time_point deadline);
  void clear_deadline();
  void arm_timer();
  void on_timer();

  ServerCore& core_;
  Loop& loop_;
  // Null once it was handed over.
  std::unique_ptr<net::Stream> stream_;
  // What goes on when the wait under way ends; the wait holds the connection.
  std::optional<async::Suspended> waiting_;
  // How the last wait has ended.
  bool ready_ = false;
  boost::asio::steady_timer timer_;
  // The other end of the connection.
  std::string peer_ip_;
  bool peer_trusted_ = false;
  // Until its handshake is done, then null.
  net::TlsStream* tls_ = nullptr;
  bool secure_ = false;
  // Bytes that came after the last request, from input_front_ on.
  std::string input_;
  std::size_t input_front_ = 0;
  bool idle_ = false;
  bool expired_ = false;
  bool timer_armed_ = false;
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point timer_at_ = Clock::time_point::max();
};

}  // namespace hongyan::http
