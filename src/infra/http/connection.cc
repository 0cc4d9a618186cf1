#include "infra/http/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <ctime>
#include <utility>

#include "infra/http/forwarded.h"
#include "infra/http/response_writer.h"
#include "infra/net/address.h"

namespace hongyan::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kReadBufferBytes = 64 * 1024;
// A response is written in pieces of this size, each with a deadline of its own.
constexpr std::size_t kWritePiece = 256 * 1024;
// What a client may still send after a response that closes.
constexpr std::size_t kMaxDiscarded = 1024 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

bool would_block(const error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again ||
         error == boost::asio::error::interrupted;
}

// Counts one up for as long as it lives.
class Counted {
 public:
  explicit Counted(std::atomic<std::uint64_t>& counter) : counter_(counter) { ++counter_; }
  ~Counted() { --counter_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::atomic<std::uint64_t>& counter_;
};

}  // namespace

Loop::Loop(boost::asio::io_context& context) : context_(context), buffer_(kReadBufferBytes) {
  // Makes the context's reactor now: when the first connection comes there may be no descriptor left for it.
  const tcp::socket unused(context);
}

const std::string& Loop::date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 64> text{};
    // The C locale's names, as the process never sets another.
    const std::size_t size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    date_.assign(text.data(), size);
  }
  return date_;
}

void Loop::close_idle() {
  for (Connection* connection : connections_) connection->close_if_idle();
}

void Loop::abort_all() {
  for (Connection* connection : connections_) connection->abort();
}

Connection::Connection(ServerCore& core, Loop& loop, tcp::socket socket)
    : core_(core), loop_(loop), timer_(loop.context()) {
  error_code gone;
  const tcp::endpoint peer = socket.remote_endpoint(gone);
  if (!gone) {
    peer_ip_ = net::ip_text(peer.address());
    peer_trusted_ = net::contains(core.config.trusted_proxies, peer.address());
  }
  if (core.config.tls == nullptr) {
    stream_ = net::make_tcp_stream(std::move(socket));
  } else {
    auto stream = net::make_tls_stream(std::move(socket), *core.config.tls);
    tls_ = stream.get();
    stream_ = std::move(stream);
  }
}

async::Task<void> Connection::serve(std::shared_ptr<Connection> self) {
  self->loop_.add(*self);
  try {
    co_await self->run();
  } catch (const std::exception& error) {
    self->core_.tell("http_connection_failed", fmt::format("what=\"{}\"", error.what()));
  }
  self->loop_.remove(*self);
  self->timer_.cancel();
  self->abort();
  --self->core_.counters.connections;
}

async::Task<void> Connection::run() {
  if (peer_ip_.empty()) co_return;
  if (tls_ != nullptr && !co_await shake_hands()) co_return;
  bool keep_alive = true;
  while (keep_alive) {
    auto request = co_await read_request();
    if (!request) co_return;
    ++core_.counters.requests;
    if (wants_upgrade(*request)) {
      ++core_.counters.upgrades;
      clear_deadline();
      ++*core_.taken_over;
      stream_->keep({nullptr, [count = core_.taken_over](void*) { --*count; }});
      core_.handler.upgrade(std::move(stream_), std::move(*request), input_.substr(input_front_));
      co_return;
    }
    const Method method = request->method;
    const int version = request->version;
    const bool wants_more = request->keep_alive;
    clear_deadline();
    const bool misled = core_.config.tls != nullptr && !secure_;
    const Response response = misled ? redirect_to_https(*request) : co_await answer(std::move(*request));
    keep_alive = wants_more && !response.close && !core_.draining;
    if (!co_await write_response(response, method, version, keep_alive)) co_return;
  }
  co_await linger();
}

