#include "domain/account/codes/rules.h"

#include <gtest/gtest.h>

#include <set>

#include "domain/account/codes/config.h"
#include "infra/crypto/testing/counting_random.h"

namespace hongyan::account {
namespace {

using namespace std::chrono_literals;

std::string spelled(std::string_view text) {
  const auto target = parse_target(text, "target");
  return target ? target->text : "invalid";
}

TEST(Targets, HaveOneSpelling) {
  EXPECT_EQ(spelled("Alice.B+chat@Example.ORG"), "alice.b+chat@example.org");
  EXPECT_EQ(spelled(" alice@example.org "), "alice@example.org");
  EXPECT_EQ(spelled("+86 138-0000-0000"), "+8613800000000");
  EXPECT_EQ(spelled("+1 (650) 555.0100"), "+16505550100");
  EXPECT_EQ(parse_target("a@b.cn", "target")->kind, v1::CODE_TARGET_EMAIL);
  EXPECT_EQ(parse_target("+12345678", "target")->kind, v1::CODE_TARGET_PHONE);
}

TEST(Targets, AreNothingElse) {
  for (const char* text : {"",
                           "@",
                           "a@",
                           "@b.cn",
                           "a@b",
                           "a@b.1",
                           "a@.cn",
                           "a@b..cn",
                           "a@-b.cn",
                           "a@b-.cn",
                           ".a@b.cn",
                           "a.@b.cn",
                           "a..b@c.cn",
                           "a@b@c.cn",
                           "a b@c.cn",
                           "\"a\"@b.cn",
                           "<a@b.cn>",
                           "a@b.cn,c@d.cn",
                           "a@b.cn\r\nBcc: c@d.cn",
                           "a@b.cn\n",
                           "ä@b.cn",
                           "a@[127.0.0.1]",
                           "a@127.0.0.1",
                           "alice",
                           "13800000000",
                           "+0123456789",
                           "+1234567",
                           "+1234567890123456",
                           "+",
                           "+86 138x0000000",
                           "++8613800000000"}) {
    const auto refused = parse_target(text, "field");
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(refused.error().field, "field");
  }
  EXPECT_FALSE(parse_target(std::string(65, 'a') + "@b.cn", "field"));
  EXPECT_TRUE(parse_target(std::string(64, 'a') + "@b.cn", "field"));
  EXPECT_FALSE(parse_target("a@" + std::string(64, 'b') + ".cn", "field"));
}

TEST(Accounts, AreNamedByUsernameOrTarget) {
  EXPECT_EQ(fold_account("Alice"), "alice");
  EXPECT_EQ(fold_account("A@B.cn"), "a@b.cn");
  EXPECT_EQ(fold_account("+86 13800000000"), "+8613800000000");
  for (const char* text : {"", "a b", "a@b", "+x"}) EXPECT_EQ(fold_account(text).error().field, "account") << text;
}

TEST(Codes, AreSixDigitsAndDiffer) {
  crypto::testing::CountingRandom random;
  std::set<std::string> codes;
  for (int i = 0; i < 1000; ++i) {
    const std::string code = new_code(random);
    EXPECT_TRUE(is_code(code)) << code;
    codes.insert(code);
  }
  EXPECT_GT(codes.size(), 900U);
  for (const char* text : {"", "12345", "1234567", "12345a", "12345 ", "-12345", "１２３４５６"})
    EXPECT_FALSE(is_code(text)) << text;
}

TEST(CodeSeal, TellsPurposesTargetsAndInstallationsApart) {
  const CodeSeal seal({{}, std::string(32, 'r'), ""});
  const CodeSeal other({{}, std::string(32, 's'), ""});
  const Target alice{v1::CODE_TARGET_EMAIL, "alice@example.org"};
  const Target bob{v1::CODE_TARGET_EMAIL, "bob@example.org"};
  const std::set<std::string> all{seal.code(Purpose::login, alice, "123456"),
                                  seal.code(Purpose::login, alice, "123457"),
                                  seal.code(Purpose::reset_password, alice, "123456"),
                                  seal.code(Purpose::login, bob, "123456"),
                                  other.code(Purpose::login, alice, "123456"),
                                  seal.target(alice),
                                  seal.target(bob),
                                  seal.network("alice@example.org"),
                                  other.target(alice)};
  EXPECT_EQ(all.size(), 9U);
  for (const std::string& hash : all) EXPECT_EQ(hash.size(), 43U);
  EXPECT_EQ(seal.network("2001:db8:1:2::1"), seal.network("2001:db8:1:2:3::4"));
  EXPECT_NE(seal.network("192.0.2.1"), seal.network("192.0.2.2"));
}

TEST(CodeBudgets, LastADayAndHaveAPause) {
  const TimeMs start(1'000'000'000);
  const auto at = [&](std::chrono::milliseconds after) { return TimeMs(start.value + after.count()); };
  CodeBudget budget = spend({}, start, 2, 60s).value();
  EXPECT_EQ(budget.used, 1);
  EXPECT_EQ(spend(budget, at(1s), 2, 60s).error().retry_after_ms, 59'000);
  EXPECT_EQ(spend(budget, at(59'999ms), 2, 60s).error().retry_after_ms, 1);
  budget = spend(budget, at(60s), 2, 60s).value();
  EXPECT_EQ(budget.used, 2);
  EXPECT_EQ(budget.began, start);
  const auto refused = spend(budget, at(1h), 2, 60s);
  EXPECT_EQ(refused.error().code, ErrorCode::rate_limited);
  EXPECT_EQ(refused.error().retry_after_ms, 23 * 3'600'000);
  budget = spend(budget, at(24h), 2, 60s).value();
  EXPECT_EQ(budget.used, 1);
  EXPECT_EQ(budget.began, at(24h));
  // The pause holds over the end of a day, too.
  EXPECT_EQ(spend({start, at(24h - 1s), 2}, at(24h), 2, 60s).error().retry_after_ms, 59'000);
  // Set back by a year, the clock stops nobody for longer than usual.
  EXPECT_EQ(spend(budget, at(-365 * 24h), 2, 60s).error().retry_after_ms, 60'000);
}

TEST(CodesConfig, SaysWhatIsWrong) {
  EXPECT_TRUE(config::problems_of(CodesConfig()).empty());
  CodesConfig good;
  good.smtp_url = "smtp://mail.example:587";
  good.smtp_from = "no-reply@chat.example";
  good.sms_url = "https://sms.example/send";
  EXPECT_TRUE(config::problems_of(good).empty());
  for (const char* url : {"mail.example", "http://mail.example", "smtp://", "smtp://user:pass@mail.example",
                          "smtp://mail.example/path", "smtps://mail example"}) {
    CodesConfig bad = good;
    bad.smtp_url = url;
    EXPECT_EQ(config::problems_of(bad).size(), 1U) << url;
  }
  CodesConfig bad = good;
  bad.smtp_from = "";
  bad.sms_url = "ftp://sms.example";
  bad.smtp_password_file = "/nowhere";
  bad.tries = 0;
  EXPECT_EQ(config::problems_of(bad).size(), 4U);
}

}  // namespace
}  // namespace hongyan::account
