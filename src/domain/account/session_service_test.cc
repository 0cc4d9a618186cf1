#include "domain/account/session_service.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Kick;

class SessionTest : public testing::World {
 protected:
  std::vector<Device> devices(UserId user) { return run(parts_.security.list_devices(user, soon())).value(); }
};

// ---- login ----

TEST_F(SessionTest, LogsInWithTheRightPasswordInAnyCaseOfTheName) {
  const UserId user = registered("alice").user.card.user_id;
  const auto session = login("ALICE", kPassword);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user.card.user_id, user);
  EXPECT_EQ(authenticate(session->access_token)->device, session->device);
}

TEST_F(SessionTest, UnknownAccountAndWrongPasswordAreAlike) {
  registered("alice");
  for (const char* account : {"alice", "nobody", "not a name", ""}) {
    const auto refused = login(account, "wrong password");
    EXPECT_EQ(code(refused), ErrorCode::wrong_credentials) << account;
    EXPECT_EQ(refused.error().detail, "");
  }
}

TEST_F(SessionTest, ThrottlesUnknownAndKnownAccountsAlike) {
  registered("alice");
  for (const char* account : {"alice", "nobody"}) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(code(login(account, "wrong password")), ErrorCode::wrong_credentials);
    const auto refused = login(account, kPassword);
    EXPECT_EQ(code(refused), ErrorCode::rate_limited);
    EXPECT_EQ(refused.error().retry_after_ms, 1000);
  }
  clock_.advance(seconds(1));
  EXPECT_TRUE(login("alice", kPassword));
  EXPECT_TRUE(login("alice", kPassword));
}

TEST_F(SessionTest, AKnownDeviceHasItsOwnBudget) {
  const Session own = registered("alice");
  const Session stranger = registered("mallory");
  for (int i = 0; i < 5; ++i) login("alice", "wrong password");
  EXPECT_EQ(code(login("alice", kPassword)), ErrorCode::rate_limited);
  // Somebody else's device is no device of alice.
  EXPECT_EQ(code(login("alice", kPassword, stranger.device)), ErrorCode::rate_limited);
  EXPECT_TRUE(login("alice", kPassword, own.device));
}

TEST_F(SessionTest, DisabledIsSaidOnlyAfterTheRightPassword) {
  registered("alice");
  ASSERT_TRUE(run(parts_.service.disable_user("alice", soon())));
  EXPECT_EQ(code(login("alice", "wrong password")), ErrorCode::wrong_credentials);
  EXPECT_EQ(code(login("alice", kPassword)), ErrorCode::account_disabled);
}

TEST_F(SessionTest, ReusesADeviceOnlyWhenItIsOnesOwnAndNotRevoked) {
  const Session first = registered("alice");
  const Session other = registered("bob_1");
  const auto again = login("alice", kPassword, first.device);
  EXPECT_EQ(again->device, first.device);
  ASSERT_EQ(devices(first.user.card.user_id).size(), 1U);
  EXPECT_EQ(devices(first.user.card.user_id)[0].name, "phone");
  // The earlier session's token is forgotten, not taken for theft.
  EXPECT_EQ(code(refresh(first.refresh_token)), ErrorCode::unauthenticated);
  EXPECT_TRUE(refresh(again->refresh_token));

  EXPECT_NE(login("alice", kPassword, other.device)->device, other.device);
  ASSERT_TRUE(run(parts_.sessions.logout(first.user.card.user_id, first.device, soon())));
  EXPECT_NE(login("alice", kPassword, first.device)->device, first.device);
}

TEST_F(SessionTest, TheLongestInactiveDeviceMakesRoomForThe21st) {
  const Session first = registered("alice");
  const UserId user = first.user.card.user_id;
  std::vector<Session> sessions{first};
  for (int i = 0; i < 19; ++i) {
    clock_.advance(seconds(1));
    sessions.push_back(login("alice", kPassword).value());
  }
  EXPECT_EQ(devices(user).size(), 20U);
  // The oldest was active since: now the second oldest has to go.
  clock_.advance(seconds(1));
  ASSERT_TRUE(refresh(first.refresh_token));
  sockets_.take();
  const auto last = login("alice", kPassword);
  ASSERT_TRUE(last);
  EXPECT_EQ(devices(user).size(), 20U);
  EXPECT_EQ(sockets_.take(), (std::vector<Kick>{{user, sessions[1].device, {}, v1::KICK_REASON_REPLACED}}));
  EXPECT_EQ(code(authenticate(sessions[1].access_token)), ErrorCode::token_revoked);
  EXPECT_EQ(code(refresh(sessions[1].refresh_token)), ErrorCode::token_revoked);
  EXPECT_TRUE(authenticate(sessions[0].access_token));
  EXPECT_TRUE(authenticate(last->access_token));
}

