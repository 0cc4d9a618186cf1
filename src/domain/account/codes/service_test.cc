#include "domain/account/codes/service.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

class CodeServiceTest : public testing::World {
 protected:
  static Target mail(const std::string& text = "alice@example.org") { return {v1::CODE_TARGET_EMAIL, text}; }
  Result<CodePromise> send(Target target, Purpose purpose = Purpose::login) {
    return run(parts_.codes.send({std::move(target), purpose, std::nullopt, "10.0.0.1"}, soon()));
  }
  Result<void> redeem(const std::string& code, Purpose purpose = Purpose::login) {
    return run(parts_.codes.redeem({mail(), purpose, std::nullopt, code}, soon()));
  }
  UserId somebody_with_mail() {
    const UserId alice = registered("alice").user.card.user_id;
    EXPECT_TRUE(run(parts_.stored_codes.give_target(alice, mail(), soon())));
    return alice;
  }
};

TEST_F(CodeServiceTest, SendsACodeThatIsRightOnce) {
  somebody_with_mail();
  const auto promise = send(mail());
  ASSERT_TRUE(promise);
  EXPECT_EQ(promise->life, std::chrono::minutes(5));
  EXPECT_EQ(promise->resend_after, std::chrono::minutes(1));
  const CodeLetter letter = letters_.take();
  EXPECT_EQ(letter.to, mail());
  EXPECT_EQ(letter.purpose, Purpose::login);
  EXPECT_EQ(code(redeem(letter.code, Purpose::reset_password)), ErrorCode::code_invalid);
  EXPECT_TRUE(redeem(letter.code));
  const auto again = redeem(letter.code);
  EXPECT_EQ(code(again), ErrorCode::code_invalid);
  EXPECT_EQ(again.error().field, "code");
}

TEST_F(CodeServiceTest, PromisesTheSameWhereNobodyIsAndSendsNothing) {
  const auto promise = send(mail());
  ASSERT_TRUE(promise);
  EXPECT_EQ(promise->resend_after, std::chrono::minutes(1));
  EXPECT_EQ(code(send(mail())), ErrorCode::rate_limited);
  parts_.codes.close();
  EXPECT_EQ(letters_.waiting(), 0U);
}

TEST_F(CodeServiceTest, ADisabledAccountIsSentNothing) {
  somebody_with_mail();
  ASSERT_TRUE(run(parts_.service.disable_user("alice", soon())));
  ASSERT_TRUE(send(mail()));
  parts_.codes.close();
  EXPECT_EQ(letters_.waiting(), 0U);
}

TEST_F(CodeServiceTest, WhoWantsToHaveATargetIsSentItsCodeInAnyCase) {
  ASSERT_TRUE(send(mail(), Purpose::own));
  EXPECT_TRUE(redeem(letters_.take().code, Purpose::own));
}

TEST_F(CodeServiceTest, WhatIsNoCodeIsNotEvenATry) {
  somebody_with_mail();
  ASSERT_TRUE(send(mail()));
  const CodeLetter letter = letters_.take();
  for (const std::string text : {"", "12345", "1234567", "abcdef", " 12345"}) {
    EXPECT_EQ(code(redeem(text)), ErrorCode::code_invalid) << text;
  }
  EXPECT_TRUE(redeem(letter.code));
}

TEST_F(CodeServiceTest, ALateCodeIsToldSo) {
  somebody_with_mail();
  ASSERT_TRUE(send(mail()));
  const CodeLetter letter = letters_.take();
  clock_.advance(std::chrono::minutes(5));
  const auto late = redeem(letter.code);
  EXPECT_EQ(code(late), ErrorCode::code_expired);
  EXPECT_EQ(late.error().field, "code");
}

TEST_F(CodeServiceTest, WhereNothingIsSentThereAreNoCodes) {
  letters_.cut_phones();
  const Target phone{v1::CODE_TARGET_PHONE, "+8613800000000"};
  EXPECT_EQ(code(send(phone)), ErrorCode::codes_unavailable);
  EXPECT_EQ(code(run(parts_.codes.redeem({phone, Purpose::login, std::nullopt, "123456"}, soon()))),
            ErrorCode::codes_unavailable);
}

}  // namespace
}  // namespace hongyan::account
