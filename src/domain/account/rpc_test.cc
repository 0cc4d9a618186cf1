#include "domain/account/rpc.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

// Every rpc once through the dispatcher: what goes in and comes out is mapped field by field.
class RpcTest : public testing::World {
 protected:
  void SetUp() override {
    World::SetUp();
    register_rpcs(dispatcher_, services_of(parts_));
  }

  template <class Resp, class Req>
  Result<Resp> call(const std::string& name, const Req& request, const wire::Caller& who = {}) {
    wire::Caller caller = who;
    caller.ip = "10.0.0.7";
    caller.deadline = soon();
    auto answer = run(dispatcher_.find(name)->handler(caller, std::make_unique<Req>(request)));
    if (!answer) return std::unexpected(answer.error());
    return static_cast<Resp&>(**answer);
  }

  v1::LoginResponse register_as(const std::string& username) {
    v1::RegisterRequest request;
    request.set_username(username);
    request.set_password(kPassword);
    request.mutable_device()->set_name("laptop");
    request.mutable_device()->set_platform(v1::PLATFORM_LINUX);
    return call<v1::LoginResponse>("auth.register", request).value();
  }

  static wire::Caller caller_of(const v1::LoginResponse& session) {
    wire::Caller caller;
    caller.user = UserId(session.user().user_id());
    caller.device = DeviceId(session.device_id());
    return caller;
  }

  wire::Dispatcher dispatcher_;
};

TEST_F(RpcTest, Options) {
  const auto options = call<v1::AuthOptionsResponse>("auth.options", v1::AuthOptionsRequest());
  EXPECT_EQ(options->registration(), v1::REGISTRATION_OPEN);
  EXPECT_EQ(options->password_min_length(), 8);
}

