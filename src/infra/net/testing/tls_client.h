// A blocking TLS client for tests, and pairs for them.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "infra/net/certificate.h"
#include "infra/net/openssl_ptr.h"

namespace hongyan::net::testing {

// A pair for localhost and 127.0.0.1 that is valid now.
inline TlsPair test_pair(const std::string& name = "localhost") {
  return make_self_signed({name, "127.0.0.1"}, SystemClock().now(), std::chrono::hours(24)).value();
}

// Trusts one certificate only and checks that it is for 127.0.0.1. Reads give up after 20 s.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, const std::string& trusted_pem, int version = TLS1_3_VERSION)
      : fd_(::socket(AF_INET, SOCK_STREAM, 0)), context_(SSL_CTX_new(TLS_client_method())) {
    // As the server process does.
    std::signal(SIGPIPE, SIG_IGN);
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const X509Ptr trusted(PEM_read_bio_X509(bio_over(trusted_pem).get(), nullptr, nullptr, nullptr));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), trusted.get());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    ssl_.reset(SSL_new(context_.get()));
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), "127.0.0.1");
    SSL_set_fd(ssl_.get(), fd_);
  }
  ~TlsClient() { ::close(fd_); }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  SSL* ssl() { return ssl_.get(); }
  int fd() const { return fd_; }

  bool shake_hands() { return SSL_connect(ssl_.get()) == 1; }

  bool send(std::string_view bytes) {
    std::size_t written = 0;
    return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) == 1 && written == bytes.size();
  }

  // Exactly `size` bytes, or what comes before the end.
  std::string read(std::size_t size) {
    std::string out(size, '\0');
    std::size_t filled = 0;
    std::size_t got = 0;
    while (filled < size && SSL_read_ex(ssl_.get(), out.data() + filled, size - filled, &got) == 1) filled += got;
    out.resize(filled);
    return out;
  }

  // Whether the server said properly that nothing more follows.
  bool at_end() {
    char byte = 0;
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), &byte, 1, &got);
    return result != 1 && SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN;
  }

  // Says that nothing more follows; the other direction stays open.
  void end_writing() {
    SSL_shutdown(ssl_.get());
    ::shutdown(fd_, SHUT_WR);
  }

 private:
  int fd_;
  std::unique_ptr<SSL_CTX, OpenSslDeleter<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, OpenSslDeleter<SSL_free>> ssl_;
};

}  // namespace hongyan::net::testing
