#include "app/control/admin.h"

#include "infra/log/log.h"

namespace hongyan::app {
namespace {

using internal::ControlRequest;
using internal::ControlResponse;

ControlResponse done() {
  ControlResponse response;
  response.set_done(true);
  return response;
}

async::Task<ControlResponse> create_user(account::Api& accounts, ControlRequest::CreateUser request,
                                         async::Deadline deadline) {
  account::NewUser user;
  user.username = request.username();
  if (request.has_password()) user.password = request.password();
  user.nickname = request.nickname();
  user.role = request.admin() ? v1::ACCOUNT_ROLE_ADMIN : v1::ACCOUNT_ROLE_USER;
  user.email = request.email();
  user.phone = request.phone();
  const auto created = co_await accounts.create_user(std::move(user), deadline);
  if (!created) co_return refused(created.error());
  ControlResponse response = done();
  response.set_user_id(created->card.user_id.value);
  if (created->generated_password) response.set_password(*created->generated_password);
  co_return response;
}

async::Task<ControlResponse> reset_password(account::Api& accounts, std::string username, async::Deadline deadline) {
  const auto password = co_await accounts.reset_password(std::move(username), deadline);
  if (!password) co_return refused(password.error());
  ControlResponse response = done();
  response.set_password(*password);
  co_return response;
}

async::Task<ControlResponse> create_invite(account::Invites& invites, ControlRequest::CreateInvite request,
                                           async::Deadline deadline) {
  auto token = co_await invites.invite({request.max_uses(), std::chrono::milliseconds(request.life_ms())}, deadline);
  if (!token) co_return refused(token.error());
  ControlResponse response = done();
  response.set_invite(*std::move(token));
  co_return response;
}

async::Task<ControlResponse> set_enabled(account::Api& accounts, ControlRequest::SetEnabled request,
                                         async::Deadline deadline) {
  const auto outcome = co_await (request.enabled() ? accounts.enable_user(request.username(), deadline)
                                                   : accounts.disable_user(request.username(), deadline));
  co_return outcome ? done() : refused(outcome.error());
}

ControlResponse set_log_levels(const ControlRequest::SetLogLevels& request) {
  log::Levels levels = log::levels();
  if (const auto applied = log::apply_levels(request.change(), levels); !applied) return refused(applied.error());
  if (!request.change().empty()) log::set_levels(levels);
  ControlResponse response = done();
  response.set_log_levels(levels.to_text());
  return response;
}

async::Task<ControlResponse> at_once(ControlResponse response) { co_return response; }

}  // namespace

ControlResponse refused(const Error& error) {
  ControlResponse response;
  response.set_error(std::string(error_name(error.code)));
  response.set_field(error.field);
  response.set_detail(error.detail);
  return response;
}

async::Task<ControlResponse> administer(Administered what, ControlRequest request, async::Deadline deadline) {
  account::Api& accounts = what.accounts;
  switch (request.act_case()) {
    case ControlRequest::kCreateUser: return create_user(accounts, request.create_user(), deadline);
    case ControlRequest::kResetPassword: return reset_password(accounts, request.reset_password().username(), deadline);
    case ControlRequest::kCreateInvite: return create_invite(what.invites, request.create_invite(), deadline);
    case ControlRequest::kSetEnabled: return set_enabled(accounts, request.set_enabled(), deadline);
    case ControlRequest::kSetLogLevels: return at_once(set_log_levels(request.set_log_levels()));
    // What needs more than accounts is answered elsewhere.
    case ControlRequest::kGetStatus:
    case ControlRequest::kReadFeed:
    case ControlRequest::kAckFeed:
    case ControlRequest::kCreateApiKey:
    case ControlRequest::kListApiKeys:
    case ControlRequest::kRevokeApiKey:
    case ControlRequest::kCreateHook:
    case ControlRequest::kListHooks:
    case ControlRequest::kRevokeHook:
    case ControlRequest::kChangeWords:
    case ControlRequest::kListWords:
    case ControlRequest::kListReports:
    case ControlRequest::kCloseReport:
    case ControlRequest::ACT_NOT_SET: break;
  }
  return at_once(refused(Error(ErrorCode::unimplemented, "no such act")));
}

}  // namespace hongyan::app