// ---- refresh ----

TEST_F(SessionTest, ThePolicySaysWhoStays) {
  const UserId alice = registered("alice").user.card.user_id;
  std::uint64_t next = 1000;
  const auto open = [&](DevicePolicy policy, Platform platform, std::optional<DeviceId> wanted = {}) {
    NewSession session;
    session.fresh_device = DeviceId(++next);
    session.wanted_device = wanted;
    session.platform = platform;
    session.now = clock_.now();
    session.expires = TimeMs(clock_.now().value + 1'000'000);
    session.refresh_hash = std::to_string(next);
    session.policy = policy;
    clock_.advance(std::chrono::seconds(1));
    return run(parts_.devices.open(alice, session, [](const OpenedSession&) {}, soon())).value();
  };
  const auto phone = open(DevicePolicy::any, v1::PLATFORM_ANDROID).device;
  const auto laptop = open(DevicePolicy::any, v1::PLATFORM_LINUX).device;
  const auto other_phone = open(DevicePolicy::one_per_platform, v1::PLATFORM_ANDROID);
  EXPECT_EQ(other_phone.evicted, std::vector{phone});
  EXPECT_EQ(open(DevicePolicy::one_per_platform, v1::PLATFORM_ANDROID, other_phone.device).evicted,
            std::vector<DeviceId>{})
      << "nobody is in their own way";
  const auto alone = open(DevicePolicy::one, v1::PLATFORM_LINUX, laptop);
  EXPECT_EQ(alone.device, laptop);
  // The newest first: the other phone, and the one that was registered with.
  EXPECT_EQ(alone.evicted.size(), 2u);
  EXPECT_EQ(alone.evicted.front(), other_phone.device);
}

TEST_F(SessionTest, RefreshRotates) {
  const Session session = registered("alice");
  const auto one = refresh(session.refresh_token);
  ASSERT_TRUE(one);
  EXPECT_NE(one->refresh_token, session.refresh_token);
  EXPECT_EQ(one->device, session.device);
  EXPECT_EQ(one->user, session.user.card.user_id);
  EXPECT_TRUE(authenticate(one->access_token));
  const auto two = refresh(one->refresh_token);
  ASSERT_TRUE(two);
  EXPECT_NE(two->refresh_token, one->refresh_token);
  EXPECT_EQ(devices(one->user)[0].ip, "10.0.0.2");
}

TEST_F(SessionTest, ALostAnswerIsGivenAgainUntilTheSuccessorIsUsed) {
  const Session session = registered("alice");
  const auto lost = refresh(session.refresh_token);
  clock_.advance(std::chrono::hours(5));
  const auto again = refresh(session.refresh_token);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->refresh_token, lost->refresh_token);
  // Its access token is used: whoever asks with the old one now has a copy.
  ASSERT_TRUE(authenticate(again->access_token));
  EXPECT_EQ(code(refresh(session.refresh_token)), ErrorCode::token_revoked);
}

TEST_F(SessionTest, WithinTheGraceItIsGivenAgainInAnyCase) {
  const Session session = registered("alice");
  const auto one = refresh(session.refresh_token);
  ASSERT_TRUE(authenticate(one->access_token));
  const auto two = refresh(one->refresh_token);
  ASSERT_TRUE(two);
  clock_.advance(seconds(60));
  EXPECT_EQ(refresh(session.refresh_token)->refresh_token, one->refresh_token);
  EXPECT_EQ(refresh(one->refresh_token)->refresh_token, two->refresh_token);
}

