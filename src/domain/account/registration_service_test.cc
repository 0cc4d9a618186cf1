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

TEST_F(RegistrationTest, IsClosedBeyondLoopback) {
  EXPECT_EQ(parts_.registration.registration(), v1::REGISTRATION_OPEN);
  parts_.policy.set_loopback_only(false);
  EXPECT_EQ(parts_.registration.registration(), v1::REGISTRATION_CLOSED);
  EXPECT_EQ(code(attempt(form("alice"))), ErrorCode::registration_closed);
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
