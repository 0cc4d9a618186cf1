#include "infra/http/server.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "infra/async/io_threads.h"
#include "infra/async/use_task.h"
#include "infra/http/testing/raw_client.h"

namespace hongyan::http {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

using testing::Answer;
using Client = testing::RawClient;

// Waits until `condition` holds, for what shows in counters only.
bool eventually(const std::function<bool()>& condition) {
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::yield();
  }
  return true;
}

// Answers with what it was asked; some paths do more.
class TestHandler : public Handler {
 public:
  async::Task<Response> handle(Request request) override {
    if (request.path == "/throw") throw std::runtime_error("on purpose");
    if (request.path == "/big") co_return Response(200, "text/plain", std::string(32 * 1024 * 1024, 'b'));
    if (request.path == "/wait") {
      waiting.count_down();
      co_await wait_for_release();
    }
    if (request.path == "/close") {
      Response response(200, "text/plain", "bye");
      response.close = true;
      co_return response;
    }
    co_return Response(200, "text/plain",
                       fmt::format("{} {}?{} {} {}{}", method_name(request.method), request.path, request.query,
                                   request.body, request.client_ip, request.secure ? " secure" : ""));
  }

  bool wants_upgrade(const Request& request) override { return request.path == "/ws"; }
  void upgrade(std::unique_ptr<net::Stream> stream, Request request, std::string leftover) override {
    const std::string text = fmt::format("upgraded {} with {}", request.path, leftover);
    const boost::asio::const_buffer whole = boost::asio::buffer(text);
    boost::system::error_code ignored;
    stream->write(std::span(&whole, 1), ignored);
    if (leftover != "stay") return;
    stayed_ = std::move(stream);
    staying_.count_down();
  }
  // Ends the stream that stayed.
  void end_stay() {
    staying_.wait();
    const auto executor = stayed_->executor();
    boost::asio::post(executor, [stream = std::move(stayed_)] {});
  }

  // Lets the requests for /wait end.
  void release() { released_.set_value(); }

  std::latch waiting{1};

 private:
  async::Task<void> wait_for_release() {
    // Looks again and again, so that no thread is held.
    boost::asio::steady_timer timer((co_await async::this_loop()).context());
    while (released_future_.wait_for(0s) != std::future_status::ready) {
      timer.expires_after(1ms);
      co_await timer.async_wait(async::use_task);
    }
  }

  std::latch staying_{1};
  std::unique_ptr<net::Stream> stayed_;
  std::promise<void> released_;
  std::shared_future<void> released_future_ = released_.get_future().share();
};

class ServerTest : public ::testing::Test {
 protected:
  void start(const ServerConfig& config = {}) {
    server_ = std::make_unique<Server>(config, io_, handler_, [this](std::string_view event, std::string_view details) {
      const std::lock_guard lock(log_mutex_);
      log_.push_back(fmt::format("{} {}", event, details));
    });
    server_->start();
  }
  std::uint16_t port() const { return server_->port(); }
  std::vector<std::string> log() {
    const std::lock_guard lock(log_mutex_);
    return log_;
  }

  async::IoThreads io_{2};
  TestHandler handler_;
  std::mutex log_mutex_;
  std::vector<std::string> log_;
  std::unique_ptr<Server> server_;
};

std::string get(std::string_view path, std::string_view fields = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", path, fields);
}

TEST_F(ServerTest, KeepsTheConnectionAlive) {
  start();
  Client client(port());
  for (int i = 0; i < 3; ++i) {
    client.send(get(fmt::format("/{}?a=b", i)));
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, fmt::format("GET /{}?a=b  127.0.0.1", i));
    EXPECT_TRUE(answer.has("\r\nDate: "));
    EXPECT_FALSE(answer.has("Connection:"));
  }
  EXPECT_EQ(server_->counters().accepted, 1U);
  EXPECT_EQ(server_->address(), fmt::format("127.0.0.1:{}", port()));
}

TEST_F(ServerTest, BelievesOnlyTrustedProxies) {
  const std::string forwarded = get("/", "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n");
  start({.trusted_proxies = {net::Network::parse("127.0.0.2").value()}});
  Client direct(port());
  direct.send(forwarded);
  EXPECT_EQ(direct.read().body, "GET /?  127.0.0.1");

  start({.trusted_proxies = {net::Network::parse("127.0.0.1").value()}});
  Client proxy(port());
  proxy.send(forwarded);
  EXPECT_EQ(proxy.read().body, "GET /?  203.0.113.9 secure");
  // A connection of a proxy carries requests of many clients.
  proxy.send(get("/"));
  EXPECT_EQ(proxy.read().body, "GET /?  127.0.0.1");
}

