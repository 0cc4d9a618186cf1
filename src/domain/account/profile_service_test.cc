#include "domain/account/profile_service.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

class ProfileTest : public testing::World {
 protected:
  Result<User> update(UserId user, ProfileChange change) {
    return run(parts_.profiles.update(user, std::move(change), soon()));
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

TEST_F(ProfileTest, IsFoundByTheExactUsernameOnly) {
  const UserId user = registered("alice").user.card.user_id;
  EXPECT_EQ(run(parts_.profiles.search("ALICE", soon())).value()->user_id, user);
  for (const char* q : {"alic", "alice%", "al%", "", "alice ", "' OR 1=1 --"}) {
    EXPECT_EQ(run(parts_.profiles.search(q, soon())).value().has_value(), false) << q;
  }
  ASSERT_TRUE(run(parts_.service.disable_user("alice", soon())));
  EXPECT_FALSE(run(parts_.profiles.search("alice", soon())).value().has_value());
  EXPECT_EQ(code(run(parts_.profiles.get(UserId(1), soon()))), ErrorCode::not_found);
  EXPECT_EQ(code(run(parts_.profiles.me(UserId(1), soon()))), ErrorCode::not_found);
}

}  // namespace
}  // namespace hongyan::account
