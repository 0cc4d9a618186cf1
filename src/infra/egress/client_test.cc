#include "infra/egress/client.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "base/clock.h"
#include "infra/async/io_threads.h"
#include "infra/net/testing/endpoint.h"

namespace hongyan::egress {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::make_address;
using net::testing::Connection;
using net::testing::Endpoint;
using namespace std::chrono_literals;

// Answers each call for any name with the next of its answers, the last one for ever.
class ScriptedResolver final : public Resolver {
 public:
  using Addresses = std::vector<address>;
  std::vector<Addresses> answers{{make_address("127.0.0.1")}};
  std::atomic<std::size_t> calls{0};

  Result<Addresses> resolve(const std::string&) override { return answers.at(std::min(calls++, answers.size() - 1)); }
};

// A resolver that takes as long as the test wants.
class StuckResolver final : public Resolver {
 public:
  Result<std::vector<address>> resolve(const std::string&) override {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [this] { return open_; });
    return fail(ErrorCode::unavailable);
  }
  void release() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    released_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  bool open_ = false;
};

void answer_ok(Connection& connection) {
  connection.read_head();
  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kind: test\r\n\r\nok");
}

class EgressTest : public ::testing::Test {
 protected:
  // By default a client for the endpoints of these tests: http, on this one address.
  static Config local() {
    Config config;
    config.allow = {"127.0.0.1"};
    config.allow_http = true;
    config.threads = 2;
    return config;
  }

  Result<Response> send(Client& client, Request request, std::chrono::milliseconds within = 20s) {
    return async::start(io_.next().get_executor(), client.send(std::move(request), async::deadline_in(within))).get();
  }
  Result<Response> get(const Config& config, std::string url) {
    Client client(config, resolver_, metrics_);
    return send(client, {.method = Method::get, .url = std::move(url), .headers = {}, .body = {}});
  }
  ErrorCode refusal(const Config& config, std::string url) {
    const auto result = get(config, url);
    EXPECT_FALSE(result) << url << " answered " << result->status;
    return result ? ErrorCode::internal : result.error().code;
  }

  async::IoThreads io_{1};
  ScriptedResolver resolver_;
  metrics::Metrics metrics_;
};

TEST_F(EgressTest, SendsWhatItIsToldAndHandsTheAnswerOver) {
  std::string seen;
  Endpoint endpoint([&](Connection& connection) {
    seen = connection.read_head();
    while (!seen.ends_with("{\"a\":1}")) seen += connection.read();
    connection.send("HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\nX-Kind: test\r\n\r\nbody");
  });
  Client client(local(), resolver_, metrics_);
  const auto response = send(client, {.method = Method::post,
                                      .url = endpoint.url("hooks.example"),
                                      .headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}},
                                      .body = "{\"a\":1}"});
  ASSERT_TRUE(response) << response.error().detail;
  EXPECT_EQ(response->status, 202);
  EXPECT_EQ(response->body, "body");
  EXPECT_EQ(response->headers, (Headers{{"Content-Length", "4"}, {"X-Kind", "test"}}));
  EXPECT_TRUE(seen.starts_with("POST /hook HTTP/1.1\r\n")) << seen;
  EXPECT_NE(seen.find("Host: hooks.example:"), std::string::npos) << seen;
  EXPECT_NE(seen.find("Content-Type: application/json\r\n"), std::string::npos) << seen;
  EXPECT_NE(seen.find("X-Empty:\r\n"), std::string::npos) << seen;
}

TEST_F(EgressTest, GoesNowhereInsideByDefault) {
  Endpoint endpoint(answer_ok);
  Config config = local();
  config.allow.clear();
  const std::string port = ":" + std::to_string(endpoint.port()) + "/";
  for (const char* host : {"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
                           "0.0.0.0", "10.0.0.1", "169.254.169.254", "192.168.0.1", "[fe80::1]", "2130706433",
                           "0177.0.0.1", "0x7f.1", "127.1", "hooks.example", "localhost"}) {
    EXPECT_EQ(refusal(config, "http://" + std::string(host) + port), ErrorCode::invalid_argument) << host;
  }
  EXPECT_EQ(endpoint.connections(), 0);
}

