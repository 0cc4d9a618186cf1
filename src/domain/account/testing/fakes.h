// What other slices know of accounts, by heart, for their tests.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "domain/account/api.h"
#include "domain/account/events.h"

namespace hongyan::account::testing {

// Keeps every event. Thread-safe.
class NotedEvents final : public UserEvents {
 public:
  void set_listener(UserEventListener&) override {}
  Result<void> append(sql::Transaction&, std::vector<UserEvent> events) override {
    note(std::move(events));
    return {};
  }
  async::Task<Result<void>> record(std::vector<UserEvent> events, async::Deadline) override {
    if (meanwhile_) std::exchange(meanwhile_, {})();
    note(std::move(events));
    co_return Result<void>();
  }
  Result<UserVersion> version_in(sql::Session&, UserId user) override {
    const std::lock_guard lock(mutex_);
    return versions_[user];
  }
  async::Task<Result<UserEventPage>> since(UserId, UserVersion, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented, "not kept by user");
  }

  // Those since the last call.
  std::vector<UserEvent> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(all_, {});
  }

  // Happens once, before the next record() notes anything.
  void meanwhile(std::function<void()> happens) { meanwhile_ = std::move(happens); }

 private:
  void note(std::vector<UserEvent> events) {
    const std::lock_guard lock(mutex_);
    for (UserEvent& event : events) {
      ++versions_[event.user].value;
      all_.push_back(std::move(event));
    }
  }

  std::function<void()> meanwhile_;
  std::mutex mutex_;
  std::vector<UserEvent> all_;
  std::map<UserId, UserVersion> versions_;
};

// Knows the users it was told of; has no tokens and no administration. Thread-safe.
class FakeAccounts final : public Api {
 public:
  void add(UserId user, bool enabled = true, std::string username = {}) {
    const std::lock_guard lock(mutex_);
    UserCard& card = cards_[user];
    card.user_id = user;
    card.enabled = enabled;
    card.username = std::move(username);
  }
  void add_bot(UserId user, std::string username = {}) {
    add(user, true, std::move(username));
    const std::lock_guard lock(mutex_);
    cards_[user].bot = true;
  }

  async::Task<Result<std::vector<UserCard>>> users(std::vector<UserId> users, async::Deadline) override {
    co_return found(users);
  }
  Result<std::vector<UserCard>> users_in(sql::Session&, std::span<const UserId> users) override { return found(users); }

  async::Task<Result<std::optional<UserCard>>> named(std::string username, async::Deadline) override {
    const std::lock_guard lock(mutex_);
    for (const auto& [user, card] : cards_) {
      if (card.username == username) co_return card;
    }
    co_return std::nullopt;
  }
  // By the username: the fake has no nicknames.
  async::Task<Result<std::vector<UserCard>>> sounding_like(std::string text, std::size_t limit,
                                                           async::Deadline) override {
    const std::lock_guard lock(mutex_);
    std::vector<UserCard> cards;
    for (const auto& [user, card] : cards_) {
      if (card.enabled && card.username.starts_with(text) && cards.size() < limit) cards.push_back(card);
    }
    co_return cards;
  }
  async::Task<Result<Identity>> authenticate(std::string, async::Deadline) override { co_return refused(); }
  async::Task<Result<bool>> still_valid(UserId, DeviceId, async::Deadline) override { co_return refused(); }
  void seen(DeviceId, std::string) override {}
  async::Task<Result<CreatedUser>> create_user(NewUser, async::Deadline) override { co_return refused(); }
  async::Task<Result<std::string>> reset_password(std::string, async::Deadline) override { co_return refused(); }
  async::Task<Result<void>> disable_user(std::string, async::Deadline) override { co_return refused(); }
  async::Task<Result<void>> enable_user(std::string, async::Deadline) override { co_return refused(); }
  Result<std::optional<std::string>> ensure_initial_admin() override { return refused(); }

 private:
  static std::unexpected<Error> refused() { return fail(ErrorCode::unimplemented, "not part of the fake"); }
  std::vector<UserCard> found(std::span<const UserId> users) {
    const std::lock_guard lock(mutex_);
    std::vector<UserCard> cards;
    for (const UserId user : users) {
      if (const auto card = cards_.find(user); card != cards_.end()) cards.push_back(card->second);
    }
    return cards;
  }

  std::mutex mutex_;
  std::map<UserId, UserCard> cards_;
};

// Settings by heart. Thread-safe.
class FakePrivacy final : public Privacy {
 public:
  void set(UserId user, Settings settings) {
    const std::lock_guard lock(mutex_);
    settings_[user] = settings;
  }
  void hide_receipts(UserId user, bool hide = true) { set(user, {.read_receipts = !hide}); }
  // From now on nothing can be learned.
  void fail_all(bool failing = true) {
    const std::lock_guard lock(mutex_);
    failing_ = failing;
  }

  Result<std::vector<Settings>> of(std::span<const UserId> users) override {
    const std::lock_guard lock(mutex_);
    if (failing_) return fail(ErrorCode::unavailable, "injected");
    std::vector<Settings> settings;
    for (const UserId user : users) {
      const auto found = settings_.find(user);
      settings.push_back(found == settings_.end() ? Settings() : found->second);
    }
    return settings;
  }
  async::Task<Result<std::vector<Settings>>> look_up(std::vector<UserId> users, async::Deadline) override {
    co_return of(users);
  }

 private:
  std::mutex mutex_;
  std::map<UserId, Settings> settings_;
  bool failing_ = false;
};

}  // namespace hongyan::account::testing