TEST_F(ServerTest, ClosesWhenAskedTo) {
  start();
  const std::string requests[] = {get("/", "Connection: close\r\n"), get("/close"), "GET / HTTP/1.0\r\n\r\n"};
  for (const std::string& request : requests) {
    Client client(port());
    client.send(request);
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.has("Connection: close\r\n"));
    EXPECT_TRUE(client.at_end());
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  Client client(port());
  std::string all;
  for (int i = 0; i < 200; ++i) {
    all += fmt::format("POST /{} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody", i);
    all += get(fmt::format("/get{}", i));
  }
  client.send(all);
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(client.read().body, fmt::format("POST /{}? body 127.0.0.1", i));
    ASSERT_EQ(client.read().body, fmt::format("GET /get{}?  127.0.0.1", i));
  }
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  start();
  Client client(port());
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get("/next"));
  const Answer head = client.read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.has("Content-Length: 19\r\n"));
  EXPECT_EQ(client.read().body, "GET /next?  127.0.0.1");
}

TEST_F(ServerTest, ReadsChunkedBodies) {
  start();
  Client client(port());
  client.send("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.send("4\r\ndefg\r\n0\r\n\r\n");
  EXPECT_EQ(client.read().body, "POST /c? abcdefg 127.0.0.1");
}

TEST_F(ServerTest, SaysContinueOnlyWhenTheBodyIsWelcome) {
  start();
  Client client(port());
  client.send("PUT /c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read().status, 100);
  client.send("hello");
  EXPECT_EQ(client.read().body, "PUT /c? hello 127.0.0.1");
  client.send("PUT /c HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read().status, 413);
}

TEST_F(ServerTest, RefusesBadRequestsWithAnErrorBody) {
  start();
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 10'000; ++i) many += fmt::format("X-{}: y\r\n", i);
  const std::pair<std::string, int> cases[] = {
      {"\x16\x03\x01 no HTTP at all", 400},
      {many + "\r\n", 431},
      {get("/", "X: " + std::string(20'000, 'x') + "\r\n"), 431},
      {get("/", "Content-Length: 1\r\nContent-Length: 2\r\n"), 400},
      {get("/", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400},
      {get("/a/../b"), 400},
      {"GET / HTTP/3.0\r\n\r\n", 505},
  };
  for (const auto& [bytes, status] : cases) {
    Client client(port());
    client.send(bytes + get("/never-answered"));
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, status) << bytes.substr(0, 60);
    EXPECT_TRUE(answer.has("Connection: close\r\n"));
    EXPECT_TRUE(answer.body.starts_with(R"({"error":{"code":")")) << answer.body;
    EXPECT_TRUE(client.at_end());
  }
  EXPECT_EQ(server_->counters().bad_requests, std::size(cases));
}

TEST_F(ServerTest, AClientThatSendsTooMuchStillReadsTheRefusal) {
  start();
  Client client(port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1200000\r\n\r\n");
  client.send(std::string(500'000, 'x'));
  const Answer answer = client.read();
  EXPECT_EQ(answer.status, 413);
  EXPECT_NE(answer.body.find("too_large"), std::string::npos);
}

TEST_F(ServerTest, EndsRequestsThatAreTooSlow) {
  ServerConfig config;
  config.request_timeout = 50ms;
  config.linger_timeout = 50ms;
  start(config);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<Client>(port()));
    clients.back()->send(i % 2 == 0 ? "GET / HT" : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  }
  for (auto& client : clients) {
    EXPECT_EQ(client->read().status, 408);
    EXPECT_TRUE(client->at_end());
  }
  EXPECT_EQ(server_->counters().timeouts, 100U);
}

TEST_F(ServerTest, EndsIdleConnections) {
  ServerConfig config;
  config.idle_timeout = 50ms;
  start(config);
  Client silent(port());
  Client once(port());
  once.send(get("/"));
  EXPECT_EQ(once.read().status, 200);
  EXPECT_TRUE(once.at_end());
  EXPECT_TRUE(silent.at_end());
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(ServerTest, GivesUpOnClientsThatDoNotRead) {
  ServerConfig config;
  config.write_timeout = 50ms;
  start(config);
  Client client(port(), 4096);
  client.send(get("/big"));
  EXPECT_TRUE(eventually([&] { return server_->counters().timeouts == 1; }));
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(ServerTest, SendsLargeResponsesWhole) {
  start();
  Client client(port());
  client.send(get("/big"));
  const Answer answer = client.read();
  EXPECT_EQ(answer.body.size(), 32U * 1024 * 1024);
}

TEST_F(ServerTest, AnExceptionIsA500AndIsLogged) {
  start();
  Client client(port());
  client.send(get("/throw") + get("/after"));
  const Answer answer = client.read();
  EXPECT_EQ(answer.status, 500);
  EXPECT_NE(answer.body.find("internal"), std::string::npos);
  EXPECT_EQ(answer.body.find("on purpose"), std::string::npos);
  EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(log(), std::vector<std::string>{"http_handler_failed what=\"on purpose\""});
}

TEST_F(ServerTest, HandsUpgradesOverWithTheBytesThatFollow) {
  start();
  Client client(port());
  client.send(get("/ws", "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n") + "frames");
  EXPECT_EQ(client.read_raw(100), "upgraded /ws with frames");
  Client other(port());
  other.send(get("/other", "Connection: Upgrade\r\nUpgrade: h2c\r\n"));
  EXPECT_EQ(other.read().status, 200) << "an upgrade nobody wants is an ordinary request";
  EXPECT_EQ(server_->counters().upgrades, 1U);
}

TEST_F(ServerTest, TurnsAwayWhoIsTooMany) {
  ServerConfig config;
  config.max_connections = 2;
  start(config);
  Client first(port());
  std::optional<Client> second(std::in_place, port());
  first.send(get("/"));
  second->send(get("/"));
  EXPECT_EQ(first.read().status, 200);
  EXPECT_EQ(second->read().status, 200);
  Client third(port());
  EXPECT_EQ(third.read().status, 503);
  EXPECT_TRUE(third.at_end());
  second.reset();
  ASSERT_TRUE(eventually([&] { return server_->connections() == 1; }));
  Client fourth(port());
  fourth.send(get("/"));
  EXPECT_EQ(fourth.read().status, 200);
}

TEST_F(ServerTest, CountsWhatWasTakenOverForAsLongAsItIsThere) {
  ServerConfig config;
  config.max_connections = 1;
  start(config);
  Client first(port());
  first.send(get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\n") + "stay");
  const std::string greeting = "upgraded /ws with stay";
  EXPECT_EQ(first.read_raw(greeting.size()), greeting);
  ASSERT_TRUE(eventually([&] { return server_->connections() == 0; }));
  const auto status = [&] {
    Client next(port());
    next.send(get("/"));
    return next.read().status;
  };
  EXPECT_EQ(status(), 503);
  handler_.end_stay();
  EXPECT_TRUE(eventually([&] { return status() == 200; }));
}

TEST_F(ServerTest, DoesNotSpinWithoutDescriptors) {
  ServerConfig config;
  config.accept_backoff = 20ms;
  start(config);
  Client client(0);
  // The sanitizer opens a pipe when it checks a vtable for the first time, so this one is checked while that works.
  EXPECT_FALSE(boost::asio::error::make_error_code(boost::asio::error::no_descriptors).message().empty());
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  // The next descriptor to be had is the first beyond the limit.
  const int next = dup(0);
  ::close(next);
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(next);
  setrlimit(RLIMIT_NOFILE, &tight);
  const auto begin = std::chrono::steady_clock::now();
  client.connect(port());
  const bool failed = eventually([&] { return server_->counters().accept_errors >= 4; });
  const auto passed = std::chrono::steady_clock::now() - begin;
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(failed);
  EXPECT_GE(passed, 3 * config.accept_backoff);
  client.send(get("/"));
  EXPECT_EQ(client.read().status, 200) << "it goes on once there are descriptors again";
}

TEST_F(ServerTest, StopsAfterWhatIsUnderWay) {
  start();
  Client idle(port());
  idle.send(get("/"));
  EXPECT_EQ(idle.read().status, 200);
  Client busy(port());
  busy.send(get("/wait"));
  handler_.waiting.wait();
  EXPECT_EQ(server_->in_flight(), 1U);
  auto stopped = std::async(std::launch::async, [&] { return server_->stop(20s); });
  EXPECT_TRUE(idle.at_end());
  handler_.release();
  const Answer answer = busy.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  EXPECT_TRUE(busy.at_end());
  EXPECT_TRUE(stopped.get());
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(ServerTest, DropsWhatDoesNotEndInTime) {
  start();
  Client stuck(port());
  stuck.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(stuck.read().status, 100);
  EXPECT_FALSE(server_->stop(10ms));
  EXPECT_TRUE(stuck.at_end());
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  start();
  ServerConfig same;
  same.port = port();
  Server second(same, io_, handler_);
  EXPECT_THROW(second.start(), std::runtime_error);
  ServerConfig named;
  named.address = "example.com";
  Server third(named, io_, handler_);
  EXPECT_THROW(third.start(), std::runtime_error);
}

}  // namespace
}  // namespace hongyan::http
