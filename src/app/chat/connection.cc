#include "app/chat/connection.h"

#include <fmt/format.h>

#include "app/chat/link/pause.h"
#include "app/chat/output.h"
#include "infra/async/use_task.h"
#include "wire/json_codec.h"

namespace hongyan::chat {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

// Close codes after which nobody comes back without a new login (docs/protocol.md §2).
constexpr std::uint16_t kCloseUnauthenticated = 4401;
constexpr std::uint16_t kCloseDisabled = 4403;
constexpr std::uint16_t kCloseReplacedOrRevoked = 4409;

// A page of history may be large, and control characters take six bytes each in JSON.
constexpr std::size_t kMaxFrame = 32 * 1024 * 1024;
// Beyond it pushes are left out and pulled later.
constexpr std::size_t kMaxInbox = 10'000;
// A connection that lived as long was a success, so the next back-off begins small.
constexpr auto kLivedWell = 10s;
constexpr auto kRenewAgain = 30s;

ws::SocketLimits limits() {
  ws::SocketLimits limits;
  limits.parser.max_message_bytes = kMaxFrame;
  limits.max_output_bytes = kMaxFrame;
  return limits;
}

std::optional<Error> final_error_of(const WsClient& client) {
  const std::string why = client.kicked_reason().empty() ? client.closed()->reason : client.kicked_reason();
  switch (client.closed()->code) {
    case kCloseUnauthenticated: return Error(ErrorCode::unauthenticated, "the server closed the socket: " + why);
    case kCloseDisabled: return Error(ErrorCode::account_disabled, "the server closed the socket: " + why);
    case kCloseReplacedOrRevoked: return Error(ErrorCode::token_revoked, "the server ended this session: " + why);
    default: return std::nullopt;
  }
}

}  // namespace

Connection::Connection(boost::asio::io_context& context, ConnectionOptions options, Login& login, Notes& notes,
                       Backoff backoff)
    : options_(std::move(options)),
      login_(login),
      notes_(notes),
      backoff_(backoff),
      group_(std::make_shared<ws::SocketGroup>(context, limits())),
      wake_(context) {}

Connection::~Connection() {
  if (client_) client_->forget_listener();
}

async::Task<Result<void>> Connection::ensure(async::Deadline deadline) {
  for (;;) {
    HY_CO_TRY(bury_old());
    if (client_) co_return Result<void>();
    if (reconnect_after_) {
      if (*reconnect_after_ > deadline - steady_clock::now()) {
        co_return fail(ErrorCode::unavailable, "the connection was lost, and it is too late for another");
      }
      co_await sleep(*std::exchange(reconnect_after_, std::nullopt));
    }
    const auto connected = co_await connect_once(std::min(deadline, async::deadline_in(options_.timeout)));
    if (connected) co_return Result<void>();
    // The next try trades the token.
    const bool stale = connected.error().code == ErrorCode::token_expired && login_.fresh_until() == async::Deadline();
    const Error again = stale ? Error(ErrorCode::unavailable, "the token had expired") : connected.error();
    const auto pause = pause_before_retry(again, backoff_, deadline);
    if (!pause) {
      if (!is_passing(again)) final_error_ = again;
      co_return fail(again);
    }
    co_await sleep(*pause);
  }
}

Result<void> Connection::bury_old() {
  if (final_error_) return fail(*final_error_);
  if (!client_ || client_->is_usable()) return {};
  reconnect_after_ = client_->reconnect_after();
  // A socket that only waits for its end shows nothing final.
  const auto error = client_->closed() ? final_error_of(*client_) : std::nullopt;
  notes_.connection_lost(client_->closed() ? fmt::format("{} {}", client_->closed()->code, client_->closed()->reason)
                                           : "the server goes away");
  if (!reconnect_after_) reconnect_after_ = backoff_.next();
  if (steady_clock::now() - up_since_ > kLivedWell) backoff_.reset();
  client_->forget_listener();
  client_.reset();
  if (!error) return {};
  final_error_ = error;
  return fail(*error);
}