TEST_F(EgressTest, NamesOfPrivateAddressesAreRefused) {
  for (const char* inside :
       {"127.0.0.1", "10.1.1.1", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"}) {
    resolver_.answers = {{make_address(inside)}};
    EXPECT_EQ(refusal(Config{}, "https://hooks.example/"), ErrorCode::invalid_argument) << inside;
  }
}

TEST_F(EgressTest, OfSeveralAddressesOnlyThePermittedAreUsed) {
  Endpoint endpoint(answer_ok);
  resolver_.answers = {{make_address("127.0.0.2"), make_address("10.0.0.1"), make_address("127.0.0.1")}};
  EXPECT_TRUE(get(local(), endpoint.url("hooks.example")));
}

TEST_F(EgressTest, AnAnswerOfTheResolverHoldsForTheWholeRequest) {
  Endpoint endpoint(answer_ok);
  // Asked a second time, it would point somewhere else.
  resolver_.answers = {{make_address("127.0.0.1")}, {make_address("127.0.0.2")}};
  EXPECT_TRUE(get(local(), endpoint.url("hooks.example")));
  EXPECT_EQ(resolver_.calls, 1U);
  EXPECT_EQ(refusal(local(), endpoint.url("hooks.example")), ErrorCode::invalid_argument);
  EXPECT_EQ(endpoint.connections(), 1);
}

TEST_F(EgressTest, TheSocketIsTheLastWord) {
  Endpoint endpoint(answer_ok);
  const Target target{
      .url = endpoint.url(), .host = "127.0.0.1", .address = make_address("127.0.0.1"), .port = endpoint.port()};
  const TransferLimits limits{.connect = 1s, .total = 5s, .header_bytes = 1000, .body_bytes = 1000, .ca_file = {}};
  const std::atomic<bool> stopped{false};
  const Request request{.method = Method::get, .url = {}, .headers = {}, .body = {}};
  const auto elsewhere = transfer(request, target, {make_address("127.0.0.2")}, limits, stopped);
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().code, ErrorCode::unavailable);
  EXPECT_EQ(endpoint.connections(), 0);
  EXPECT_TRUE(transfer(request, target, {make_address("127.0.0.1")}, limits, stopped));
}

TEST_F(EgressTest, RedirectsAreNotFollowed) {
  Endpoint inner(answer_ok);
  Endpoint outer([&](Connection& connection) {
    connection.read_head();
    connection.send("HTTP/1.1 302 Found\r\nLocation: " + inner.url() + "\r\nContent-Length: 0\r\n\r\n");
  });
  const auto response = get(local(), outer.url());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(inner.connections(), 0);
}

TEST_F(EgressTest, TheEnvironmentNamesNoProxy) {
  Endpoint proxy(answer_ok);
  Endpoint endpoint(answer_ok);
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("ALL_PROXY", proxy.url().c_str(), 1);
  EXPECT_TRUE(get(local(), endpoint.url()));
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  EXPECT_EQ(proxy.connections(), 0);
  EXPECT_EQ(endpoint.connections(), 1);
}

