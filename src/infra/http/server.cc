#include "infra/http/server.h"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "infra/async/scope.h"
#include "infra/async/use_task.h"
#include "infra/http/connection.h"
#include "infra/http/response_writer.h"
#include "infra/net/address.h"
#include "infra/net/listener.h"

namespace hongyan::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// For dropped connections to notice.
constexpr std::chrono::seconds kAbortPatience{5};

}  // namespace

void Handler::upgrade(std::unique_ptr<net::Stream>, Request, std::string) {}

Response Handler::error_response(ErrorCode code) {
  return Response(error_status(code), "application/json",
                  fmt::format(R"({{"error":{{"code":"{}","message":"{}"}}}})", error_name(code), error_text(code)));
}

class Server::Impl {
 public:
  Impl(ServerConfig config, async::IoThreads& io, Handler& handler, LogCallback log)
      : core_{.config = std::move(config),
              .handler = handler,
              .log = std::move(log),
              .counters = {},
              .draining = false},
        accept_context_(io.context(0)),
        backoff_(accept_context_) {
    for (std::size_t i = 0; i < io.size(); ++i) loops_.push_back(std::make_shared<Loop>(io.context(i)));
  }

  void start() {
    const auto endpoint = net::make_endpoint(core_.config.address, core_.config.port);
    if (!endpoint) throw std::runtime_error(endpoint.error().detail);
    auto acceptor = net::listen(accept_context_, *endpoint);
    if (!acceptor) throw std::runtime_error(acceptor.error().detail);
    acceptor_.emplace(std::move(*acceptor));
    local_ = acceptor_->local_endpoint();
    scope_.spawn(accept_context_.get_executor(), accept_connections());
  }

  const tcp::endpoint& local() const { return local_; }
  ServerCore& core() { return core_; }

  void stop_accepting() {
    if (!acceptor_) return;
    scope_.spawn(accept_context_.get_executor(), close_acceptor());
  }

  void close_idle() {
    core_.draining = true;
    for (const auto& loop : loops_) {
      boost::asio::post(loop->context(), [loop] { loop->close_idle(); });
    }
  }

  bool stop(std::chrono::milliseconds patience) {
    stop_accepting();
    close_idle();
    if (scope_.close(patience)) return true;
    for (const auto& loop : loops_) {
      boost::asio::post(loop->context(), [loop] { loop->abort_all(); });
    }
    scope_.close(kAbortPatience);
    return false;
  }

 private:
  async::Task<void> close_acceptor() {
    error_code ignored;
    acceptor_->close(ignored);
    backoff_.cancel();
    co_return;
  }

  async::Task<void> accept_connections() {
    for (std::size_t turn = 0; acceptor_->is_open(); ++turn) {
      Loop& loop = *loops_[turn % loops_.size()];
      auto [error, socket] = co_await acceptor_->async_accept(loop.context(), async::use_task);
      if (!acceptor_->is_open()) co_return;
      if (error) {
        co_await pause_after(error);
        continue;
      }
      try {
        take(loop, std::move(socket));
      } catch (const std::exception& failure) {
        // One connection less, for want of memory perhaps; the next one is still welcome.
        core_.tell("http_connection_failed", fmt::format("what=\"{}\"", failure.what()));
      }
    }
  }

  async::Task<void> pause_after(error_code error) {
    ++core_.counters.accept_errors;
    if (net::concerns_one_connection(error)) co_return;
    core_.tell("http_accept_failed", fmt::format("why=\"{}\"", error.message()));
    backoff_.expires_after(core_.config.accept_backoff);
    co_await backoff_.async_wait(async::use_task);
  }

  void take(Loop& loop, tcp::socket socket) {
    const std::size_t open = core_.counters.connections + *core_.taken_over;
    if (open >= core_.config.max_connections) return turn_away(std::move(socket));
    auto connection = std::make_shared<Connection>(core_, loop, std::move(socket));
    ++core_.counters.accepted;
    ++core_.counters.connections;
    if (!scope_.spawn(loop.context().get_executor(), Connection::serve(std::move(connection)))) {
      --core_.counters.connections;
    }
  }

  // Says 503 as far as that goes without waiting: a flood of connections must not cost memory or time.
  void turn_away(tcp::socket socket) {
    ++core_.counters.refused;
    // Without a handshake there is no way to say why.
    if (core_.config.tls != nullptr) return;
    Response response = core_.handler.error_response(ErrorCode::unavailable);
    response.status = 503;
    std::string text = response_head(response, 11, false, loops_.front()->date());
    text += response.body.view();
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(boost::asio::buffer(text), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    // Unread input would turn the close into a reset, and the answer might be lost.
    socket.read_some(boost::asio::buffer(loops_.front()->buffer()), ignored);
    socket.close(ignored);
  }

  ServerCore core_;
  boost::asio::io_context& accept_context_;
  boost::asio::steady_timer backoff_;
  std::optional<tcp::acceptor> acceptor_;
  tcp::endpoint local_;
  std::vector<std::shared_ptr<Loop>> loops_;
  // Last: its coroutines use all of the above.
  async::Scope scope_;
};

Server::Server(ServerConfig config, async::IoThreads& io, Handler& handler, LogCallback log)
    : impl_(std::make_unique<Impl>(std::move(config), io, handler, std::move(log))) {}

Server::~Server() { impl_->stop(std::chrono::seconds(1)); }

void Server::start() { impl_->start(); }
std::uint16_t Server::port() const { return impl_->local().port(); }
std::string Server::address() const { return net::to_text(impl_->local()); }
void Server::stop_accepting() { impl_->stop_accepting(); }
void Server::close_idle() { impl_->close_idle(); }
std::size_t Server::in_flight() const { return impl_->core().counters.in_flight; }
std::size_t Server::connections() const { return impl_->core().counters.connections; }
bool Server::stop(std::chrono::milliseconds patience) { return impl_->stop(patience); }
const ServerCounters& Server::counters() const { return impl_->core().counters; }

}  // namespace hongyan::http
