#include "domain/account/security_service.h"

#include <sys/stat.h>

#include "domain/account/testing/world.h"
#include "infra/config/data_folder.h"

namespace hongyan::account {
namespace {

using testing::Kick;

constexpr char kNewPassword[] = "battery staple";

class SecurityTest : public testing::World {
 protected:
  Result<void> change(const Session& session, const std::string& from, const std::string& to) {
    return run(
        parts_.security.change_password({session.user.card.user_id, session.device, "10.0.0.1", from, to}, soon()));
  }
  std::filesystem::path admin_file() const { return database_.folder() / "initial-admin-password"; }
};

TEST_F(SecurityTest, AChangedPasswordLeavesOnlyTheDeviceThatChangedIt) {
  const Session session = registered("alice");
  const UserId user = session.user.card.user_id;
  const Session other = login("alice", kPassword).value();
  ASSERT_TRUE(authenticate(other.access_token));
  sockets_.take();
  ASSERT_TRUE(change(session, kPassword, kNewPassword));
  EXPECT_EQ(sockets_.take(), (std::vector<Kick>{{user, {}, session.device, v1::KICK_REASON_PASSWORD_CHANGED}}));
  EXPECT_EQ(code(authenticate(other.access_token)), ErrorCode::token_revoked);
  EXPECT_EQ(code(refresh(other.refresh_token)), ErrorCode::token_revoked);
  EXPECT_TRUE(authenticate(session.access_token));
  EXPECT_TRUE(refresh(session.refresh_token));
  EXPECT_EQ(code(login("alice", kPassword)), ErrorCode::wrong_credentials);
  EXPECT_TRUE(login("alice", kNewPassword));
}

TEST_F(SecurityTest, AWrongOrWeakPasswordChangesNothing) {
  const Session session = registered("alice");
  const Session other = login("alice", kPassword).value();
  EXPECT_EQ(code(change(session, "wrong password", kNewPassword)), ErrorCode::wrong_credentials);
  for (const char* weak : {"short", "alice", kPassword}) {
    const auto refused = change(session, kPassword, weak);
    EXPECT_EQ(code(refused), ErrorCode::weak_password) << weak;
    EXPECT_EQ(refused.error().field, "new_password");
  }
  EXPECT_TRUE(authenticate(other.access_token));
  EXPECT_TRUE(login("alice", kPassword));
}

TEST_F(SecurityTest, GuessingTheOldPasswordIsThrottled) {
  const Session session = registered("alice");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(code(change(session, "wrong password", kNewPassword)), ErrorCode::wrong_credentials);
  EXPECT_EQ(code(change(session, kPassword, kNewPassword)), ErrorCode::rate_limited);
}

TEST_F(SecurityTest, OfTwoChangesAtOnceOneWins) {
  const Session session = registered("alice");
  const PasswordForm one{session.user.card.user_id, session.device, "10.0.0.1", kPassword, kNewPassword};
  PasswordForm two = one;
  two.new_password = "another staple";
  auto first = start(parts_.security.change_password(one, soon()), 1);
  auto second = start(parts_.security.change_password(two, soon()), 2);
  const auto results = std::pair(first.get(), second.get());
  ASSERT_NE(results.first.has_value(), results.second.has_value());
  const ErrorCode refusal = results.first ? code(results.second) : code(results.first);
  // It depends on how far the other was when this one looked.
  EXPECT_TRUE(refusal == ErrorCode::conflict || refusal == ErrorCode::wrong_credentials);
  EXPECT_TRUE(login("alice", results.first ? one.new_password : two.new_password));
}

TEST_F(SecurityTest, RevokesOneDeviceOfOnesOwn) {
  const Session session = registered("alice");
  const UserId user = session.user.card.user_id;
  const Session other = login("alice", kPassword).value();
  const Session stranger = registered("mallory");
  ASSERT_TRUE(authenticate(other.access_token));
  sockets_.take();
  EXPECT_EQ(code(run(parts_.security.revoke_device(user, stranger.device, soon()))), ErrorCode::not_found);
  EXPECT_EQ(code(run(parts_.security.revoke_device(user, DeviceId(), soon()))), ErrorCode::not_found);
  EXPECT_TRUE(authenticate(stranger.access_token));
  sockets_.take();
  EXPECT_TRUE(run(parts_.security.revoke_device(user, other.device, soon())));
  EXPECT_EQ(sockets_.take(), (std::vector<Kick>{{user, other.device, {}, v1::KICK_REASON_REVOKED}}));
  EXPECT_EQ(code(authenticate(other.access_token)), ErrorCode::token_revoked);
  EXPECT_EQ(code(run(parts_.security.revoke_device(user, other.device, soon()))), ErrorCode::not_found);
  EXPECT_EQ(run(parts_.security.list_devices(user, soon()))->size(), 1U);
}

TEST_F(SecurityTest, RevokesAllOthers) {
  const Session session = registered("alice");
  const UserId user = session.user.card.user_id;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(login("alice", kPassword));
  const Session stranger = registered("mallory");
  sockets_.take();
  EXPECT_EQ(run(parts_.security.revoke_others(user, session.device, soon())).value(), 3);
  EXPECT_EQ(sockets_.take(), (std::vector<Kick>{{user, {}, session.device, v1::KICK_REASON_REVOKED}}));
  EXPECT_EQ(run(parts_.security.revoke_others(user, session.device, soon())).value(), 0);
  EXPECT_TRUE(authenticate(session.access_token));
  EXPECT_TRUE(authenticate(stranger.access_token));
}

TEST_F(SecurityTest, TheFirstStartMakesAnAdminWhosePasswordMustChange) {
  const auto password = parts_.service.ensure_initial_admin();
  ASSERT_TRUE(password && *password);
  EXPECT_EQ(*config::read_file(admin_file()), **password + "\n");
  struct stat info{};
  ASSERT_EQ(::stat(admin_file().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(parts_.service.ensure_initial_admin().value(), std::nullopt);

  const auto session = login("admin", **password);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user.role, v1::ACCOUNT_ROLE_ADMIN);
  EXPECT_TRUE(session->user.must_change_password);
  EXPECT_TRUE(authenticate(session->access_token)->must_change_password);
  ASSERT_TRUE(change(*session, **password, kNewPassword));
  EXPECT_FALSE(authenticate(session->access_token)->must_change_password);
  EXPECT_FALSE(std::filesystem::exists(admin_file()));
}

TEST_F(SecurityTest, NoAdminIsMadeWhereThereAreAccounts) {
  registered("alice");
  EXPECT_EQ(parts_.service.ensure_initial_admin().value(), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(admin_file()));
}

}  // namespace
}  // namespace hongyan::account
