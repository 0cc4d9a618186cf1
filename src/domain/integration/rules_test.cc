#include "domain/integration/rules.h"

#include <gtest/gtest.h>

namespace hongyan::integration {
namespace {

using Words = std::vector<std::string>;

const Words kKnown{"message.send", "user.create"};

TEST(IntegrationRulesTest, ScopesAreRpcsThatKeysMayCall) {
  EXPECT_EQ(check_scopes(Words{"user.create", "message.send", "user.create"}, kKnown).value(), kKnown);
  for (const Words& wrong : {Words{}, Words{"user.me"}, Words{"message.send", ""}, Words{"message"}}) {
    const auto refused = check_scopes(wrong, kKnown);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(refused.error().field, "scopes");
  }
}

TEST(IntegrationRulesTest, Networks) {
  EXPECT_TRUE(check_networks(Words{}));
  EXPECT_TRUE(check_networks(Words{"10.0.0.0/8", "2001:db8::/32", "::1", "192.0.2.7"}));
  for (const Words& wrong : {Words{"10.0.0.0/33"}, Words{"example.org"}, Words{""}, Words(65, "::1")}) {
    EXPECT_EQ(check_networks(wrong).error().field, "networks");
  }
  const Words both{"10.0.0.0/8", "2001:db8::/32"};
  for (const char* inside : {"10.1.2.3", "::ffff:10.1.2.3", "2001:db8:1::5"}) EXPECT_TRUE(check_address(both, inside));
  for (const char* outside : {"11.0.0.1", "2001:db9::1", "::1", "", "nonsense"}) {
    EXPECT_EQ(check_address(both, outside).error().code, ErrorCode::permission_denied) << outside;
    EXPECT_TRUE(check_address(Words{}, outside)) << "without a list everybody may";
  }
}

TEST(IntegrationRulesTest, TheFormOfSecrets) {
  const std::string random(43, 'x');
  EXPECT_TRUE(has_form("hyk_" + random, kKeyPrefix));
  for (const std::string& other : {"hyh_" + random, random, "hyk_" + random + "x", "hyk_" + std::string(43, '.'),
                                   std::string("hyk_"), std::string()}) {
    EXPECT_FALSE(has_form(other, kKeyPrefix)) << other;
  }
}

TEST(IntegrationRulesTest, AnIdempotencyKeyNamesOneMessage) {
  const std::string id = message_id_of("deploy #42").value();
  EXPECT_EQ(id, message_id_of("deploy #42").value());
  EXPECT_NE(id, message_id_of("deploy #43").value());
  EXPECT_LE(id.size(), 64u);
  EXPECT_EQ(message_id_of("").error().field, "Idempotency-Key");
  EXPECT_EQ(message_id_of(std::string(256, 'x')).error().code, ErrorCode::invalid_argument);
}

TEST(IntegrationRulesTest, ListsOfWords) {
  for (const Words& words : {Words{}, Words{"a"}, Words{"a", "b.c", "::1/64"}}) {
    EXPECT_EQ(split_words(join_words(words)), words);
  }
}

}  // namespace
}  // namespace hongyan::integration
