// The gRPC port: every rpc, reflection and health.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "edge/grpc/config.h"
#include "edge/rpc/runner.h"
#include "infra/async/io_threads.h"
#include "infra/net/certificate.h"
#include "wire/dispatcher.h"

namespace hongyan::edge {

// What the port works with; all outlive the server.
struct GrpcPorts {
  const wire::Dispatcher& dispatcher;
  Runner& runner;
  async::IoThreads& io;
  // Whether the process may serve. Asked from io threads; must not block.
  std::function<bool()> ready;
};

// The certificate of the port. gRPC reads the files by itself, again and again: new connections use what they hold.
struct GrpcTls {
  net::TlsFiles files;
  std::chrono::seconds check_every;
};

// Owns gRPC's server and all its calls. Main thread only. gRPC brings threads of its own, which only read and write;
// handlers run on the io threads.
class GrpcServer {
 public:
  GrpcServer(GrpcConfig config, GrpcPorts ports);
  ~GrpcServer();
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  // Listens, in plain text without `tls`. Throws std::runtime_error when the address cannot be had.
  void start(const std::optional<GrpcTls>& tls);
  // Accepts nothing more, ends streams, and waits for the calls under way, at most `patience`; then cancels them.
  void stop(std::chrono::milliseconds patience) noexcept;

  // "127.0.0.1:50051", once started.
  std::string address() const { return address_; }

 private:
  struct Impl;

  const GrpcConfig config_;
  std::string address_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hongyan::edge
