#include "domain/account/testing/world.h"
#include "infra/config/data_folder.h"

namespace hongyan::account {
namespace {

using testing::Kick;

constexpr char kFreshPassword[] = "battery staple";

// What codes let people do.
class CodeUseTest : public testing::World {
 protected:
  void SetUp() override {
    World::SetUp();
    alice_ = registered("alice");
    ASSERT_TRUE(run(parts_.stored_codes.give_target(user(), {v1::CODE_TARGET_EMAIL, kMail}, soon())));
    sockets_.take();
  }
  UserId user() const { return alice_.user.card.user_id; }

  // The code that is sent there.
  std::string code_for(const std::string& target, Purpose purpose, std::optional<DeviceId> device = {}) {
    EXPECT_TRUE(run(parts_.codes.send({parse_target(target, "").value(), purpose, device, "10.0.0.1"}, soon())));
    return letters_.take().code;
  }
  Result<Session> login_by(const std::string& account, const std::string& code, std::optional<DeviceId> device = {}) {
    return run(parts_.code_logins.login({account, code, {device, "phone", v1::PLATFORM_ANDROID}, "10.0.0.1"}, soon()));
  }
  Result<void> reset(const std::string& code, const std::string& password = kFreshPassword) {
    return run(parts_.resets.reset({kMail, code, password, std::nullopt}, soon()));
  }
  Result<User> change(const Session& session, const std::string& value, const std::string& code,
                      const std::string& password = kPassword) {
    const TargetKind kind = value.contains('@') ? v1::CODE_TARGET_EMAIL : v1::CODE_TARGET_PHONE;
    return run(parts_.targets.change(
        {session.user.card.user_id, session.device, "10.0.0.1", kind, value, code, password}, soon()));
  }

