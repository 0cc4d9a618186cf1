#include "domain/account/codes/sql_store.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

using namespace std::chrono_literals;

// What every CodeStore keeps to.
class CodeStoreTest : public testing::World {
 protected:
  NewCode code(const std::string& hash = "code", const std::string& target = "target") {
    NewCode code;
    code.target_hash = target;
    code.code_hash = hash;
    code.network_hash = "network";
    code.now = clock_.now();
    code.expires = TimeMs(code.now.value + 300'000);
    return code;
  }
  Result<void> issue(NewCode code) { return run(store_.issue(std::move(code), limits_, soon())); }
  ShownCode shown(const std::string& hash, const std::string& target = "target") {
    return {Purpose::login, target, std::nullopt, hash, clock_.now(), limits_.tries};
  }
  CodeVerdict redeem(ShownCode shown) { return run(store_.redeem(std::move(shown), soon())).value(); }
  // Past the pause between two codes to a target.
  void wait_a_minute() { clock_.advance(60s); }

  CodeLimits limits_;
  CodeStore& store_ = parts_.stored_codes;
};

TEST_F(CodeStoreTest, ACodeIsRightOnce) {
  ASSERT_TRUE(issue(code()));
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::right);
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::wrong);
}

TEST_F(CodeStoreTest, NoCodeIsRightWhereNoneIs) {
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::wrong);
  EXPECT_EQ(redeem(shown("")), CodeVerdict::wrong);
  ASSERT_TRUE(issue(code()));
  EXPECT_EQ(redeem(shown("")), CodeVerdict::wrong);
}

TEST_F(CodeStoreTest, OfManyAtOnceOneIsRight) {
  ASSERT_TRUE(issue(code()));
  std::vector<std::future<Result<CodeVerdict>>> all;
  for (std::size_t i = 0; i < 20; ++i) all.push_back(start(store_.redeem(shown("code"), soon()), i % 3));
  int right = 0;
  for (auto& one : all) right += one.get().value() == CodeVerdict::right ? 1 : 0;
  EXPECT_EQ(right, 1);
}

TEST_F(CodeStoreTest, ItIsForItsPurposeAndTargetAlone) {
  ASSERT_TRUE(issue(code()));
  ShownCode other = shown("code");
  other.purpose = Purpose::reset_password;
  EXPECT_EQ(redeem(other), CodeVerdict::wrong);
  EXPECT_EQ(redeem(shown("code", "another target")), CodeVerdict::wrong);
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::right);
}

TEST_F(CodeStoreTest, ForADeviceItIsForNoOther) {
  NewCode bound = code();
  bound.device = DeviceId(7);
  ASSERT_TRUE(issue(bound));
  ShownCode own = shown("code");
  own.device = DeviceId(8);
  EXPECT_EQ(redeem(own), CodeVerdict::wrong);
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::wrong);
  own.device = DeviceId(7);
  EXPECT_EQ(redeem(own), CodeVerdict::right);
}

TEST_F(CodeStoreTest, ForAnyDeviceItIsForEach) {
  ASSERT_TRUE(issue(code()));
  ShownCode own = shown("code");
  own.device = DeviceId(8);
  EXPECT_EQ(redeem(own), CodeVerdict::right);
}

TEST_F(CodeStoreTest, StrangersCannotUseUpTheTriesOfADevicesCode) {
  NewCode bound = code();
  bound.device = DeviceId(7);
  ASSERT_TRUE(issue(bound));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(redeem(shown("guess")), CodeVerdict::wrong);
  ShownCode own = shown("code");
  own.device = DeviceId(7);
  EXPECT_EQ(redeem(own), CodeVerdict::right);
}

TEST_F(CodeStoreTest, AfterFiveTriesTheRightOneIsWrong) {
  ASSERT_TRUE(issue(code()));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(redeem(shown("guess")), CodeVerdict::wrong);
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::wrong);
  wait_a_minute();
  ASSERT_TRUE(issue(code("another")));
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::wrong) << "the new one takes the place of the old one";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(redeem(shown("guess")), CodeVerdict::wrong);
  EXPECT_EQ(redeem(shown("another")), CodeVerdict::right);
}