TEST_F(EgressTest, ASilentEndpointEndsInTime) {
  for (const char* begin :
       {"", "H", "HTTP/1.1 200 OK\r\nX-Slow: ", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"}) {
    Endpoint endpoint([&](Connection& connection) {
      connection.read_head();
      connection.send(begin);
      connection.wait_for_end();
    });
    Config config = local();
    config.timeout = 200ms;
    EXPECT_EQ(refusal(config, endpoint.url()), ErrorCode::timeout) << begin;
  }
}

TEST_F(EgressTest, AnEndlessAnswerIsCutOff) {
  std::string begin = "HTTP/1.1 200 OK\r\n\r\n";
  std::string forever(1000, 'x');
  const auto endless = [&](Connection& connection) {
    connection.read_head();
    connection.send(begin);
    while (connection.send(forever)) {
    }
  };
  Config config = local();
  config.max_body_bytes = 100'000;
  {
    Endpoint endpoint(endless);
    EXPECT_EQ(refusal(config, endpoint.url()), ErrorCode::too_large);
  }
  begin = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  forever = "3e8\r\n" + forever + "\r\n";
  {
    Endpoint endpoint(endless);
    EXPECT_EQ(refusal(config, endpoint.url()), ErrorCode::too_large);
  }
  begin = "HTTP/1.1 200 OK\r\n";
  forever = "X-More: " + std::string(900, 'x') + "\r\n";
  {
    Endpoint endpoint(endless);
    EXPECT_EQ(refusal(config, endpoint.url()), ErrorCode::too_large);
  }
  // Interim answers, each small.
  begin = "HTTP/1.1 100 Continue\r\n\r\n";
  forever = begin;
  {
    Endpoint endpoint(endless);
    EXPECT_EQ(refusal(config, endpoint.url()), ErrorCode::too_large);
  }
}

TEST_F(EgressTest, ABodyOfTheBoundIsTakenAndOneMoreIsNot) {
  Config config = local();
  config.max_body_bytes = 2;
  Endpoint endpoint(answer_ok);
  EXPECT_EQ(get(config, endpoint.url())->body, "ok");
  config.max_body_bytes = 1;
  EXPECT_EQ(refusal(config, endpoint.url()), ErrorCode::too_large);
}

TEST_F(EgressTest, WhatIsNoHttpIsRefused) {
  Endpoint endpoint([](Connection& connection) {
    connection.read_head();
    connection.send("220 mail.example ESMTP\r\n");
  });
  EXPECT_EQ(refusal(local(), endpoint.url()), ErrorCode::unavailable);
}

TEST_F(EgressTest, HeadersCannotSmuggle) {
  Client client(local(), resolver_, metrics_);
  Endpoint endpoint(answer_ok);
  for (const Headers& bad :
       {Headers{{"X-A", "b\r\nX-Evil: c"}}, Headers{{"X-A\r\nX-Evil", "c"}}, Headers{{"", "x"}},
        Headers{{"Host", "inside"}}, Headers{{"content-length", "0"}}, Headers{{"Transfer-Encoding", "chunked"}}}) {
    const auto result = send(client, {.method = Method::post, .url = endpoint.url(), .headers = bad, .body = {}});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_EQ(endpoint.connections(), 0);
}

TEST_F(EgressTest, TheCertificateHasToBeTrustedAndOfThatName) {
  // OpenSSL of the endpoint writes to connections the client has given up.
  std::signal(SIGPIPE, SIG_IGN);
  const auto pair = net::make_self_signed({"hooks.example"}, SystemClock().now(), std::chrono::hours(24));
  ASSERT_TRUE(pair);
  net::TlsContext tls;
  ASSERT_TRUE(tls.use(*pair));
  Endpoint endpoint(answer_ok, &tls);
  const auto folder = std::filesystem::temp_directory_path() / ("egress-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "ca.pem") << pair->certificate;

  Config config = local();
  EXPECT_EQ(refusal(config, endpoint.url("hooks.example", "https")), ErrorCode::unavailable);
  config.ca_file = (folder / "ca.pem").string();
  EXPECT_EQ(get(config, endpoint.url("hooks.example", "https"))->body, "ok");
  EXPECT_EQ(refusal(config, endpoint.url("other.example", "https")), ErrorCode::unavailable);
  EXPECT_EQ(refusal(config, endpoint.url("127.0.0.1", "https")), ErrorCode::unavailable);
  std::filesystem::remove_all(folder);
}

TEST_F(EgressTest, AResolverThatHangsKeepsNobodyBeyondTheDeadline) {
  StuckResolver stuck;
  Config config = local();
  config.threads = 1;
  config.queue = 1;
  Client client(config, stuck, metrics_);
  const Request request{.method = Method::get, .url = "http://hooks.example/", .headers = {}, .body = {}};
  const auto late = send(client, request, 50ms);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::timeout);
  // The thread is still away: one may wait, the next is refused at once.
  auto waiting = async::start(io_.next().get_executor(), client.send(request, async::deadline_in(20s)));
  async::start(io_.next().get_executor(), []() -> async::Task<void> { co_return; }()).get();
  const auto refused = send(client, request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(refused.error().retry_after_ms);
  stuck.release();
  EXPECT_FALSE(waiting.get());
}

TEST_F(EgressTest, StoppingEndsWhatIsUnderWay) {
  std::promise<void> reached;
  Endpoint endpoint([&](Connection& connection) {
    connection.read_head();
    reached.set_value();
    connection.wait_for_end();
  });
  Client client(local(), resolver_, metrics_);
  auto under_way = async::start(
      io_.next().get_executor(),
      client.send({.method = Method::get, .url = endpoint.url(), .headers = {}, .body = {}}, async::deadline_in(20s)));
  reached.get_future().wait();
  const auto begun = std::chrono::steady_clock::now();
  client.stop();
  EXPECT_EQ(under_way.get().error().code, ErrorCode::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST_F(EgressTest, OutcomesAreCounted) {
  Endpoint endpoint(answer_ok);
  EXPECT_TRUE(get(local(), endpoint.url()));
  EXPECT_FALSE(get(Config{}, endpoint.url()));
  EXPECT_NE(metrics_.text().find("hongyan_egress_requests_total{outcome=\"ok\"} 1"), std::string::npos);
  EXPECT_NE(metrics_.text().find("hongyan_egress_requests_total{outcome=\"invalid_argument\"} 1"), std::string::npos);
}

}  // namespace
}  // namespace hongyan::egress
