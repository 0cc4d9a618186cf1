#include "domain/account/rpc.h"

#include "base/numbers.h"

namespace hongyan::account {
namespace {

using async::Task;
using wire::Caller;

DeviceInfo to_device_info(const v1::DeviceInfo& device) {
  DeviceInfo info{std::nullopt, device.name(), device.platform()};
  if (device.has_device_id()) info.device = DeviceId(device.device_id());
  return info;
}

v1::LoginResponse to_login_response(Session session) {
  v1::LoginResponse response;
  *response.mutable_user() = to_me(session.user);
  response.set_access_token(std::move(session.access_token));
  response.set_refresh_token(std::move(session.refresh_token));
  response.set_expires_in_ms(session.expires_in.count());
  response.set_device_id(session.device.value);
  return response;
}

// ---- auth ----

Task<Result<v1::AuthOptionsResponse>> options(Services services, Caller, v1::AuthOptionsRequest) {
  v1::AuthOptionsResponse response;
  response.set_registration(services.registration.registration());
  response.set_password_min_length(static_cast<std::int32_t>(services.registration.password_min_length()));
  for (const TargetKind kind : {v1::CODE_TARGET_EMAIL, v1::CODE_TARGET_PHONE}) {
    if (services.codes.reaches(kind)) response.add_code_targets(kind);
  }
  if (auto captcha = services.captcha.options()) *response.mutable_captcha() = *std::move(captcha);
  co_return response;
}

Task<Result<v1::LoginResponse>> register_user(Services services, Caller caller, v1::RegisterRequest request) {
  RegistrationForm form{request.username(), request.password(), request.nickname(), to_device_info(request.device()),
                        caller.ip};
  form.invite = request.invite();
  HY_CO_TRY(co_await services.captcha.check(request.captcha(), caller.ip, caller.deadline));
  HY_CO_TRY(auto session, co_await services.registration.register_user(std::move(form), caller.deadline));
  co_return to_login_response(std::move(session));
}

Task<Result<v1::LoginResponse>> login(Services services, Caller caller, v1::LoginRequest request) {
  LoginAttempt attempt{request.account(), request.password(), to_device_info(request.device()), caller.ip};
  HY_CO_TRY(auto session, co_await services.sessions.login(std::move(attempt), caller.deadline));
  co_return to_login_response(std::move(session));
}

// Answers the same for both ways of asking.
template <class Response>
Response to_promise(const CodePromise& promise) {
  Response response;
  response.set_expires_in_ms(promise.life.count());
  response.set_resend_after_ms(promise.resend_after.count());
  return response;
}

Task<Result<v1::SendCodeResponse>> send_code(Services services, Caller caller, v1::SendCodeRequest request) {
  CodeWish wish{.ip = caller.ip};
  HY_CO_TRY(wish.target, parse_target(request.target(), "target"));
  switch (request.purpose()) {
    case v1::CODE_PURPOSE_LOGIN: wish.purpose = Purpose::login; break;
    case v1::CODE_PURPOSE_RESET_PASSWORD: wish.purpose = Purpose::reset_password; break;
    default: co_return fail(Error::invalid("purpose", "login or reset_password"));
  }
  if (request.has_device_id()) wish.device = DeviceId(request.device_id());
  HY_CO_TRY(co_await services.captcha.check(request.captcha(), caller.ip, caller.deadline));
  HY_CO_TRY(const auto promise, co_await services.codes.send(std::move(wish), caller.deadline));
  co_return to_promise<v1::SendCodeResponse>(promise);
}

Task<Result<v1::LoginResponse>> login_by_code(Services services, Caller caller, v1::LoginByCodeRequest request) {
  CodeLogin attempt{request.account(), request.code(), to_device_info(request.device()), caller.ip};
  HY_CO_TRY(auto session, co_await services.code_logins.login(std::move(attempt), caller.deadline));
  co_return to_login_response(std::move(session));
}

Task<Result<v1::ResetPasswordResponse>> reset_password(Services services, Caller caller,
                                                       v1::ResetPasswordRequest request) {
  PasswordReset form{request.target(), request.code(), request.new_password(), std::nullopt};
  if (request.has_device_id()) form.device = DeviceId(request.device_id());
  HY_CO_TRY(co_await services.resets.reset(std::move(form), caller.deadline));
  co_return v1::ResetPasswordResponse();
}

Task<Result<v1::RefreshResponse>> refresh(Services services, Caller caller, v1::RefreshRequest request) {
  HY_CO_TRY(auto session, co_await services.sessions.refresh(request.refresh_token(), caller.ip, caller.deadline));
  v1::RefreshResponse response;
  response.set_access_token(std::move(session.access_token));
  response.set_refresh_token(std::move(session.refresh_token));
  response.set_expires_in_ms(session.expires_in.count());
  response.set_device_id(session.device.value);
  response.set_user_id(session.user.value);
  co_return response;
}

Task<Result<v1::LogoutResponse>> logout(Services services, Caller caller, v1::LogoutRequest) {
  HY_CO_TRY(co_await services.sessions.logout(caller.user, caller.device, caller.deadline));
  co_return v1::LogoutResponse();
}

Task<Result<v1::ChangePasswordResponse>> change_password(Services services, Caller caller,
                                                         v1::ChangePasswordRequest request) {
  PasswordForm form{caller.user, caller.device, caller.ip, request.old_password(), request.new_password()};
  HY_CO_TRY(co_await services.security.change_password(std::move(form), caller.deadline));
  co_return v1::ChangePasswordResponse();
}

Task<Result<v1::ListDevicesResponse>> list_devices(Services services, Caller caller, v1::ListDevicesRequest) {
  HY_CO_TRY(const auto devices, co_await services.security.list_devices(caller.user, caller.deadline));
  v1::ListDevicesResponse response;
  for (const Device& device : devices) {
    v1::Device& item = *response.add_items();
    item = to_proto(device);
    item.set_current(device.device_id == caller.device);
  }
  co_return response;
}

Task<Result<v1::RevokeDeviceResponse>> revoke_device(Services services, Caller caller,
                                                     v1::RevokeDeviceRequest request) {
  HY_CO_TRY(co_await services.security.revoke_device(caller.user, DeviceId(request.device_id()), caller.deadline));
  co_return v1::RevokeDeviceResponse();
}

Task<Result<v1::RevokeOthersResponse>> revoke_others(Services services, Caller caller, v1::RevokeOthersRequest) {
  HY_CO_TRY(const auto revoked, co_await services.security.revoke_others(caller.user, caller.device, caller.deadline));
  v1::RevokeOthersResponse response;
  response.set_revoked(static_cast<std::int32_t>(revoked));
  co_return response;
}

// ---- user ----

Task<Result<v1::MeResponse>> me(Services services, Caller caller, v1::MeRequest) {
  HY_CO_TRY(const auto user, co_await services.profiles.me(caller.user, caller.deadline));
  v1::MeResponse response;
  *response.mutable_user() = to_me(user);
  co_return response;
}

Task<Result<v1::UpdateMeResponse>> update_me(Services services, Caller caller, v1::UpdateMeRequest request) {
  ProfileChange change;
  if (request.has_nickname()) change.nickname = request.nickname();
  if (request.has_signature()) change.signature = request.signature();
  if (request.has_gender()) change.gender = request.gender();
  if (request.has_region()) change.region = request.region();
  if (request.has_birthday()) change.birthday = request.birthday();
  HY_CO_TRY(const auto user, co_await services.profiles.update(caller.user, std::move(change), caller.deadline));
  v1::UpdateMeResponse response;
  *response.mutable_user() = to_me(user);
  co_return response;
}

Task<Result<v1::SendUserCodeResponse>> send_user_code(Services services, Caller caller,
                                                      v1::SendUserCodeRequest request) {
  CodeWish wish{.purpose = Purpose::own, .device = caller.device, .ip = caller.ip};
  HY_CO_TRY(wish.target, parse_target(request.target(), "target"));
  HY_CO_TRY(const auto promise, co_await services.codes.send(std::move(wish), caller.deadline));
  co_return to_promise<v1::SendUserCodeResponse>(promise);
}

template <TargetKind kKind, class Request, class Response>
Task<Result<Response>> change_target(Services services, Caller caller, Request request) {
  TargetForm form{caller.user, caller.device, caller.ip, kKind, request.value(), request.code(), request.password()};
  HY_CO_TRY(const auto user, co_await services.targets.change(std::move(form), caller.deadline));
  Response response;
  *response.mutable_user() = to_me(user);
  co_return response;
}

Task<Result<v1::DeleteMeResponse>> delete_me(Services services, Caller caller, v1::DeleteMeRequest request) {
  PasswordProof proof{caller.user, caller.device, caller.ip, request.password()};
  HY_CO_TRY(const TimeMs at, co_await services.deletions.schedule(std::move(proof), caller.deadline));
  v1::DeleteMeResponse response;
  response.set_deletes_at_ms(at.value);
  co_return response;
}

Task<Result<v1::CancelDeletionResponse>> cancel_deletion(Services services, Caller caller, v1::CancelDeletionRequest) {
  HY_CO_TRY(const auto user, co_await services.deletions.cancel(caller.user, caller.deadline));
  v1::CancelDeletionResponse response;
  *response.mutable_user() = to_me(user);
  co_return response;
}

Task<Result<v1::ExportResponse>> begin_export(Services services, Caller caller, v1::ExportRequest request) {
  PasswordProof proof{caller.user, caller.device, caller.ip, request.password()};
  HY_CO_TRY(const Export begun, co_await services.exports.begin(std::move(proof), caller.deadline));
  v1::ExportResponse response;
  *response.mutable_export_() = to_proto(begun);
  co_return response;
}

Task<Result<v1::GetExportResponse>> get_export(Services services, Caller caller, v1::GetExportRequest) {
  HY_CO_TRY(const Export found, co_await services.exports.last(caller.user, caller.deadline));
  v1::GetExportResponse response;
  *response.mutable_export_() = to_proto(found);
  co_return response;
}

Task<Result<v1::ReadExportResponse>> read_export(Services services, Caller caller, v1::ReadExportRequest request) {
  HY_CO_TRY(auto part, co_await services.exports.read(caller.user, ExportId(request.export_id()), request.offset(),
                                                      caller.deadline));
  v1::ReadExportResponse response;
  response.set_text(std::move(part.text));
  if (part.next_offset) response.set_next_offset(*part.next_offset);
  co_return response;
}

Task<Result<v1::GetUserResponse>> get_user(Services services, Caller caller, v1::GetUserRequest request) {
  HY_CO_TRY(const auto card, co_await services.profiles.get(UserId(request.user_id()), caller.deadline));
  v1::GetUserResponse response;
  *response.mutable_user() = to_proto(card);
  co_return response;
}

Task<Result<v1::BatchUsersResponse>> batch(Services services, Caller caller, v1::BatchUsersRequest request) {
  std::vector<UserId> users;
  for (const std::uint64_t user : request.user_ids()) users.emplace_back(user);
  ProfileService::KnownVersions known;
  for (const auto& [user, version] : request.versions()) {
    const auto id = number_from<std::uint64_t>(user);
    if (!id) co_return fail(Error::invalid("versions", "a key that is no id"));
    known[UserId(*id)] = version;
  }
  HY_CO_TRY(const auto cards, co_await services.profiles.batch(std::move(users), std::move(known), caller.deadline));
  v1::BatchUsersResponse response;
  for (const UserCard& card : cards) *response.add_items() = to_proto(card);
  co_return response;
}

Task<Result<v1::SettingsResponse>> settings(Services services, Caller caller, v1::SettingsRequest) {
  HY_CO_TRY(const auto settings, co_await services.settings.get(caller.user, caller.deadline));
  v1::SettingsResponse response;
  *response.mutable_settings() = to_proto(settings);
  co_return response;
}

Task<Result<v1::UpdateSettingsResponse>> update_settings(Services services, Caller caller,
                                                         v1::UpdateSettingsRequest request) {
  SettingsChange change;
  if (request.has_find_me()) change.find_me = request.find_me();
  if (request.has_add_me()) change.add_me = request.add_me();
  if (request.has_see_last_seen()) change.see_last_seen = request.see_last_seen();
  if (request.has_read_receipts()) change.read_receipts = request.read_receipts();
  const v1::NotificationChange& notifications = request.notifications();
  if (notifications.has_enabled()) change.notify = notifications.enabled();
  if (notifications.has_preview()) change.notify_preview = notifications.preview();
  HY_CO_TRY(const auto settings, co_await services.settings.update(caller.user, change, caller.deadline));
  v1::UpdateSettingsResponse response;
  *response.mutable_settings() = to_proto(settings);
  co_return response;
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, Services services) {
  dispatcher.add("auth.options", services, options);
  dispatcher.add("auth.register", services, register_user);
  dispatcher.add("auth.login", services, login);
  dispatcher.add("auth.send_code", services, send_code);
  dispatcher.add("auth.login_by_code", services, login_by_code);
  dispatcher.add("auth.reset_password", services, reset_password);
  dispatcher.add("auth.refresh", services, refresh);
  dispatcher.add("auth.logout", services, logout);
  dispatcher.add("auth.change_password", services, change_password);
  dispatcher.add("auth.list_devices", services, list_devices);
  dispatcher.add("auth.revoke_device", services, revoke_device);
  dispatcher.add("auth.revoke_others", services, revoke_others);
  dispatcher.add("user.me", services, me);
  dispatcher.add("user.update_me", services, update_me);
  dispatcher.add("user.send_code", services, send_user_code);
  dispatcher.add("user.change_email", services,
                 change_target<v1::CODE_TARGET_EMAIL, v1::ChangeEmailRequest, v1::ChangeEmailResponse>);
  dispatcher.add("user.change_phone", services,
                 change_target<v1::CODE_TARGET_PHONE, v1::ChangePhoneRequest, v1::ChangePhoneResponse>);
  dispatcher.add("user.delete_me", services, delete_me);
  dispatcher.add("user.cancel_deletion", services, cancel_deletion);
  dispatcher.add("user.export", services, begin_export);
  dispatcher.add("user.get_export", services, get_export);
  dispatcher.add("user.read_export", services, read_export);
  dispatcher.add("user.get", services, get_user);
  dispatcher.add("user.batch", services, batch);
  dispatcher.add("user.settings", services, settings);
  dispatcher.add("user.update_settings", services, update_settings);
}

}  // namespace hongyan::account
