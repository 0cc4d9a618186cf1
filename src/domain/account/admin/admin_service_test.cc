#include "domain/account/admin/admin_service.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

using testing::Kick;

// A sequencer that answers when it is told to.
class SlowSequencer final : public wire::PermissionListener {
 public:
  void drop_user(UserId user, std::move_only_function<void()> done) override {
    dropped = user;
    pending.set_value(std::move(done));
  }
  void drop_conversation(ConversationId, std::move_only_function<void()> done) override { done(); }

  UserId dropped;
  std::promise<std::move_only_function<void()>> pending;
};

class AdminTest : public testing::World {};

TEST_F(AdminTest, CreatesAnAccountWithAGivenOrAGeneratedPassword) {
  const auto given = run(parts_.service.create_user({"Alice", kPassword, "", v1::ACCOUNT_ROLE_ADMIN}, soon()));
  ASSERT_TRUE(given);
  EXPECT_EQ(given->generated_password, std::nullopt);
  const auto session = login("alice", kPassword);
  EXPECT_EQ(session->user.card.user_id, given->card.user_id);
  EXPECT_EQ(session->user.role, v1::ACCOUNT_ROLE_ADMIN);
  EXPECT_FALSE(session->user.must_change_password);

  const auto generated = run(parts_.service.create_user({"bob_1", std::nullopt, "Bob", v1::ACCOUNT_ROLE_USER}, soon()));
  ASSERT_TRUE(generated && generated->generated_password);
  EXPECT_TRUE(login("bob_1", *generated->generated_password)->user.must_change_password);
}

TEST_F(AdminTest, CreatingKeepsTheRules) {
  registered("alice");
  EXPECT_EQ(code(run(parts_.service.create_user({"ALICE", std::nullopt, "", v1::ACCOUNT_ROLE_USER}, soon()))),
            ErrorCode::already_exists);
  EXPECT_EQ(code(run(parts_.service.create_user({"x", std::nullopt, "", v1::ACCOUNT_ROLE_USER}, soon()))),
            ErrorCode::invalid_argument);
  EXPECT_EQ(code(run(parts_.service.create_user({"bob_1", "short", "", v1::ACCOUNT_ROLE_USER}, soon()))),
            ErrorCode::weak_password);
}

TEST_F(AdminTest, NobodyLogsInToABot) {
  const auto make = [&](std::string username, std::string nickname) {
    return database_.database().write_now([&](sql::Transaction& transaction) {
      return parts_.users.create_in(transaction, {UserId(77), username, nickname, TimeMs(1)});
    });
  };
  registered("alice");
  EXPECT_EQ(code(make("Alice", "Shop")), ErrorCode::already_exists);
  EXPECT_EQ(make("no name!", "Shop").error().field, "username");
  EXPECT_EQ(make("shop_bot", "").error().field, "nickname");
  ASSERT_TRUE(make("Shop_Bot", "Shop"));
  EXPECT_TRUE(run(parts_.service.named("shop_bot", soon())).value()->bot);
  EXPECT_FALSE(run(parts_.service.named("alice", soon())).value()->bot);
  EXPECT_EQ(code(login("shop_bot", "")), ErrorCode::wrong_credentials);
  EXPECT_EQ(code(login("shop_bot", kPassword)), ErrorCode::wrong_credentials);
  EXPECT_EQ(code(run(parts_.service.reset_password("shop_bot", soon()))), ErrorCode::invalid_argument);
  const UserId bot(77);
  EXPECT_EQ(parts_.privacy.of(std::span(&bot, 1)).value().front().add_me, v1::AUDIENCE_NOBODY);
}