async::Task<bool> Connection::shake_hands() {
  using Handshake = net::TlsStream::Handshake;
  net::TlsStream& tls = *std::exchange(tls_, nullptr);
  idle_ = true;
  set_deadline(core_.config.handshake_timeout);
  Handshake state = Handshake::again;
  while (state == Handshake::again && co_await wait(Direction::read)) state = tls.handshake();
  idle_ = false;
  if (state == Handshake::foreign) stream_ = tls.without_tls();
  secure_ = state == Handshake::done;
  if (secure_ || state == Handshake::foreign) co_return true;
  ++core_.counters.failed_handshakes;
  if (expired_) ++core_.counters.timeouts;
  co_return false;
}

async::Task<std::optional<Request>> Connection::read_request() {
  RequestParser parser(core_.limits());
  std::string_view bytes = std::string_view(input_).substr(input_front_);
  bool kept = !bytes.empty();
  if (!kept) {
    if (core_.draining) co_return std::nullopt;
    idle_ = true;
    set_deadline(core_.config.idle_timeout);
    bytes = co_await read_bytes();
    idle_ = false;
    if (bytes.empty()) co_return std::nullopt;
  }
  set_deadline(core_.config.request_timeout);
  while (true) {
    const auto taken = parser.feed(bytes);
    if (!taken) {
      co_await refuse(taken.error().status, taken.error().code);
      co_return std::nullopt;
    }
    keep_rest(bytes.substr(*taken), kept);
    if (parser.complete()) break;
    kept = false;
    if (parser.take_expects_continue() && !co_await write_all(kContinue, {})) co_return std::nullopt;
    bytes = co_await read_bytes();
    if (!bytes.empty()) continue;
    if (!expired_) co_return std::nullopt;
    ++core_.counters.timeouts;
    co_await refuse(408, ErrorCode::timeout);
    co_return std::nullopt;
  }
  Request request = parser.take();
  Origin origin{.client_ip = peer_ip_, .secure = secure_};
  if (peer_trusted_) origin = forwarded_origin(request.headers, core_.config.trusted_proxies, std::move(origin));
  request.client_ip = std::move(origin.client_ip);
  request.secure = origin.secure;
  co_return request;
}

void Connection::keep_rest(std::string_view rest, bool is_of_input) {
  if (rest.empty()) {
    input_ = std::string();
    input_front_ = 0;
  } else if (is_of_input) {
    // Not moved to the front: many small requests in one packet would be copied again and again.
    input_front_ = input_.size() - rest.size();
  } else {
    input_ = rest;
    input_front_ = 0;
  }
}

async::Task<bool> Connection::wait(Direction direction) {
  if (expired_) co_return false;
  co_await async::suspend([this, direction](async::Suspended waiting) {
    waiting_.emplace(std::move(waiting));
    if (direction == Direction::read) {
      stream_->wait_readable(shared_from_this());
    } else {
      stream_->wait_writable(shared_from_this());
    }
  });
  co_return ready_ && !expired_;
}

void Connection::resume(bool ready) {
  ready_ = ready;
  std::move(*std::exchange(waiting_, std::nullopt)).resume();
}

std::string_view Connection::read_available() {
  error_code error;
  const std::size_t size = stream_->read(loop_.buffer(), error);
  if (error && !would_block(error)) stream_->close();
  return {loop_.buffer().data(), size};
}

async::Task<std::string_view> Connection::read_bytes() {
  while (co_await wait(Direction::read)) {
    const std::string_view bytes = read_available();
    if (!bytes.empty()) co_return bytes;
  }
  co_return std::string_view();
}

bool Connection::wants_upgrade(const Request& request) const {
  return request.method == Method::get && request.body.empty() && request.headers.find("Upgrade").has_value() &&
         request.headers.has_token("Connection", "upgrade") && (core_.config.tls == nullptr || secure_) &&
         core_.handler.wants_upgrade(request);
}

Response Connection::redirect_to_https(const Request& request) const {
  // HTTP/1.0 need not say which host it means.
  const std::string_view host = request.headers.get("Host");
  if (host.empty()) return error_response(400, ErrorCode::invalid_argument);
  Response response(308);
  response.close = true;
  response.headers.add(
      "Location", fmt::format("https://{}{}{}{}", host, request.path, request.query.empty() ? "" : "?", request.query));
  response.headers.add("Cache-Control", "no-store");
  return response;
}

