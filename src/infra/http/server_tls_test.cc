#include <fmt/format.h>
#include <gtest/gtest.h>

#include "infra/async/io_threads.h"
#include "infra/http/server.h"
#include "infra/http/testing/raw_client.h"
#include "infra/net/testing/tls_client.h"
#include "infra/net/tls_context.h"

namespace hongyan::http {
namespace {

using namespace std::chrono_literals;
using net::testing::TlsClient;

constexpr std::size_t kBig = 4 * 1024 * 1024;

// Says whether the request came encrypted.
class SecureHandler final : public Handler {
 public:
  async::Task<Response> handle(Request request) override {
    if (request.path == "/big") co_return Response(200, "text/plain", std::string(kBig, 'b'));
    co_return Response(200, "text/plain", fmt::format("{} {}", request.path, request.secure ? "secure" : "plain"));
  }
  bool wants_upgrade(const Request&) override { return true; }
  void upgrade(std::unique_ptr<net::Stream> stream, Request request, std::string leftover) override {
    const std::string text = fmt::format("upgraded {} {} with {}", request.path, request.secure, leftover);
    const boost::asio::const_buffer whole = boost::asio::buffer(text);
    boost::system::error_code ignored;
    stream->write(std::span(&whole, 1), ignored);
    stream->shutdown_write();
  }
};

class ServerTlsTest : public ::testing::Test {
 protected:
  void start(ServerConfig config = {}) {
    ASSERT_TRUE(context_.use(pair_));
    config.tls = &context_;
    server_ = std::make_unique<Server>(config, io_, handler_);
    server_->start();
  }
  std::uint16_t port() const { return server_->port(); }

  net::TlsPair pair_ = net::testing::test_pair();
  net::TlsContext context_;
  async::IoThreads io_{2};
  SecureHandler handler_;
  std::unique_ptr<Server> server_;
};

std::string secure_get(std::string_view path, std::string_view fields = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: chat.test:8443\r\n{}\r\n", path, fields);
}

// Head and body of the next answer; its body is as long as the caller says.
std::string read_answer(TlsClient& client, std::size_t body_size) {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    const std::string next = client.read(1);
    if (next.empty()) return head;
    head += next;
  }
  return head + client.read(body_size);
}

TEST_F(ServerTlsTest, ServesRequestsOfOneConnection) {
  start();
  TlsClient client(port(), pair_.certificate);
  ASSERT_TRUE(client.shake_hands());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(secure_get("/hello")));
    EXPECT_TRUE(read_answer(client, 13).ends_with("\r\n\r\n/hello secure"));
  }
  ASSERT_TRUE(client.send(secure_get("/big")));
  EXPECT_TRUE(read_answer(client, kBig).ends_with("\r\n\r\n" + std::string(kBig, 'b')));
  ASSERT_TRUE(client.send(secure_get("/", "Connection: close\r\n")));
  EXPECT_TRUE(read_answer(client, 8).ends_with("/ secure"));
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(server_->counters().accepted, 1U);
}

TEST_F(ServerTlsTest, HandsAnEncryptedStreamOver) {
  start();
  TlsClient client(port(), pair_.certificate);
  ASSERT_TRUE(client.shake_hands());
  ASSERT_TRUE(client.send(secure_get("/ws", "Connection: upgrade\r\nUpgrade: x\r\n") + "more"));
  EXPECT_EQ(client.read(100), "upgraded /ws true with more");
  EXPECT_TRUE(client.at_end());
}

TEST_F(ServerTlsTest, ShowsPlainClientsTheWay) {
  start();
  testing::RawClient plain(port());
  // Also one that wants a socket: nothing but the way is told in the clear.
  plain.send(secure_get("/a/b?c=d", "Connection: upgrade\r\nUpgrade: x\r\n"));
  const testing::Answer answer = plain.read();
  EXPECT_EQ(answer.status, 308);
  EXPECT_TRUE(answer.has("\r\nLocation: https://chat.test:8443/a/b?c=d\r\n")) << answer.head;
  EXPECT_TRUE(plain.at_end());

  testing::RawClient nameless(port());
  nameless.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(nameless.read().status, 400);
  EXPECT_EQ(server_->counters().failed_handshakes, 0U);
}

TEST_F(ServerTlsTest, APeerThatStopsInTheHandshakeIsDropped) {
  start({.handshake_timeout = 50ms});
  for (const std::string_view begun : {std::string_view(), std::string_view("\x16\x03\x01\x02\x00\x01", 6)}) {
    testing::RawClient silent(port());
    silent.send(begun);
    EXPECT_TRUE(silent.at_end());
  }
  EXPECT_EQ(server_->counters().failed_handshakes, 2U);
  EXPECT_EQ(server_->counters().timeouts, 2U);
}

TEST_F(ServerTlsTest, NoiseIsDropped) {
  start();
  testing::RawClient client(port());
  client.send(std::string("\x16\x03\x01\x00\x10", 5) + std::string(16, 'x'));
  // An alert may come before the end.
  EXPECT_LT(client.read_raw(100).size(), 100U);
  EXPECT_EQ(server_->counters().failed_handshakes, 1U);
}

TEST_F(ServerTlsTest, StopsWhileAHandshakeIsUnderWay) {
  start();
  testing::RawClient silent(port());
  silent.send("\x16");
  TlsClient client(port(), pair_.certificate);
  ASSERT_TRUE(client.shake_hands());
  EXPECT_TRUE(server_->stop(5s));
  EXPECT_TRUE(silent.at_end());
}

}  // namespace
}  // namespace hongyan::http