TEST_F(CodeStoreTest, ItIsOverInTime) {
  ASSERT_TRUE(issue(code()));
  clock_.advance(300s);
  EXPECT_EQ(redeem(shown("guess")), CodeVerdict::wrong);
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::expired);
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::expired);
}

TEST_F(CodeStoreTest, ATargetHasItsPauseAndItsDay) {
  limits_.daily_per_target = 3;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(issue(code()));
    if (i < 2) EXPECT_EQ(issue(code()).error().retry_after_ms, 60'000);
    NewCode other_purpose = code();
    other_purpose.purpose = Purpose::reset_password;
    EXPECT_FALSE(issue(other_purpose)) << "the pause is of the target";
    wait_a_minute();
  }
  const auto refused = issue(code());
  EXPECT_EQ(refused.error().code, ErrorCode::rate_limited);
  EXPECT_EQ(refused.error().retry_after_ms, 24 * 3'600'000 - 180'000);
  EXPECT_EQ(redeem(shown("code")), CodeVerdict::right) << "what was sent stays good";
  EXPECT_TRUE(issue(code("code", "another target")));
  clock_.advance(24h);
  EXPECT_TRUE(issue(code()));
}

TEST_F(CodeStoreTest, ANetworkHasItsDay) {
  limits_.daily_per_address = 3;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(issue(code("code", std::to_string(i))));
  EXPECT_EQ(issue(code("code", "3")).error().code, ErrorCode::rate_limited);
  NewCode elsewhere = code("code", "3");
  elsewhere.network_hash = "another network";
  EXPECT_TRUE(issue(elsewhere)) << "what was refused was not counted";
  clock_.advance(24h);
  EXPECT_TRUE(issue(code("code", "4")));
}

TEST_F(CodeStoreTest, WhatDecidesNothingAnyMoreIsForgotten) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(issue(code("code", std::to_string(i))));
  clock_.advance(49h);
  ASSERT_TRUE(issue(code()));
  const auto count = [this](const char* statement) {
    return std::get<0>(*database_.database()
                            .read_now([&](sql::Session& session) { return session.query_one<std::int64_t>(statement); })
                            .value());
  };
  EXPECT_EQ(count("SELECT COUNT(*) FROM codes"), 1);
  EXPECT_EQ(count("SELECT COUNT(*) FROM code_budgets"), 2);
}

TEST_F(CodeStoreTest, ATargetBelongsToOneAccount) {
  const UserId alice = registered("alice").user.card.user_id;
  const UserId bob = registered("bob_1").user.card.user_id;
  const Target mail{v1::CODE_TARGET_EMAIL, "alice@example.org"};
  const Target phone{v1::CODE_TARGET_PHONE, "+8613800000000"};
  EXPECT_EQ(run(store_.give_target(alice, mail, soon()))->email, mail.text);
  EXPECT_EQ(run(store_.give_target(alice, mail, soon()))->email, mail.text);
  EXPECT_EQ(run(store_.give_target(alice, phone, soon()))->phone, phone.text);
  EXPECT_EQ(World::code(run(store_.give_target(bob, mail, soon()))), ErrorCode::already_exists);
  EXPECT_EQ(World::code(run(store_.give_target(bob, phone, soon()))), ErrorCode::already_exists);
  EXPECT_EQ(World::code(run(store_.give_target(UserId(1), phone, soon()))), ErrorCode::not_found);
  EXPECT_EQ(run(store_.give_target(alice, {v1::CODE_TARGET_EMAIL, "new@example.org"}, soon()))->email,
            "new@example.org");
  EXPECT_EQ(run(store_.give_target(bob, mail, soon()))->email, mail.text) << "it is free again";
}

}  // namespace
}  // namespace hongyan::account