Response Connection::error_response(int status, ErrorCode code) const {
  Response response = core_.handler.error_response(code);
  response.status = status;
  return response;
}

async::Task<void> Connection::refuse(int status, ErrorCode code) {
  ++core_.counters.bad_requests;
  const Response response = error_response(status, code);
  if (co_await write_response(response, Method::get, 11, false)) co_await linger();
}

async::Task<Response> Connection::answer(Request request) {
  const Counted counted(core_.counters.in_flight);
  std::string failure;
  try {
    co_return co_await core_.handler.handle(std::move(request));
  } catch (const std::exception& error) {
    failure = error.what();
  } catch (...) {
    failure = "something that is no std::exception";
  }
  ++core_.counters.handler_failures;
  core_.tell("http_handler_failed", fmt::format("what=\"{}\"", failure));
  co_return error_response(500, ErrorCode::internal);
}

async::Task<bool> Connection::write_response(const Response& response, Method method, int version, bool keep_alive) {
  const bool bodiless = method == Method::head || has_no_body(response.status);
  const std::string head = response_head(response, version, keep_alive, loop_.date());
  co_return co_await write_all(head, bodiless ? std::string_view() : response.body.view());
}

async::Task<bool> Connection::write_all(std::string_view head, std::string_view body) {
  const Clock::time_point deadline_before = deadline_;
  std::size_t left_of_piece = 0;
  while (!head.empty() || !body.empty()) {
    if (left_of_piece == 0) {
      left_of_piece = kWritePiece;
      set_deadline(core_.config.write_timeout);
    }
    const std::size_t of_head = std::min(head.size(), left_of_piece);
    const std::size_t of_body = std::min(body.size(), left_of_piece - of_head);
    const std::array<boost::asio::const_buffer, 2> buffers{boost::asio::buffer(head.data(), of_head),
                                                           boost::asio::buffer(body.data(), of_body)};
    error_code error;
    const std::size_t written = stream_->write(buffers, error);
    if (error && !would_block(error)) co_return false;
    left_of_piece -= written;
    head.remove_prefix(std::min(written, of_head));
    body.remove_prefix(written - std::min(written, of_head));
    if (!error) continue;
    const bool writable = co_await wait(Direction::write);
    if (expired_) ++core_.counters.timeouts;
    if (!writable) co_return false;
  }
  set_deadline_at(deadline_before);
  co_return true;
}

async::Task<void> Connection::linger() {
  // Closing with unread input would reset the connection, and the client might lose the response.
  stream_->shutdown_write();
  set_deadline(core_.config.linger_timeout);
  std::size_t discarded = 0;
  while (discarded < kMaxDiscarded) {
    const std::string_view bytes = co_await read_bytes();
    if (bytes.empty()) co_return;
    discarded += bytes.size();
  }
}

void Connection::close_if_idle() {
  if (idle_) abort();
}

void Connection::abort() {
  if (stream_) stream_->close();
}

void Connection::set_deadline(std::chrono::milliseconds from_now) { set_deadline_at(Clock::now() + from_now); }

void Connection::clear_deadline() { set_deadline_at(Clock::time_point::max()); }

void Connection::set_deadline_at(Clock::time_point deadline) {
  expired_ = false;
  deadline_ = deadline;
  if (deadline == Clock::time_point::max()) return;
  // A timer that fires too early looks again, so a later deadline costs nothing now.
  if (!timer_armed_ || deadline < timer_at_) arm_timer();
}

void Connection::arm_timer() {
  timer_armed_ = true;
  timer_at_ = deadline_;
  timer_.expires_at(deadline_);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    if (error) return;
    if (const auto self = weak.lock()) self->on_timer();
  });
}

void Connection::on_timer() {
  timer_armed_ = false;
  if (deadline_ == Clock::time_point::max()) return;
  if (Clock::now() < deadline_) return arm_timer();
  expired_ = true;
  if (stream_) stream_->cancel();
}

}  // namespace hongyan::http
