#include "domain/account/registration_service.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

class RegistrationTest : public testing::World {
 protected:
  Result<Session> attempt(RegistrationForm form) {
    return run(parts_.registration.register_user(std::move(form), soon()));
  }
};

TEST_F(RegistrationTest, MakesAnAccountThatIsLoggedIn) {
  auto wanted = form("Alice");
  wanted.nickname = " 爱丽丝 ";
  const auto session = attempt(wanted);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user.card.username, "alice");
  EXPECT_EQ(session->user.card.nickname, "爱丽丝");
  EXPECT_EQ(session->user.card.version, 1);
  EXPECT_EQ(session->user.role, v1::ACCOUNT_ROLE_USER);
  EXPECT_FALSE(session->user.must_change_password);
  EXPECT_EQ(session->expires_in, std::chrono::minutes(15));
  const auto identity = authenticate(session->access_token);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->user, session->user.card.user_id);
  EXPECT_EQ(identity->device, session->device);
  EXPECT_TRUE(refresh(session->refresh_token));
  // What it answered is what is stored.
  const auto stored = run(parts_.profiles.me(identity->user, soon()));
  EXPECT_EQ(stored->card.nickname, "爱丽丝");
  EXPECT_EQ(stored->card.version, 1);
  EXPECT_EQ(stored->token_version, session->user.token_version);
}

TEST_F(RegistrationTest, TheNicknameIsTheUsernameUnlessGiven) {
  EXPECT_EQ(registered("alice").user.card.nickname, "alice");
}

TEST_F(RegistrationTest, RefusesWhatTheRulesRefuse) {
  auto wrong = form("al");
  EXPECT_EQ(code(attempt(wrong)), ErrorCode::invalid_argument);
  wrong = form("alice");
  wrong.password = "short";
  EXPECT_EQ(code(attempt(wrong)), ErrorCode::weak_password);
  wrong = form("alice");
  wrong.nickname = "a\nb";
  EXPECT_EQ(attempt(wrong).error().field, "nickname");
  wrong = form("alice");
  wrong.device.name = std::string(65, 'x');
  EXPECT_EQ(attempt(wrong).error().field, "device.name");
}

TEST_F(RegistrationTest, IsByInviteBeyondLoopback) {
  EXPECT_EQ(parts_.registration.registration(), v1::REGISTRATION_OPEN);
  parts_.policy.set_loopback_only(false);
  EXPECT_EQ(parts_.registration.registration(), v1::REGISTRATION_INVITE);
  EXPECT_EQ(code(attempt(form("alice"))), ErrorCode::registration_closed);
  const auto invited = [&](const std::string& username, std::string token) {
    RegistrationForm form = this->form(username);
    form.invite = std::move(token);
    return code(attempt(std::move(form)));
  };
  const std::string token = run(parts_.inviting.invite({.max_uses = 2}, soon())).value();
  EXPECT_EQ(invited("alice", "nonsense"), ErrorCode::request_expired);
  EXPECT_EQ(invited("alice", parts_.tokens.new_refresh()), ErrorCode::request_expired);
  EXPECT_EQ(invited("alice", token), ErrorCode{});
  EXPECT_EQ(invited("alice", parts_.tokens.new_refresh()), ErrorCode::request_expired)
      << "nobody learns without an invite that the name is taken";
  EXPECT_EQ(invited("alice", token), ErrorCode::already_exists) << "and that has used nothing up";
  EXPECT_EQ(invited("bobby", token), ErrorCode{});
  EXPECT_EQ(invited("carol", token), ErrorCode::request_expired);
  EXPECT_EQ(run(parts_.service.named("carol", soon())).value(), std::nullopt);
}

TEST_F(RegistrationTest, AnInviteComesToItsEnd) {
  parts_.policy.set_loopback_only(false);
  RegistrationForm late = form("alice");
  late.invite = run(parts_.inviting.invite({.max_uses = 0, .life = std::chrono::hours(24)}, soon())).value();
  clock_.advance(std::chrono::hours(24));
  EXPECT_EQ(code(attempt(late)), ErrorCode::request_expired);
  EXPECT_EQ(run(parts_.inviting.invite({.max_uses = -1}, soon())).error().field, "uses");
  EXPECT_EQ(run(parts_.inviting.invite({.life = std::chrono::hours(367 * 24)}, soon())).error().field, "days");
}

TEST_F(RegistrationTest, TheLastPlaceOfAnInviteGoesToOneOfMany) {
  parts_.policy.set_loopback_only(false);
  const std::string token = run(parts_.inviting.invite({}, soon())).value();
  std::vector<std::future<Result<Session>>> racing;
  for (int i = 0; i < 8; ++i) {
    RegistrationForm wanted = form("user_" + std::to_string(i));
    wanted.invite = token;
    racing.push_back(
        start(parts_.registration.register_user(std::move(wanted), soon()), static_cast<std::size_t>(i % 3)));
  }
  int won = 0;
  for (auto& each : racing) won += each.get().has_value() ? 1 : 0;
  EXPECT_EQ(won, 1);
}

TEST(RegistrationPolicy, FollowsTheConfiguration) {
  Config section;
  section.registration = "open";
  EXPECT_EQ(RegistrationPolicy(section).current(), v1::REGISTRATION_OPEN);
  section.registration = "closed";
  RegistrationPolicy closed(section);
  closed.set_loopback_only(true);
  EXPECT_EQ(closed.current(), v1::REGISTRATION_CLOSED);
  section.registration = "invite";
  RegistrationPolicy invite(section);
  invite.set_loopback_only(true);
  EXPECT_EQ(invite.current(), v1::REGISTRATION_INVITE);
  section.registration = "maybe";
  EXPECT_FALSE(config::problems_of(section).empty());
}

TEST_F(RegistrationTest, OneUsernameGoesToOneOfMany) {
  std::vector<std::future<Result<Session>>> racing;
  for (int i = 0; i < 8; ++i) {
    racing.push_back(start(parts_.registration.register_user(form(i % 2 == 0 ? "alice" : "ALICE"), soon()),
                           static_cast<std::size_t>(i % 3)));
  }
  int won = 0;
  for (auto& each : racing) {
    const auto session = each.get();
    if (session) ++won;
    if (!session) {
      EXPECT_EQ(session.error().code, ErrorCode::already_exists);
      EXPECT_EQ(session.error().detail, "users.username");
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_TRUE(login("alice", kPassword));
}

}  // namespace
}  // namespace hongyan::account