TEST_F(AdminTest, AResetPasswordRevokesEverythingAndMustChange) {
  const Session session = registered("alice");
  ASSERT_TRUE(authenticate(session.access_token));
  sockets_.take();
  const auto password = run(parts_.service.reset_password("Alice", soon()));
  ASSERT_TRUE(password);
  EXPECT_EQ(sockets_.take(),
            (std::vector<Kick>{{session.user.card.user_id, {}, {}, v1::KICK_REASON_PASSWORD_CHANGED}}));
  EXPECT_EQ(code(authenticate(session.access_token)), ErrorCode::token_revoked);
  EXPECT_EQ(code(refresh(session.refresh_token)), ErrorCode::token_revoked);
  EXPECT_EQ(code(login("alice", kPassword)), ErrorCode::wrong_credentials);
  EXPECT_TRUE(login("alice", *password)->user.must_change_password);
  EXPECT_EQ(code(run(parts_.service.reset_password("nobody", soon()))), ErrorCode::not_found);
  EXPECT_EQ(code(run(parts_.service.reset_password("no name", soon()))), ErrorCode::not_found);
}

TEST_F(AdminTest, DisablingEndsEverythingAndWaitsForTheSequencers) {
  const Session session = registered("alice");
  const UserId user = session.user.card.user_id;
  ASSERT_TRUE(authenticate(session.access_token));
  SlowSequencer sequencer;
  permissions_.add(sequencer);
  sockets_.take();
  auto disabling = start(parts_.service.disable_user("alice", soon()));
  auto done = sequencer.pending.get_future().get();
  // Before the answer, everything that needs no sequencer has ended already.
  EXPECT_EQ(sequencer.dropped, user);
  EXPECT_EQ(sockets_.take(), (std::vector<Kick>{{user, {}, {}, v1::KICK_REASON_DISABLED}}));
  EXPECT_EQ(code(authenticate(session.access_token)), ErrorCode::account_disabled);
  EXPECT_FALSE(run(parts_.service.still_valid(user, session.device, soon())).value());
  EXPECT_EQ(disabling.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  done();
  EXPECT_TRUE(disabling.get());
  EXPECT_EQ(code(refresh(session.refresh_token)), ErrorCode::account_disabled);
}

TEST_F(AdminTest, DisablingSaysWhenASequencerDidNotAnswer) {
  registered("alice");
  SlowSequencer silent;
  permissions_.add(silent);
  const auto outcome = run(parts_.service.disable_user("alice", async::deadline_in(std::chrono::milliseconds(300))));
  EXPECT_EQ(code(outcome), ErrorCode::timeout);
  EXPECT_EQ(code(login("alice", kPassword)), ErrorCode::account_disabled);
}

TEST_F(AdminTest, AnEnabledAccountGoesOnWithNewAccessTokens) {
  const Session session = registered("alice");
  ASSERT_TRUE(run(parts_.service.disable_user("alice", soon())));
  ASSERT_TRUE(run(parts_.service.disable_user("alice", soon())));
  ASSERT_TRUE(run(parts_.service.enable_user("alice", soon())));
  ASSERT_TRUE(run(parts_.service.enable_user("alice", soon())));
  EXPECT_EQ(code(authenticate(session.access_token)), ErrorCode::token_revoked);
  const auto refreshed = refresh(session.refresh_token);
  ASSERT_TRUE(refreshed);
  EXPECT_TRUE(authenticate(refreshed->access_token));
  EXPECT_TRUE(login("alice", kPassword));
  EXPECT_EQ(code(run(parts_.service.enable_user("nobody", soon()))), ErrorCode::not_found);
}

TEST_F(AdminTest, CardsAreFoundInOneGo) {
  const UserId alice = registered("alice").user.card.user_id;
  const UserId bob = registered("bob_1").user.card.user_id;
  ASSERT_TRUE(run(parts_.service.disable_user("bob_1", soon())));
  const auto cards = run(parts_.service.users({alice, UserId(12345), bob, alice}, soon()));
  ASSERT_TRUE(cards);
  ASSERT_EQ(cards->size(), 2U);
  const auto& first = (*cards)[0].user_id == alice ? (*cards)[0] : (*cards)[1];
  const auto& second = (*cards)[0].user_id == alice ? (*cards)[1] : (*cards)[0];
  EXPECT_EQ(first.username, "alice");
  EXPECT_TRUE(first.enabled);
  EXPECT_EQ(second.user_id, bob);
  EXPECT_FALSE(second.enabled);
  EXPECT_TRUE(run(parts_.service.users({}, soon()))->empty());
  EXPECT_EQ(code(run(parts_.service.users(std::vector<UserId>(1001, alice), soon()))), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace hongyan::account
