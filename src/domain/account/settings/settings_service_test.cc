#include "domain/account/settings/settings_service.h"

#include "domain/account/testing/world.h"

namespace hongyan::account {
namespace {

class SettingsTest : public testing::World {
 protected:
  Result<Settings> update(UserId user, const SettingsChange& change) {
    return run(parts_.settings.update(user, change, soon()));
  }
  // A change of the fields that `fill` sets.
  Result<Settings> update(UserId user, void (*fill)(SettingsChange&)) {
    SettingsChange change;
    fill(change);
    return update(user, change);
  }
  Result<Settings> set_receipts(UserId user, bool on) {
    SettingsChange change;
    change.read_receipts = on;
    return update(user, change);
  }
  Result<Settings> set_find_me(UserId user, Audience audience) {
    SettingsChange change;
    change.find_me = audience;
    return update(user, change);
  }
  // By both ways of asking.
  Settings known(UserId user) {
    const Settings looked_up = run(parts_.privacy.look_up({user}, soon())).value().front();
    EXPECT_EQ(looked_up, parts_.privacy.of(std::span(&user, 1)).value().front());
    return looked_up;
  }
  std::vector<VersionedEvent> events(UserId user) {
    return run(parts_.events.since(user, UserVersion(0), soon())).value().events;
  }
};

TEST_F(SettingsTest, WhoNeverChoseHasTheDefaults) {
  const UserId alice = registered("alice").user.card.user_id;
  EXPECT_EQ(run(parts_.settings.get(alice, soon())).value(), Settings());
  EXPECT_EQ(known(alice), Settings());
  EXPECT_EQ(known(UserId(1)), Settings()) << "nobody of that id";
  EXPECT_TRUE(events(alice).empty());
}

TEST_F(SettingsTest, AbsentFieldsStayAndTheDevicesAreTold) {
  const UserId alice = registered("alice").user.card.user_id;
  ASSERT_TRUE(update(alice, [](SettingsChange& change) {
    change.find_me = v1::AUDIENCE_NOBODY;
    change.read_receipts = false;
    change.notify_preview = false;
  }));
  const auto second = [](SettingsChange& change) {
    change.see_last_seen = v1::AUDIENCE_CONTACTS;
    change.notify = false;
  };
  const Settings after = update(alice, second).value();
  const Settings expected{.find_me = v1::AUDIENCE_NOBODY,
                          .see_last_seen = v1::AUDIENCE_CONTACTS,
                          .read_receipts = false,
                          .notify = false,
                          .notify_preview = false};
  EXPECT_EQ(after, expected);
  EXPECT_EQ(run(parts_.settings.get(alice, soon())).value(), expected);
  const auto told = events(alice);
  ASSERT_EQ(told.size(), 1u) << "the newer state takes the place of the older";
  EXPECT_EQ(told[0].version, UserVersion(2));
  EXPECT_EQ(told[0].event, (UserEvent{alice, "settings", "", to_proto(expected).SerializeAsString()}));
}

TEST_F(SettingsTest, WhatChangesNothingIsNotTold) {
  const UserId alice = registered("alice").user.card.user_id;
  EXPECT_EQ(update(alice, SettingsChange()).value(), Settings());
  EXPECT_EQ(set_receipts(alice, true).value(), Settings());
  EXPECT_TRUE(events(alice).empty());
}

TEST_F(SettingsTest, AChangeHoldsFromWhenItIsAnswered) {
  const UserId alice = registered("alice").user.card.user_id;
  const UserId bob = registered("bobby").user.card.user_id;
  EXPECT_TRUE(known(alice).read_receipts);
  for (const bool on : {false, true, false}) {
    ASSERT_TRUE(set_receipts(alice, on));
    EXPECT_EQ(known(alice).read_receipts, on);
    EXPECT_EQ(known(alice).read_receipts, on) << "from memory";
  }
  const auto both = parts_.privacy.of(std::vector{bob, alice, bob}).value();
  EXPECT_EQ((std::vector{both[0].read_receipts, both[1].read_receipts, both[2].read_receipts}),
            (std::vector{true, false, true}));
}

TEST_F(SettingsTest, MoreUsersThanOneStatementTakes) {
  const UserId alice = registered("alice").user.card.user_id;
  ASSERT_TRUE(set_receipts(alice, false));
  std::vector<UserId> many;
  for (std::uint64_t id = 1; id <= 2500; ++id) many.emplace_back(id);
  many.push_back(alice);
  ASSERT_EQ(run(parts_.stored_settings.find_all(many, soon())).value().size(), many.size());
  const auto settings = parts_.privacy.of(many).value();
  EXPECT_EQ(settings.size(), many.size());
  EXPECT_EQ(std::ranges::count(settings, false, &Settings::read_receipts), 1);
  EXPECT_FALSE(settings.back().read_receipts);
}

TEST_F(SettingsTest, AnAudienceWithoutANameIsRefusedAndNamed) {
  const UserId alice = registered("alice").user.card.user_id;
  EXPECT_EQ(set_find_me(alice, v1::AUDIENCE_UNSPECIFIED).error().field, "find_me");
  EXPECT_EQ(update(alice, [](SettingsChange& change) { change.add_me = v1::AUDIENCE_UNSPECIFIED; }).error().field,
            "add_me");
  EXPECT_EQ(
      update(alice, [](SettingsChange& change) { change.see_last_seen = v1::AUDIENCE_UNSPECIFIED; }).error().field,
      "see_last_seen");
  EXPECT_EQ(run(parts_.settings.get(alice, soon())).value(), Settings());
}

// Reads, and while it does something else is committed.
class SlowStore final : public SettingsStore {
 public:
  async::Task<Result<Settings>> find(UserId, async::Deadline) override { co_return stored; }
  async::Task<Result<std::vector<Settings>>> find_all(std::vector<UserId> users, async::Deadline) override {
    co_return find_now(users);
  }
  Result<std::vector<Settings>> find_now(std::span<const UserId> users) override {
    std::vector<Settings> read(users.size(), stored);
    if (meanwhile) std::exchange(meanwhile, {})();
    ++reads;
    return read;
  }
  async::Task<Result<Settings>> update(UserId, SettingsChange, AfterCommit<>, async::Deadline) override {
    co_return stored;
  }

  Settings stored;
  std::function<void()> meanwhile;
  int reads = 0;
};

TEST(PrivacyCache, KeepsNothingThatMayBeOlderThanAChange) {
  SlowStore store;
  PrivacyCache cache(store, 2);
  const UserId alice(1);
  const auto known = [&] { return cache.of(std::span(&alice, 1)).value().front().read_receipts; };
  store.meanwhile = [&] {
    store.stored.read_receipts = false;
    cache.drop(alice);
  };
  EXPECT_TRUE(known()) << "what held when the question was asked";
  EXPECT_FALSE(known());
  EXPECT_FALSE(known());
  EXPECT_EQ(store.reads, 2) << "asked for once, known from then on";
}

TEST(PrivacyCache, IsBounded) {
  SlowStore store;
  PrivacyCache cache(store, 2);
  for (const std::uint64_t id : {1, 2, 3, 1}) {
    const UserId user(id);
    ASSERT_TRUE(cache.of(std::span(&user, 1)));
  }
  EXPECT_EQ(store.reads, 4) << "the first had to make room";
}

}  // namespace
}  // namespace hongyan::account