  static constexpr char kMail[] = "alice@example.org";
  Session alice_;
};

TEST_F(CodeUseTest, LogsInOnce) {
  const std::string code = code_for(kMail, Purpose::login);
  const auto session = login_by("Alice@Example.org", code);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user.card.user_id, user());
  EXPECT_EQ(session->user.email, kMail);
  EXPECT_TRUE(authenticate(session->access_token));
  EXPECT_EQ(World::code(login_by(kMail, code)), ErrorCode::code_invalid);
}

TEST_F(CodeUseTest, LogsInOnTheDeviceForWhichItWasSent) {
  const std::string code = code_for(kMail, Purpose::login, alice_.device);
  EXPECT_EQ(World::code(login_by(kMail, code)), ErrorCode::code_invalid);
  EXPECT_EQ(World::code(login_by(kMail, code, DeviceId(9))), ErrorCode::code_invalid);
  EXPECT_EQ(login_by(kMail, code, alice_.device)->device, alice_.device);
}

TEST_F(CodeUseTest, ADisabledAccountIsToldSoOnlyByTheRightCode) {
  const std::string code = code_for(kMail, Purpose::login);
  ASSERT_TRUE(run(parts_.service.disable_user("alice", soon())));
  EXPECT_EQ(World::code(login_by(kMail, code == "000000" ? "000001" : "000000")), ErrorCode::code_invalid);
  EXPECT_EQ(World::code(login_by(kMail, code)), ErrorCode::account_disabled);
}

TEST_F(CodeUseTest, ACodeOfSomebodyWhoHasTheTargetNoMoreIsNoGood) {
  const std::string code = code_for(kMail, Purpose::login);
  ASSERT_TRUE(run(parts_.stored_codes.give_target(user(), {v1::CODE_TARGET_EMAIL, "new@example.org"}, soon())));
  EXPECT_EQ(World::code(login_by(kMail, code)), ErrorCode::code_invalid);
}

TEST_F(CodeUseTest, AResetPasswordRevokesEverything) {
  ASSERT_TRUE(authenticate(alice_.access_token));
  const std::string code = code_for(kMail, Purpose::reset_password);
  EXPECT_EQ(World::code(reset(code, "short")), ErrorCode::weak_password) << "which uses nothing up";
  ASSERT_TRUE(reset(code));
  EXPECT_EQ(sockets_.take(), (std::vector<Kick>{{user(), {}, {}, v1::KICK_REASON_PASSWORD_CHANGED}}));
  EXPECT_EQ(World::code(authenticate(alice_.access_token)), ErrorCode::token_revoked);
  EXPECT_EQ(World::code(refresh(alice_.refresh_token)), ErrorCode::token_revoked);
  EXPECT_EQ(World::code(login("alice", kPassword)), ErrorCode::wrong_credentials);
  EXPECT_TRUE(login("alice", kFreshPassword));
  EXPECT_EQ(World::code(reset(code, "yet another one")), ErrorCode::code_invalid);
  EXPECT_TRUE(login("alice", kFreshPassword));
}

TEST_F(CodeUseTest, TheUsernameIsNoPassword) {
  // Before the code was right nothing tells what the username is.
  EXPECT_EQ(World::code(run(parts_.resets.reset({kMail, "000000", "long_alice_name", std::nullopt}, soon()))),
            ErrorCode::code_invalid);
  const Session longer = registered("long_alice_name");
  ASSERT_TRUE(run(
      parts_.stored_codes.give_target(longer.user.card.user_id, {v1::CODE_TARGET_EMAIL, "long@example.org"}, soon())));
  const std::string code = code_for("long@example.org", Purpose::reset_password);
  EXPECT_EQ(World::code(run(parts_.resets.reset({"long@example.org", code, "long_alice_name", std::nullopt}, soon()))),
            ErrorCode::weak_password);
}

TEST_F(CodeUseTest, ResettingTheFirstAdministratorsPasswordTakesTheFileAway) {
  const auto created =
      run(parts_.service.create_user({"admin", kPassword, "", v1::ACCOUNT_ROLE_ADMIN, "Admin@Example.org"}, soon()));
  ASSERT_TRUE(created);
  const auto file = database_.folder() / "initial-admin-password";
  ASSERT_TRUE(config::write_file_durably(file, "x"));
  const std::string code = code_for("admin@example.org", Purpose::reset_password);
  ASSERT_TRUE(run(parts_.resets.reset({"admin@example.org", code, kFreshPassword, std::nullopt}, soon())));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(CodeUseTest, ATargetIsOnesOwnByItsCodeAndOnesPassword) {
  const std::string phone = "+8613800000000";
  const std::string code = code_for(phone, Purpose::own, alice_.device);
  EXPECT_EQ(World::code(change(alice_, phone, code, "wrong password")), ErrorCode::wrong_credentials);
  EXPECT_EQ(World::code(change(registered("mallory"), phone, code)), ErrorCode::code_invalid) << "another device";
  const auto changed = change(alice_, "+86 138 0000 0000", code);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->phone, phone);
  EXPECT_EQ(changed->email, kMail);
  EXPECT_EQ(World::code(change(alice_, phone, code)), ErrorCode::code_invalid);
  EXPECT_EQ(login(phone, kPassword)->user.card.user_id, user()) << "it is a name to log in by";
  EXPECT_EQ(login("ALICE@example.org", kPassword)->user.card.user_id, user());
}

TEST_F(CodeUseTest, ATargetOfSomebodyElseIsToldToWhoHasItsCode) {
  const Session mallory = registered("mallory");
  EXPECT_EQ(World::code(change(mallory, kMail, "000000")), ErrorCode::code_invalid);
  const auto refused = change(mallory, kMail, code_for(kMail, Purpose::own, mallory.device));
  EXPECT_EQ(World::code(refused), ErrorCode::already_exists);
  EXPECT_EQ(refused.error().field, "value");
}

TEST_F(CodeUseTest, ACodeToLogInGivesNoTarget) {
  EXPECT_EQ(World::code(change(alice_, kMail, code_for(kMail, Purpose::login))), ErrorCode::code_invalid);
}

TEST_F(CodeUseTest, AdministratorsSayWhoseTargetsAreWhose) {
  const auto create = [this](const std::string& name, const std::string& email, const std::string& phone) {
    return World::code(
        run(parts_.service.create_user({name, kPassword, "", v1::ACCOUNT_ROLE_USER, email, phone}, soon())));
  };
  EXPECT_EQ(create("bob_1", "Bob@Example.org", "+1 650 555 0100"), ErrorCode{});
  EXPECT_EQ(create("bob_2", "bob@example.org", ""), ErrorCode::already_exists);
  EXPECT_EQ(create("bob_2", "", "+16505550100"), ErrorCode::already_exists);
  EXPECT_EQ(create("bob_2", "bob", ""), ErrorCode::invalid_argument);
  EXPECT_EQ(create("bob_2", "+16505550101", ""), ErrorCode::invalid_argument);
  EXPECT_EQ(create("bob_2", "", "bob2@example.org"), ErrorCode::invalid_argument);
  EXPECT_EQ(login_by("bob@example.org", code_for("bob@example.org", Purpose::login))->user.phone, "+16505550100");
}

}  // namespace
}  // namespace hongyan::account
