#include "infra/crypto/jwt.h"

#include <gtest/gtest.h>

#include "infra/crypto/base64.h"
#include "infra/crypto/hash.h"

namespace hongyan::crypto {
namespace {

constexpr TimeMs kNow(1'750'000'000'000);
const JwtKey kOld{"k1", "the previous secret, 32 bytes or more"};
const JwtKey kNew{"k2", "the current secret, 32 bytes or more."};

JwtClaims claims() { return {"access", kNow, TimeMs(kNow.value + 900'000), {{"sub", "42"}, {"did", "7"}}}; }

ErrorCode refusal(const JwtSigner& signer, std::string_view token, TimeMs now = kNow) {
  const auto result = signer.verify(token, "access", now);
  return result ? ErrorCode{} : result.error().code;
}

// A token as an attacker with the right key, or without one, would put it together.
std::string forge(std::string_view header, std::string_view payload, const std::string& secret) {
  const std::string body = base64url_encode(header) + '.' + base64url_encode(payload);
  return body + '.' + base64url_encode(hmac_sha256(secret, body));
}

constexpr std::string_view kHeader = R"({"alg":"HS256","kid":"k2","typ":"JWT"})";

// RFC 7515 appendix A.1: the algorithm over its own header and payload.
TEST(Jwt, SignsAsTheRfcDoes) {
  const auto key =
      base64url_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  EXPECT_EQ(
      base64url_encode(hmac_sha256(*key,
                                   "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkz"
                                   "ODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ")),
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST(Jwt, WhatWasSignedIsRead) {
  const JwtSigner signer({kNew});
  const auto read = signer.verify(signer.sign(claims()), "access", kNow);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->texts.at("sub"), "42");
  EXPECT_EQ(read->texts.at("did"), "7");
  EXPECT_EQ(read->issued, kNow);
  EXPECT_EQ(read->expires, TimeMs(kNow.value + 900'000));
}

TEST(Jwt, PreviousKeysStillVerify) {
  const std::string before = JwtSigner({kOld}).sign(claims());
  const JwtSigner rotated({kNew, kOld});
  EXPECT_TRUE(rotated.verify(before, "access", kNow));
  EXPECT_TRUE(JwtSigner({kNew}).verify(rotated.sign(claims()), "access", kNow));
  EXPECT_EQ(refusal(JwtSigner({kNew}), before), ErrorCode::unauthenticated);
}

TEST(Jwt, TimeAndKindAreChecked) {
  const JwtSigner signer({kNew});
  const std::string token = signer.sign(claims());
  EXPECT_EQ(refusal(signer, token, TimeMs(kNow.value + 899'999)), ErrorCode{});
  EXPECT_EQ(refusal(signer, token, TimeMs(kNow.value + 900'000)), ErrorCode::token_expired);
  EXPECT_EQ(refusal(signer, token, TimeMs(kNow.value - 61'000)), ErrorCode::unauthenticated);
  EXPECT_EQ(signer.verify(token, "refresh", kNow).error().code, ErrorCode::unauthenticated);
}

TEST(Jwt, EveryCutChangeAndAdditionIsRefused) {
  const JwtSigner signer({kNew, kOld});
  const std::string token = signer.sign(claims());
  for (std::size_t length = 0; length < token.size(); ++length) {
    EXPECT_EQ(refusal(signer, token.substr(0, length)), ErrorCode::unauthenticated) << length;
  }
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(refusal(signer, changed), ErrorCode::unauthenticated) << at;
  }
  for (const char* more : {"=", ".", ".x", " ", "\n", "A", "AAAA"}) {
    EXPECT_EQ(refusal(signer, token + more), ErrorCode::unauthenticated) << more;
    EXPECT_EQ(refusal(signer, more + token), ErrorCode::unauthenticated) << more;
  }
}

TEST(Jwt, OnlyTheOneHeaderIsTaken) {
  const JwtSigner signer({kNew});
  const std::string payload = R"({"typ":"access","iat":1750000000,"exp":1750000900})";
  EXPECT_EQ(refusal(signer, forge(kHeader, payload, kNew.secret)), ErrorCode{});
  for (const char* header :
       {R"({"alg":"none","kid":"k2","typ":"JWT"})", R"({"alg":"none"})", R"({"alg":"HS512","kid":"k2","typ":"JWT"})",
        R"({"alg":"RS256","kid":"k2","typ":"JWT"})", R"({"alg":"hs256","kid":"k2","typ":"JWT"})",
        R"({"alg":"HS256","kid":"k3","typ":"JWT"})", R"({"alg":"HS256","typ":"JWT"})",
        R"({"kid":"k2","alg":"HS256","typ":"JWT"})", R"({"alg":"HS256","alg":"none","kid":"k2","typ":"JWT"})", ""}) {
    EXPECT_EQ(refusal(signer, forge(header, payload, kNew.secret)), ErrorCode::unauthenticated) << header;
  }
  // alg:none the classical way: no signature at all.
  const std::string unsigned_body = base64url_encode(R"({"alg":"none"})") + '.' + base64url_encode(payload);
  EXPECT_EQ(refusal(signer, unsigned_body + '.'), ErrorCode::unauthenticated);
  EXPECT_EQ(refusal(signer, unsigned_body), ErrorCode::unauthenticated);
}

TEST(Jwt, SignedNonsenseIsRefused) {
  const JwtSigner signer({kNew});
  for (const char* payload :
       {"", "{}", "null", "[]", "{", R"({"typ":"access"})", R"({"typ":"access","iat":"1","exp":"2"})",
        R"({"typ":"access","iat":1750000000.5,"exp":1750000900})", R"({"typ":1,"iat":1750000000,"exp":1750000900})",
        R"({"typ":"access","exp":1750000900})", R"({"typ":"access","iat":1750000000,"exp":9223372036854775807})",
        R"({"typ":"access","iat":1750000000,"exp":1750000900,"sub":42})"}) {
    EXPECT_EQ(refusal(signer, forge(kHeader, payload, kNew.secret)), ErrorCode::unauthenticated) << payload;
  }
  EXPECT_EQ(refusal(signer, std::string(100'000, 'a')), ErrorCode::unauthenticated);
}

TEST(Jwt, AnotherSpellingOfTheSameBytesIsRefused) {
  const JwtSigner signer({kNew});
  std::string token = signer.sign(claims());
  // The last letter of a 32-byte signature carries two bits that mean nothing.
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  token.back() = alphabet[alphabet.find(token.back()) ^ 1];
  EXPECT_EQ(refusal(signer, token), ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace hongyan::crypto
