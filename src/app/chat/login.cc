#include "app/chat/login.h"

#include <fmt/format.h>

#include "app/chat/link/http_client.h"
#include "app/chat/link/pause.h"
#include "app/chat/output.h"

namespace hongyan::chat {
namespace {

v1::DeviceInfo this_device() {
  v1::DeviceInfo device;
  device.set_name("hongyan chat");
  device.set_platform(v1::PLATFORM_CLI);
  return device;
}

}  // namespace

Login::Login(ServerAddress address, Credentials credentials, Notes& notes, Backoff backoff)
    : address_(std::move(address)), credentials_(std::move(credentials)), notes_(notes), backoff_(backoff) {}

async::Task<Result<void>> Login::begin(async::Deadline deadline) {
  bool outcome_unknown = false;
  for (;;) {
    auto session = co_await attempt(outcome_unknown, deadline);
    if (session) {
      credentials_.password.clear();
      me_ = session->user();
      keep(session->access_token(), session->refresh_token(), session->expires_in_ms());
      co_return Result<void>();
    }
    const auto pause = pause_before_retry(session.error(), backoff_, deadline);
    if (!pause) co_return std::unexpected(std::move(session).error());
    if (!outcome_unknown) notes_.note("trying again: " + describe(session.error()));
    outcome_unknown = true;
    co_await sleep(*pause);
  }
}

async::Task<Result<v1::LoginResponse>> Login::attempt(bool outcome_unknown, async::Deadline deadline) {
  if (!credentials_.register_account) co_return co_await log_in(deadline);
  auto session = co_await sign_up(deadline);
  // An earlier try may have made the account before its answer was lost; the password tells whether it is ours.
  const bool perhaps_ours = outcome_unknown && !session && session.error().code == ErrorCode::already_exists;
  if (!perhaps_ours) co_return session;
  auto login = co_await log_in(deadline);
  if (!login && login.error().code == ErrorCode::wrong_credentials) co_return session;
  co_return login;
}

async::Task<Result<v1::LoginResponse>> Login::log_in(async::Deadline deadline) {
  v1::LoginRequest request;
  request.set_account(credentials_.user);
  request.set_password(credentials_.password);
  *request.mutable_device() = this_device();
  request.set_session(v1::SESSION_KIND_TOKEN);
  co_return co_await post<v1::LoginResponse>(address_, "/v1/auth/login", std::move(request), {}, deadline);
}

async::Task<Result<v1::LoginResponse>> Login::sign_up(async::Deadline deadline) {
  v1::RegisterRequest request;
  request.set_username(credentials_.user);
  request.set_password(credentials_.password);
  request.set_nickname(credentials_.nickname);
  *request.mutable_device() = this_device();
  request.set_session(v1::SESSION_KIND_TOKEN);
  co_return co_await post<v1::LoginResponse>(address_, "/v1/auth/register", std::move(request), {}, deadline);
}

async::Task<Result<std::string>> Login::access_token(async::Deadline deadline) {
  if (std::chrono::steady_clock::now() < fresh_until_) co_return access_;
  v1::RefreshRequest request;
  request.set_refresh_token(refresh_);
  HY_CO_TRY(const v1::RefreshResponse pair,
            co_await post<v1::RefreshResponse>(address_, "/v1/auth/refresh", std::move(request), {}, deadline));
  keep(pair.access_token(), pair.refresh_token(), pair.expires_in_ms());
  co_return access_;
}

void Login::keep(std::string access, std::string refresh, std::int64_t expires_in_ms) {
  access_ = std::move(access);
  refresh_ = std::move(refresh);
  // A fifth of its life is left for a server that is away just then.
  fresh_until_ = async::deadline_in(std::chrono::milliseconds(expires_in_ms) * 4 / 5);
}

async::Task<void> Login::end(async::Deadline deadline) {
  if (access_.empty()) co_return;
  const auto token = co_await access_token(deadline);
  if (!token) co_return;
  access_.clear();
  (void)co_await post<v1::LogoutResponse>(address_, "/v1/auth/logout", v1::LogoutRequest(), *token, deadline);
}

}  // namespace hongyan::chat