TEST_F(SessionTest, ATokenTradedLongAgoRevokesTheDevice) {
  const Session session = registered("alice");
  const auto one = refresh(session.refresh_token);
  const auto two = refresh(one->refresh_token);
  ASSERT_TRUE(authenticate(two->access_token));
  clock_.advance(milliseconds(60'001));
  sockets_.take();
  EXPECT_EQ(code(refresh(session.refresh_token)), ErrorCode::token_revoked);
  EXPECT_EQ(sockets_.take(),
            (std::vector<Kick>{{session.user.card.user_id, session.device, {}, v1::KICK_REASON_REVOKED}}));
  EXPECT_EQ(code(authenticate(two->access_token)), ErrorCode::token_revoked);
  EXPECT_EQ(code(refresh(two->refresh_token)), ErrorCode::token_revoked);
  EXPECT_FALSE(run(parts_.service.still_valid(session.user.card.user_id, session.device, soon())).value());
}

TEST_F(SessionTest, AnUnknownTokenHarmsNobody) {
  const Session session = registered("alice");
  EXPECT_EQ(code(refresh(parts_.tokens.new_refresh())), ErrorCode::unauthenticated);
  // The successor of a token that was never traded is not known yet either.
  EXPECT_EQ(code(refresh(parts_.tokens.successor(session.refresh_token))), ErrorCode::unauthenticated);
  for (const std::string& text : {std::string(), std::string("x"), session.refresh_token + "=",
                                  session.refresh_token.substr(1), session.access_token}) {
    EXPECT_EQ(code(refresh(text)), ErrorCode::unauthenticated);
  }
  EXPECT_TRUE(refresh(session.refresh_token));
}

TEST_F(SessionTest, TwoRefreshesAtOnceGetTheSameSuccessor) {
  const Session session = registered("alice");
  std::vector<std::future<Result<RefreshedSession>>> racing;
  for (std::size_t i = 0; i < 6; ++i) {
    racing.push_back(start(parts_.sessions.refresh(session.refresh_token, "10.0.0.1", soon()), i % 3));
  }
  std::set<std::string> successors;
  for (auto& each : racing) successors.insert(each.get().value().refresh_token);
  EXPECT_EQ(successors.size(), 1U);
}

TEST_F(SessionTest, ASessionSlidesAndLapses) {
  Session session = registered("alice");
  std::string token = session.refresh_token;
  for (int i = 0; i < 3; ++i) {
    clock_.advance(std::chrono::hours(29 * 24));
    const auto next = refresh(token);
    ASSERT_TRUE(next) << i;
    token = next->refresh_token;
    EXPECT_TRUE(run(parts_.service.still_valid(next->user, next->device, soon())).value());
  }
  clock_.advance(std::chrono::hours(30 * 24));
  EXPECT_EQ(code(refresh(token)), ErrorCode::token_expired);
  EXPECT_FALSE(run(parts_.service.still_valid(session.user.card.user_id, session.device, soon())).value());
  EXPECT_TRUE(devices(session.user.card.user_id).empty());
}

// ---- access tokens ----

TEST_F(SessionTest, AccessTokensExpire) {
  const Session session = registered("alice");
  clock_.advance(minutes(15) - milliseconds(1));
  EXPECT_TRUE(authenticate(session.access_token));
  clock_.advance(milliseconds(1));
  EXPECT_EQ(code(authenticate(session.access_token)), ErrorCode::token_expired);
}

TEST_F(SessionTest, WhatIsNoAccessTokenIsRefused) {
  const Session session = registered("alice");
  for (const std::string& text :
       {std::string(), std::string("garbage"), session.refresh_token, session.access_token + "x",
        session.access_token.substr(0, session.access_token.size() - 1)}) {
    EXPECT_EQ(code(authenticate(text)), ErrorCode::unauthenticated) << text;
  }
}

TEST_F(SessionTest, AuthenticationIsAnsweredFromMemory) {
  const Session session = registered("alice");
  ASSERT_TRUE(authenticate(session.access_token));
  // Without any SQL it still answers.
  ASSERT_TRUE(database_.database().write_now(
      [](sql::Transaction& t) { return t.execute("ALTER TABLE devices RENAME TO gone"); }));
  EXPECT_TRUE(authenticate(session.access_token));
  EXPECT_TRUE(run(parts_.service.still_valid(session.user.card.user_id, session.device, soon())).value());
}

TEST_F(SessionTest, LogoutEndsTheDeviceAtOnce) {
  const Session session = registered("alice");
  const UserId user = session.user.card.user_id;
  const auto other = login("alice", kPassword);
  ASSERT_TRUE(authenticate(session.access_token));
  sockets_.take();
  ASSERT_TRUE(run(parts_.sessions.logout(user, session.device, soon())));
  EXPECT_EQ(sockets_.take(), (std::vector<Kick>{{user, session.device, {}, v1::KICK_REASON_REVOKED}}));
  EXPECT_EQ(code(authenticate(session.access_token)), ErrorCode::token_revoked);
  EXPECT_EQ(code(refresh(session.refresh_token)), ErrorCode::token_revoked);
  EXPECT_TRUE(authenticate(other->access_token));
  EXPECT_TRUE(run(parts_.sessions.logout(user, session.device, soon())));
}

TEST_F(SessionTest, LastActiveIsWrittenAtMostOnceAMinute) {
  const Session session = registered("alice");
  const UserId user = session.user.card.user_id;
  const TimeMs begun = clock_.now();
  clock_.advance(seconds(1));
  parts_.service.seen(session.device, "10.9.9.9");
  clock_.advance(seconds(59));
  parts_.service.seen(session.device, "10.8.8.8");
  // Waits for the write under way; the second note began none.
  parts_.last_seen.close();
  const auto listed = devices(user);
  EXPECT_EQ(listed[0].last_active, TimeMs(begun.value + 1000));
  EXPECT_EQ(listed[0].ip, "10.9.9.9");
}

}  // namespace
}  // namespace hongyan::account
