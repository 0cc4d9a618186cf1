#include "domain/integration/service.h"

#include <gtest/gtest.h>

#include "domain/integration/testing/world.h"

namespace hongyan::integration {
namespace {

using Words = std::vector<std::string>;

class IntegrationTest : public testing::World {};

TEST_F(IntegrationTest, AKeySpeaksForItsBotWithinItsScopes) {
  const auto fresh = new_key({"billing", {"message.send"}}).value();
  EXPECT_TRUE(fresh.secret.starts_with("hyk_"));
  const KeyIdentity identity = authenticate(fresh.secret).value();
  EXPECT_EQ(identity.key, fresh.made.id);
  EXPECT_EQ(identity.user, fresh.made.user);
  EXPECT_EQ(identity.scopes, Words{"message.send"});
  const auto cards = run(bots_.store.cards({identity.user}, soon())).value();
  ASSERT_EQ(cards.size(), 1u);
  EXPECT_TRUE(cards.front().bot);
  EXPECT_EQ(cards.front().nickname, "billing");
  EXPECT_EQ(cards.front().username, fresh.made.username);
}

TEST_F(IntegrationTest, WhatIsNoKeyIsRefused) {
  const std::string secret = new_key({"billing", {"message.send"}}).value().secret;
  const auto hook = new_hook({kGroup, "CI"}).value();
  for (const std::string& wrong : {std::string(), std::string("hyk_"), secret + "x", "hyk_" + std::string(43, 'A'),
                                   secret.substr(4), hook.secret}) {
    EXPECT_EQ(code(authenticate(wrong)), ErrorCode::unauthenticated) << wrong;
  }
}

TEST_F(IntegrationTest, ARevokedKeyStopsAtOnceAndForGood) {
  const auto fresh = new_key({"billing", {"message.send"}}).value();
  const auto other = new_key({"shop", {"message.send"}}).value();
  EXPECT_TRUE(authenticate(fresh.secret));
  EXPECT_TRUE(run(admin_.revoke_key(fresh.made.id, soon())));
  EXPECT_EQ(code(authenticate(fresh.secret)), ErrorCode::token_revoked);
  const TimeMs when = run(admin_.keys(soon())).value().back().revoked.value();
  clock_.advance(std::chrono::hours(1));
  EXPECT_TRUE(run(admin_.revoke_key(fresh.made.id, soon()))) << "a repeat is harmless";
  EXPECT_EQ(run(admin_.keys(soon())).value().back().revoked, when);
  EXPECT_TRUE(authenticate(other.secret));
  EXPECT_EQ(code(run(admin_.revoke_key(ApiKeyId(99), soon()))), ErrorCode::not_found);
}

TEST_F(IntegrationTest, AKeyIsGoodFromItsNetworksAlone) {
  const auto fresh = new_key({"billing", {"message.send"}, {"10.0.0.0/8", "2001:db8::/32"}}).value();
  EXPECT_TRUE(authenticate(fresh.secret, "10.9.9.9"));
  EXPECT_TRUE(authenticate(fresh.secret, "2001:db8::1"));
  EXPECT_EQ(code(authenticate(fresh.secret, "192.0.2.1")), ErrorCode::permission_denied);
}

TEST_F(IntegrationTest, WhenAKeyWasUsedIsKeptCoarsely) {
  const auto fresh = new_key({"billing", {"message.send"}}).value();
  const auto used = [&] { return run(admin_.keys(soon())).value().front().used; };
  EXPECT_EQ(used(), TimeMs(0));
  EXPECT_TRUE(authenticate(fresh.secret));
  const TimeMs first = used();
  EXPECT_EQ(first, clock_.now());
  clock_.advance(std::chrono::seconds(59));
  EXPECT_TRUE(authenticate(fresh.secret));
  EXPECT_EQ(used(), first);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(authenticate(fresh.secret));
  EXPECT_EQ(used(), clock_.now());
}

TEST_F(IntegrationTest, AKeyOfADisabledBotIsRefused) {
  const auto fresh = new_key({"billing", {"message.send"}}).value();
  EXPECT_TRUE(run(bots_.store.set_enabled(fresh.made.user, false, [] {}, soon())));
  EXPECT_EQ(code(authenticate(fresh.secret)), ErrorCode::account_disabled);
}

TEST_F(IntegrationTest, SeveralKeysActAsOneBotAndNoneAsAPerson) {
  const auto first = new_key({"billing", {"message.send"}, {}, "billing"}).value();
  EXPECT_EQ(first.made.username, "billing");
  accounts_.add(UserId(50), true, "alice");
  accounts_.add_bot(first.made.user, "billing");
  const auto second = new_key({"billing 2", {"user.create"}, {}, "billing"}).value();
  EXPECT_EQ(second.made.user, first.made.user);
  EXPECT_EQ(new_key({"x", {"message.send"}, {}, "alice"}).error().field, "as");
  EXPECT_EQ(new_key({"x", {"message.send"}, {}, "no name!"}).error().code, ErrorCode::invalid_argument);
}

TEST_F(IntegrationTest, WishesAreChecked) {
  EXPECT_EQ(new_key({"", {"message.send"}}).error().field, "name");
  EXPECT_EQ(new_key({"x", {"user.me"}}).error().field, "scopes");
  EXPECT_EQ(new_key({"x", {}}).error().field, "scopes");
  EXPECT_EQ(new_key({"x", {"message.send"}, {"here"}}).error().field, "networks");
  EXPECT_EQ(new_hook({kGroup, std::string(65, 'x')}).error().field, "name");
  EXPECT_EQ(new_hook({kGroup, "x", {"here"}}).error().field, "networks");
  EXPECT_EQ(code(new_hook({ConversationId(99), "x"})), ErrorCode::not_found);
  EXPECT_TRUE(run(admin_.hooks(soon())).value().empty());
}

TEST_F(IntegrationTest, AHookComesIntoTheGroupAsAMember) {
  const auto fresh = new_hook({kGroup, "Grafana"}).value();
  EXPECT_TRUE(fresh.secret.starts_with("hyh_"));
  const auto place_of_bot = place(fresh.made.user);
  ASSERT_TRUE(place_of_bot);
  EXPECT_FALSE(place_of_bot->former);
  const auto told = lines();
  EXPECT_EQ(told.back().line.code, "member_joined");
  EXPECT_EQ(told.back().line.join, std::vector{fresh.made.user});
  EXPECT_EQ(lines_waited_for_.awaited.size(), 1u);
  const HookTarget target = find(fresh.secret).value();
  EXPECT_EQ(target.group, kGroup);
  EXPECT_EQ(target.user, fresh.made.user);

  EXPECT_EQ(code(new_hook({kGroup, "one too many"})), ErrorCode::group_full);
  EXPECT_EQ(run(admin_.hooks(soon())).value().size(), 1u) << "neither the hook nor its bot are left behind";
}

TEST_F(IntegrationTest, ARevokedHookIsUnknownAndItsBotLeaves) {
  const auto fresh = new_hook({kGroup, "Grafana"}).value();
  EXPECT_TRUE(run(admin_.revoke_hook(fresh.made.id, soon())));
  EXPECT_EQ(code(find(fresh.secret)), ErrorCode::not_found);
  EXPECT_EQ(leaves_.left, (std::vector{std::pair(kGroup, fresh.made.user)}));
  leaves_.refusal = ErrorCode::not_member;
  EXPECT_TRUE(run(admin_.revoke_hook(fresh.made.id, soon()))) << "it may have been removed before";
  leaves_.refusal = ErrorCode::unavailable;
  EXPECT_EQ(code(run(admin_.revoke_hook(fresh.made.id, soon()))), ErrorCode::unavailable);
  EXPECT_EQ(code(run(admin_.revoke_hook(HookId(99), soon()))), ErrorCode::not_found);
}

TEST_F(IntegrationTest, AHookIsFoundByItsTokenFromItsNetworks) {
  const auto fresh = new_hook({kGroup, "Grafana", {"2001:db8::/32"}}).value();
  EXPECT_TRUE(find(fresh.secret, "2001:db8::1"));
  EXPECT_EQ(code(find(fresh.secret, "2001:db9::1")), ErrorCode::permission_denied);
  const std::string key = new_key({"billing", {"message.send"}}).value().secret;
  for (const std::string& wrong : {std::string(), key, fresh.secret + "/x", "hyh_" + std::string(43, 'A')}) {
    EXPECT_EQ(code(find(wrong, "2001:db8::1")), ErrorCode::not_found) << wrong;
  }
}

TEST_F(IntegrationTest, WhatIsPostedIsAMessageOfTheBot) {
  const auto fresh = new_hook({kGroup, "Grafana"}).value();
  const HookTarget target = find(fresh.secret).value();
  const auto post = [&](std::string text, std::string key = {}) {
    return run(service_.post(target, {"application/json", R"({"text": ")" + text + R"("})", std::move(key)}, soon()));
  };
  EXPECT_TRUE(post("one"));
  EXPECT_TRUE(post("two", "deploy 42"));
  EXPECT_TRUE(post("two", "deploy 42"));
  EXPECT_TRUE(post(std::string(5000, 'x')));
  ASSERT_EQ(messages_.sent.size(), 4u);
  const auto& [sender, request] = messages_.sent.front();
  EXPECT_EQ(sender, fresh.made.user);
  EXPECT_EQ(request.conversation, kGroup);
  EXPECT_EQ(request.content.text().text(), "one");
  EXPECT_NE(messages_.sent[0].second.client_msg_id, messages_.sent[3].second.client_msg_id);
  EXPECT_EQ(messages_.sent[1].second.client_msg_id, messages_.sent[2].second.client_msg_id);
  EXPECT_LE(messages_.sent[3].second.content.ByteSizeLong(), messages_.max_content_bytes());
  EXPECT_EQ(code(post("")), ErrorCode::invalid_argument);
  EXPECT_EQ(post("x", std::string(300, 'k')).error().field, "Idempotency-Key");
}

}  // namespace
}  // namespace hongyan::integration
