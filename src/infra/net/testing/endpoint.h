// A small server that does what a test says, for clients that must bear everything.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "infra/net/tls_context.h"

namespace hongyan::net::testing {

// One connection at the server's side. Blocking.
class Connection {
 public:
  Connection(int fd, SSL* ssl) : fd_(fd), ssl_(ssl) {}

  // The head of the request and as much of the body as came with it.
  std::string read_head() {
    std::string text;
    while (text.find("\r\n\r\n") == std::string::npos) {
      const std::string more = read();
      if (more.empty()) break;
      text += more;
    }
    return text;
  }
  // Empty at the end.
  std::string read() {
    char buffer[4096];
    const auto got = ssl_ != nullptr ? SSL_read(ssl_, buffer, sizeof buffer)
                                     : static_cast<int>(::recv(fd_, buffer, sizeof buffer, 0));
    return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
  }
  // False when the client has gone.
  bool send(std::string_view bytes) {
    const int size = static_cast<int>(bytes.size());
    if (ssl_ != nullptr) return SSL_write(ssl_, bytes.data(), size) == size;
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == size;
  }
  // Until the client goes.
  void wait_for_end() {
    while (!read().empty()) {
    }
  }

 private:
  int fd_;
  SSL* ssl_;
};

// Listens on a free port of 127.0.0.1 and serves one connection after the other on a thread of its own. The client has
// to have gone before it ends.
class Endpoint {
 public:
  explicit Endpoint(std::function<void(Connection&)> serve, const TlsContext* tls = nullptr)
      : serve_(std::move(serve)), tls_(tls), fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_, 8), 0);
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Endpoint() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  std::uint16_t port() const { return port_; }
  // "http://HOST:PORT/hook"
  std::string url(std::string_view host = "127.0.0.1", std::string_view scheme = "http") const {
    return std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(port_) + "/hook";
  }
  int connections() const { return connections_; }

 private:
  void run() {
    for (;;) {
      const int fd = ::accept(fd_, nullptr, nullptr);
      if (fd < 0) return;
      ++connections_;
      serve_one(fd);
      ::close(fd);
    }
  }
  void serve_one(int fd) {
    if (tls_ == nullptr) {
      Connection plain(fd, nullptr);
      return serve_(plain);
    }
    const SslPtr ssl = tls_->new_session();
    SSL_set_fd(ssl.get(), fd);
    if (SSL_accept(ssl.get()) != 1) return;
    Connection encrypted(fd, ssl.get());
    serve_(encrypted);
    SSL_shutdown(ssl.get());
  }

  const std::function<void(Connection&)> serve_;
  const TlsContext* const tls_;
  const int fd_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::thread thread_;
};

}  // namespace hongyan::net::testing
