#include "domain/account/rules.h"

#include <gtest/gtest.h>

#include <set>

#include "infra/crypto/testing/counting_random.h"

namespace hongyan::account {
namespace {

template <class T>
ErrorCode code(const Result<T>& result) {
  return result ? ErrorCode{} : result.error().code;
}

TEST(Username, IsFoldedAndChecked) {
  EXPECT_EQ(fold_username("Alice_01"), "alice_01");
  EXPECT_EQ(fold_username("abcd"), "abcd");
  EXPECT_EQ(fold_username(std::string(32, 'z')), std::string(32, 'z'));
  for (const std::string& text :
       {std::string("abc"), std::string(33, 'z'), std::string(), std::string("al ice"), std::string("al-ice"),
        std::string("\xc3\xa4lice"), std::string("alice\n"), std::string("alic\0", 5)}) {
    const auto refused = fold_username(text);
    EXPECT_EQ(code(refused), ErrorCode::invalid_argument) << text;
    EXPECT_EQ(refused.error().field, "username");
  }
}

TEST(Password, RulesAreKept) {
  EXPECT_TRUE(check_password("12345678", "alice", 8, "password"));
  EXPECT_TRUE(check_password(std::string(128, 'x'), "alice", 8, "password"));
  // Eight characters, 24 bytes.
  EXPECT_TRUE(check_password("鸿雁传书鸿雁传书", "alice", 8, "password"));
  const std::pair<std::string, std::string> refused[] = {
      {"1234567", "alice"},     {std::string(129, 'x'), "alice"}, {"", "alice"},
      {"alice_01", "alice_01"}, {"ALICE_01", "alice_01"},         {"鸿雁传书鸿雁传", "alice"}};
  for (const auto& [password, username] : refused) {
    const auto result = check_password(password, username, 8, "new_password");
    EXPECT_EQ(code(result), ErrorCode::weak_password) << password;
    EXPECT_EQ(result.error().field, "new_password");
  }
}

TEST(Birthday, IsAnExistingDay) {
  for (const char* text : {"", "1990-12-31", "2024-02-29", "1900-01-01"}) EXPECT_TRUE(check_birthday(text)) << text;
  for (const char* text : {"1990-13-01", "2023-02-29", "1990-1-1", "1990/12/31", "1899-12-31", "-990-12-31",
                           "1990-12-3x", "1990-12-311", "19901231", "0000-00-00", "1990--1-01"}) {
    EXPECT_FALSE(check_birthday(text)) << text;
  }
}

TEST(OneTimePassword, IsLongReadableAndAllowed) {
  crypto::testing::CountingRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string password = one_time_password(random);
    ASSERT_EQ(password.size(), 23U);
    for (std::size_t at = 0; at < password.size(); ++at) {
      const bool dash = at % 6 == 5;
      EXPECT_EQ(password[at] == '-', dash) << password;
      EXPECT_EQ(std::string("01oil").find(password[at]), std::string::npos) << password;
    }
    EXPECT_TRUE(check_password(password, "admin", 8, "password"));
    EXPECT_TRUE(seen.insert(password).second);
  }
}

struct RefreshCase {
  const char* what;
  RefreshFacts facts;
  RefreshVerdict verdict;
};

constexpr TimeMs kNow(1'000'000'000);
constexpr TimeMs kLater(kNow.value + 1);
constexpr std::chrono::milliseconds kGrace(60'000);
TimeMs ago(std::int64_t ms) { return TimeMs(kNow.value - ms); }

TEST(JudgeRefresh, FollowsTheTable) {
  const RefreshCase cases[] = {
      {"in force", {3, {}, 3, false, kLater}, RefreshVerdict::rotate},
      {"in force, its access token used", {3, {}, 3, true, kLater}, RefreshVerdict::rotate},
      {"just traded", {2, ago(0), 3, false, kLater}, RefreshVerdict::repeat},
      {"traded within the grace, successor used", {2, ago(60'000), 3, true, kLater}, RefreshVerdict::repeat},
      {"traded within the grace, successor traded too", {2, ago(60'000), 4, false, kLater}, RefreshVerdict::repeat},
      {"traded long ago, successor untouched", {2, ago(86'400'000), 3, false, kLater}, RefreshVerdict::repeat},
      {"traded long ago, successor used", {2, ago(60'001), 3, true, kLater}, RefreshVerdict::reuse},
      {"traded long ago, successor traded too", {2, ago(60'001), 4, false, kLater}, RefreshVerdict::reuse},
      {"never traded, yet not in force", {2, {}, 4, false, kLater}, RefreshVerdict::reuse},
      {"lapsed", {3, {}, 3, false, kNow}, RefreshVerdict::lapsed},
      {"just traded, lapsed since", {2, ago(10), 3, false, kNow}, RefreshVerdict::lapsed},
      {"reuse shows on a lapsed session too", {1, ago(60'001), 3, true, kNow}, RefreshVerdict::reuse},
      {"device revoked", {3, {}, 3, false, kLater, true}, RefreshVerdict::revoked},
      {"reuse on a revoked device", {1, ago(60'001), 3, true, kLater, true}, RefreshVerdict::revoked},
      {"account disabled", {3, {}, 3, false, kLater, false, false}, RefreshVerdict::disabled},
      {"reuse on a disabled account", {1, ago(60'001), 3, true, kLater, false, false}, RefreshVerdict::reuse},
  };
  for (const RefreshCase& each : cases) EXPECT_EQ(judge_refresh(each.facts, kNow, kGrace), each.verdict) << each.what;
}

}  // namespace
}  // namespace hongyan::account