async::Task<Result<void>> Connection::connect_once(async::Deadline deadline) {
  // A stale token is traded first: a socket has only so long to show one.
  HY_CO_TRY(co_await login_.access_token(deadline));
  HY_CO_TRY(const auto client, co_await WsClient::connect(*group_, options_.address, *this, deadline));
  if (auto authenticated = co_await authenticate(client, deadline); !authenticated) {
    client->forget_listener();
    client->abort();
    co_return authenticated;
  }
  if (std::exchange(was_up_, true)) notes_.connection_back();
  client_ = client;
  ++generation_;
  up_since_ = steady_clock::now();
  co_return Result<void>();
}

async::Task<Result<void>> Connection::authenticate(std::shared_ptr<WsClient> client, async::Deadline deadline) {
  v1::AuthFrame auth;
  HY_CO_TRY(*auth.mutable_token(), co_await login_.access_token(deadline));
  const auto answer = co_await client->request("auth", auth, deadline);
  if (!answer) {
    if (answer.error().code == ErrorCode::token_expired) login_.token_expired();
    co_return fail(answer.error());
  }
  v1::ReadyFrame ready;
  HY_CO_TRY(wire::from_json(*answer, ready));
  ready_ = std::move(ready);
  renew_at_ = std::max(login_.fresh_until(), async::deadline_in(1s));
  co_return Result<void>();
}

async::Task<Result<std::string>> Connection::request(std::string type, MessagePtr data, async::Deadline deadline) {
  // A third of the time for each try: what hangs is given up while there is time for another.
  const auto patience = std::max<std::chrono::milliseconds>(options_.timeout / 3, 1s);
  for (;;) {
    HY_CO_TRY(co_await ensure(deadline));
    // Held here, because a push that comes meanwhile may lead to another client.
    const auto client = client_;
    auto answer = co_await client->request(type, *data, std::min(deadline, async::deadline_in(patience)));
    if (answer || !is_passing(answer.error())) co_return answer;
    // Without a connection ensure() does the waiting.
    if (!client->is_usable()) continue;
    const auto pause = pause_before_retry(answer.error(), backoff_, deadline);
    if (!pause) co_return answer;
    co_await sleep(*pause);
  }
}

async::Task<Result<std::optional<ServerFrame>>> Connection::next_push(async::Deadline until) {
  if (inbox_.empty() && !is_up()) {
    HY_CO_TRY(co_await ensure(async::Deadline::max()));
    co_return std::nullopt;
  }
  if (steady_clock::now() >= renew_at_) HY_CO_TRY(co_await renew_token());
  if (inbox_.empty() && is_up() && !interrupted_) {
    wake_.expires_at(std::min(until, renew_at_));
    co_await wake_.async_wait(async::use_task);
  }
  interrupted_ = false;
  if (inbox_.empty()) co_return std::nullopt;
  std::optional<ServerFrame> push(std::move(inbox_.front()));
  inbox_.pop_front();
  co_return push;
}

async::Task<Result<void>> Connection::renew_token() {
  // Whatever happens, not at once again: an old token does no harm to a socket that is open.
  renew_at_ = async::deadline_in(kRenewAgain);
  const auto client = client_;
  if (!client) co_return Result<void>();
  auto renewed = co_await authenticate(client, async::deadline_in(options_.timeout));
  // A session that was ended shows itself by the close of the socket; what passes is tried again.
  if (!renewed) notes_.note("the token was not renewed: " + describe(renewed.error()));
  co_return Result<void>();
}

void Connection::interrupt() {
  interrupted_ = true;
  wake_.cancel();
}

void Connection::close() {
  if (!client_) return;
  client_->forget_listener();
  client_->close();
}

void Connection::on_push(ServerFrame push) {
  if (!options_.keep_pushes) return;
  if (inbox_.size() >= kMaxInbox) {
    ++generation_;
    return;
  }
  inbox_.push_back(std::move(push));
  wake_.cancel();
}

void Connection::on_end() { wake_.cancel(); }

}  // namespace hongyan::chat