TEST_F(RpcTest, ASessionFromRegistrationToLogout) {
  const auto registered = register_as("alice");
  EXPECT_EQ(registered.user().username(), "alice");
  EXPECT_EQ(registered.user().role(), v1::ACCOUNT_ROLE_USER);
  EXPECT_EQ(registered.expires_in_ms(), 900'000);

  v1::LoginRequest login;
  login.set_account("alice");
  login.set_password(kPassword);
  login.mutable_device()->set_device_id(registered.device_id());
  login.mutable_device()->set_name("the same laptop");
  login.mutable_device()->set_platform(v1::PLATFORM_LINUX);
  const auto session = call<v1::LoginResponse>("auth.login", login).value();
  EXPECT_EQ(session.device_id(), registered.device_id());
  EXPECT_EQ(session.user().user_id(), registered.user().user_id());

  v1::RefreshRequest refresh;
  refresh.set_refresh_token(session.refresh_token());
  const auto refreshed = call<v1::RefreshResponse>("auth.refresh", refresh).value();
  EXPECT_EQ(refreshed.user_id(), session.user().user_id());
  EXPECT_EQ(refreshed.device_id(), session.device_id());
  EXPECT_EQ(refreshed.expires_in_ms(), 900'000);
  EXPECT_TRUE(authenticate(refreshed.access_token()));

  const auto devices =
      call<v1::ListDevicesResponse>("auth.list_devices", v1::ListDevicesRequest(), caller_of(session)).value();
  ASSERT_EQ(devices.items_size(), 1);
  EXPECT_EQ(devices.items(0).name(), "the same laptop");
  EXPECT_EQ(devices.items(0).platform(), v1::PLATFORM_LINUX);
  EXPECT_EQ(devices.items(0).ip(), "10.0.0.7");
  EXPECT_EQ(devices.items(0).last_active_ms(), clock_.now().value);
  EXPECT_TRUE(devices.items(0).current());

  EXPECT_TRUE(call<v1::LogoutResponse>("auth.logout", v1::LogoutRequest(), caller_of(session)));
  EXPECT_EQ(code(authenticate(refreshed.access_token())), ErrorCode::token_revoked);
}

TEST_F(RpcTest, PasswordAndDevices) {
  const auto session = register_as("alice");
  const wire::Caller alice = caller_of(session);
  const auto second = login("alice", kPassword);
  const auto third = login("alice", kPassword);

  v1::RevokeDeviceRequest revoke;
  revoke.set_device_id(second->device.value);
  EXPECT_TRUE(call<v1::RevokeDeviceResponse>("auth.revoke_device", revoke, alice));
  EXPECT_EQ(call<v1::RevokeOthersResponse>("auth.revoke_others", v1::RevokeOthersRequest(), alice)->revoked(), 1);

  v1::ChangePasswordRequest change;
  change.set_old_password(kPassword);
  change.set_new_password("battery staple");
  EXPECT_TRUE(call<v1::ChangePasswordResponse>("auth.change_password", change, alice));
  EXPECT_TRUE(login("alice", "battery staple"));
}

TEST_F(RpcTest, Profiles) {
  const auto session = register_as("alice");
  const wire::Caller alice = caller_of(session);
  v1::UpdateMeRequest update;
  update.set_nickname("爱丽丝");
  update.set_signature("s");
  update.set_gender("g");
  update.set_region("r");
  update.set_birthday("1990-12-31");
  const auto updated = call<v1::UpdateMeResponse>("user.update_me", update, alice)->user();
  EXPECT_EQ(call<v1::MeResponse>("user.me", v1::MeRequest(), alice)->user().SerializeAsString(),
            updated.SerializeAsString());
  EXPECT_EQ(updated.nickname() + updated.signature() + updated.gender() + updated.region() + updated.birthday(),
            "爱丽丝sgr1990-12-31");
  EXPECT_EQ(updated.version(), 2);

  v1::GetUserRequest get;
  get.set_user_id(session.user().user_id());
  const auto got = call<v1::GetUserResponse>("user.get", get, alice)->user();
  EXPECT_EQ(got.username() + got.nickname() + got.signature() + got.gender() + got.region(), "alice爱丽丝sgr");
  v1::BatchUsersRequest batch;
  batch.add_user_ids(session.user().user_id());
  const auto found = call<v1::BatchUsersResponse>("user.batch", batch, alice).value();
  ASSERT_EQ(found.items_size(), 1);
  EXPECT_EQ(found.items(0).SerializeAsString(), got.SerializeAsString());
  (*batch.mutable_versions())[std::to_string(session.user().user_id())] = 2;
  EXPECT_EQ(call<v1::BatchUsersResponse>("user.batch", batch, alice)->items_size(), 0);
  (*batch.mutable_versions())["alice"] = 2;
  EXPECT_EQ(call<v1::BatchUsersResponse>("user.batch", batch, alice).error().field, "versions");
}

TEST_F(RpcTest, Settings) {
  const wire::Caller alice = caller_of(register_as("alice"));
  v1::UpdateSettingsRequest update;
  update.set_find_me(v1::AUDIENCE_NOBODY);
  update.set_add_me(v1::AUDIENCE_CONTACTS);
  update.set_see_last_seen(v1::AUDIENCE_NOBODY);
  update.set_read_receipts(false);
  update.mutable_notifications()->set_enabled(false);
  update.mutable_notifications()->set_preview(false);
  const auto updated = call<v1::UpdateSettingsResponse>("user.update_settings", update, alice)->settings();
  EXPECT_EQ(call<v1::SettingsResponse>("user.settings", v1::SettingsRequest(), alice)->settings().SerializeAsString(),
            updated.SerializeAsString());
  EXPECT_EQ(updated.find_me(), v1::AUDIENCE_NOBODY);
  EXPECT_EQ(updated.add_me(), v1::AUDIENCE_CONTACTS);
  EXPECT_EQ(updated.see_last_seen(), v1::AUDIENCE_NOBODY);
  EXPECT_FALSE(updated.read_receipts() || updated.notifications().enabled() || updated.notifications().preview());
  v1::UpdateSettingsRequest again;
  again.mutable_notifications()->set_enabled(true);
  const auto other = call<v1::UpdateSettingsResponse>("user.update_settings", again, alice)->settings();
  EXPECT_TRUE(other.notifications().enabled());
  EXPECT_FALSE(other.notifications().preview());
}

}  // namespace
}  // namespace hongyan::account
