// The HTTP/1.1 server: connections in, requests to a handler, responses out, everything bounded.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error_code.h"
#include "infra/async/io_threads.h"
#include "infra/async/task.h"
#include "infra/http/message.h"
#include "infra/net/network.h"
#include "infra/net/stream.h"

namespace hongyan::net {
class TlsContext;
}

namespace hongyan::http {

// Where to listen and what a client may do.
struct ServerConfig {
  // An IP literal or "localhost"; port 0 takes a free one.
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  // Encrypts every connection; null for plain HTTP. Outlives the server.
  const net::TlsContext* tls = nullptr;
  // Their X-Forwarded-For and X-Forwarded-Proto are believed.
  net::Networks trusted_proxies = {};

  std::size_t max_headers = 100;
  // Request line and headers together, as sent.
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_body_bytes = 1024 * 1024;
  // Connections at once, with those that upgrade() took over until their stream is gone; one more is answered 503 and closed.
  std::size_t max_connections = 16'000;

  // A TLS handshake must be complete within this from the connection's begin.
  std::chrono::milliseconds handshake_timeout{10'000};
  // A request must be complete within this from its first byte.
  std::chrono::milliseconds request_timeout{10'000};
  // Between two requests of a connection, and before the first.
  std::chrono::milliseconds idle_timeout{60'000};
  // For each 256 KiB of a response.
  std::chrono::milliseconds write_timeout{30'000};
  // After a response that closes, for the client to have read it.
  std::chrono::milliseconds linger_timeout{2'000};
  // After accept() failed for want of descriptors or memory.
  std::chrono::milliseconds accept_backoff{100};
};

// Written by the io threads, read anywhere.
struct ServerCounters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> accept_errors{0};
  std::atomic<std::uint64_t> requests{0};
  // Requests the server refused by itself: malformed, too large, too slow.
  std::atomic<std::uint64_t> bad_requests{0};
  std::atomic<std::uint64_t> timeouts{0};
  // Connections that ended within the TLS handshake.
  std::atomic<std::uint64_t> failed_handshakes{0};
  std::atomic<std::uint64_t> handler_failures{0};
  std::atomic<std::uint64_t> upgrades{0};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> in_flight{0};
};

// What answers requests. Outlives the server; called from any io thread, several at once.
class Handler {
 public:
  virtual ~Handler() = default;

  // Answers one request, HEAD like GET (the server leaves the body out). An exception becomes a 500. Must end by
  // itself: the server sets no deadline.
  virtual async::Task<Response> handle(Request request) = 0;

  // Asked for GET requests that want to upgrade the connection. When true, upgrade() follows and handle() does not.
  virtual bool wants_upgrade(const Request&) { return false; }
  // Takes the connection over, on its io thread. `leftover` are bytes that came after the request. Must not throw.
  virtual void upgrade(std::unique_ptr<net::Stream> stream, Request request, std::string leftover);

  // The body and headers of a refusal the server makes by itself; the server sets the status, which may be a finer one
  // than the code's (408, 417, 431, 505).
  virtual Response error_response(ErrorCode code);
};

// Told of what should be logged: an event name and its "key=value" details. Called from any io thread.
using LogCallback = std::function<void(std::string_view event, std::string_view details)>;

// Accepts on the first io thread and gives each connection to the next one, where it stays. Owned by a module; built,
// started and stopped on the main thread; the counters may be read anywhere. Beyond ServerConfig nothing grows with
// what clients send.
class Server {
 public:
  Server(ServerConfig config, async::IoThreads& io, Handler& handler, LogCallback log = {});
  // Stops with a short patience when stop() has not been called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens; connections are accepted from now on. Throws std::runtime_error with the reason when it cannot.
  void start();

  // Where it listens, once started: with the real port.
  std::uint16_t port() const;
  // "127.0.0.1:8080".
  std::string address() const;

  // Takes no further connection and closes the port. A repeat does nothing.
  void stop_accepting();
  // Closes connections that wait for a request; the others close after the response under way.
  void close_idle();
  // Requests being handled now.
  std::size_t in_flight() const;
  // Open connections; those taken over by upgrade() do not count.
  std::size_t connections() const;

  // stop_accepting(), close_idle(), then waits for the rest at most `patience`, then drops it. True when nothing had to
  // be dropped. Blocks; call it while the io threads still run and never on one of them. A repeat does nothing.
  bool stop(std::chrono::milliseconds patience);

  const ServerCounters& counters() const;

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace hongyan::http
