#include "domain/account/profile_service.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

class ProfileTest : public testing::World {
 protected:
  Result<User> update(UserId user, ProfileChange change) {
    return run(parts_.profiles.update(user, std::move(change), soon()));
  }
  static ProfileChange nickname(std::string text) {
    ProfileChange change;
    change.nickname = std::move(text);
    return change;
  }
};

TEST_F(ProfileTest, AbsentFieldsStayEmptyOnesAreCleared) {
  const UserId user = registered("alice").user.card.user_id;
  ProfileChange change;
  change.nickname = "爱丽丝";
  change.signature = "海内存知己";
  change.birthday = "1990-12-31";
  auto after = update(user, change);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->card.nickname, "爱丽丝");
  EXPECT_EQ(after->card.version, 2);
  ProfileChange clear;
  clear.signature = "";
  clear.region = "Paris";
  after = update(user, clear);
  EXPECT_EQ(after->card.nickname, "爱丽丝");
  EXPECT_EQ(after->card.signature, "");
  EXPECT_EQ(after->card.region, "Paris");
  EXPECT_EQ(after->birthday, "1990-12-31");
  EXPECT_EQ(after->card.version, 3);
  EXPECT_EQ(update(user, {})->card.version, 3);
  EXPECT_EQ(run(parts_.profiles.get(user, soon()))->region, "Paris");
}

TEST_F(ProfileTest, RefusesWhatTheRulesRefuseAndNamesTheField) {
  const UserId user = registered("alice").user.card.user_id;
  ProfileChange change;
  change.nickname = "";
  EXPECT_EQ(update(user, change).error().field, "nickname");
  change = {};
  change.signature = std::string(201, 'x');
  EXPECT_EQ(update(user, change).error().field, "signature");
  change = {};
  change.birthday = "yesterday";
  EXPECT_EQ(update(user, change).error().field, "birthday");
  EXPECT_EQ(run(parts_.profiles.me(user, soon()))->card.version, 1);
}

TEST_F(ProfileTest, IsKnownByTheExactUsernameOnly) {
  const UserId user = registered("alice").user.card.user_id;
  EXPECT_EQ(run(parts_.service.named("ALICE", soon())).value()->user_id, user);
  for (const char* q : {"alic", "alice%", "al%", "", "alice ", "' OR 1=1 --"}) {
    EXPECT_EQ(run(parts_.service.named(q, soon())).value().has_value(), false) << q;
  }
  ASSERT_TRUE(run(parts_.service.disable_user("alice", soon())));
  EXPECT_FALSE(run(parts_.service.named("alice", soon())).value()->enabled);
  EXPECT_EQ(code(run(parts_.profiles.get(UserId(1), soon()))), ErrorCode::not_found);
  EXPECT_EQ(code(run(parts_.profiles.me(UserId(1), soon()))), ErrorCode::not_found);
}

TEST_F(ProfileTest, ABatchTellsWhatHasChanged) {
  const UserId alice = registered("alice").user.card.user_id;
  const UserId bob = registered("bobby").user.card.user_id;
  ASSERT_TRUE(update(bob, nickname("Bob")));
  const auto batch = [&](std::vector<UserId> users, ProfileService::KnownVersions known = {}) {
    std::vector<UserId> ids;
    for (const UserCard& card : run(parts_.profiles.batch(std::move(users), std::move(known), soon())).value()) {
      ids.push_back(card.user_id);
    }
    return ids;
  };
  EXPECT_EQ(batch({bob, UserId(7), alice, bob}), (std::vector{bob, alice}));
  EXPECT_EQ(batch({bob, alice}, {{alice, 1}, {bob, 1}}), std::vector{bob});
  EXPECT_TRUE(batch({}).empty());
  EXPECT_EQ(run(parts_.profiles.batch(std::vector<UserId>(101, alice), {}, soon())).error().field, "user_ids");
}

TEST_F(ProfileTest, TheOrderOfNamesFollowsTheNickname) {
  const UserId user = registered("alice").user.card.user_id;
  const auto key = [&] {
    return database_.database()
        .read_now([user](sql::Session& session) -> Result<std::string> {
          HY_TRY(const auto row,
                 session.query_one<std::string>("SELECT sort_key FROM users WHERE user_id = :user", user));
          return std::get<0>(*row);
        })
        .value();
  };
  EXPECT_EQ(key(), "alice");
  ASSERT_TRUE(update(user, nickname("张三")));
  EXPECT_EQ(key(), "zhangsan");
  ProfileChange elsewhere;
  elsewhere.region = "Paris";
  ASSERT_TRUE(update(user, elsewhere));
  EXPECT_EQ(key(), "zhangsan");
}

}  // namespace
}  // namespace hongyan::account
