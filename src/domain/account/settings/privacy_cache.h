// The settings of users who were asked for lately, so that showing or hiding something costs no SQL.
#pragma once

#include <mutex>
#include <span>
#include <vector>

#include "base/lru.h"
#include "domain/account/api.h"
#include "domain/account/store.h"

namespace hongyan::account {

// Bounded; a user is dropped right after the commit of a change. Thread-safe. Owned by Module; the store must outlive it.
class PrivacyCache final : public Privacy {
 public:
  PrivacyCache(SettingsStore& store, std::size_t users) : store_(store), by_user_(users) {}

  Result<std::vector<Settings>> of(std::span<const UserId> users) override;
  async::Task<Result<std::vector<Settings>>> look_up(std::vector<UserId> users, async::Deadline deadline) override;

  // Call it right after the commit of the change.
  void drop(UserId user);

 private:
  // What is known of some users, and who is missing: whose place in the answer is which.
  struct Question {
    std::vector<Settings> settings;
    std::vector<UserId> missing;
    std::vector<std::size_t> places;
    std::uint64_t drops = 0;
  };
  Question ask(std::span<const UserId> users);
  // Keeps what was read of those who were missing.
  std::vector<Settings> answer(Question question, const std::vector<Settings>& stored);

  SettingsStore& store_;
  std::mutex mutex_;
  // How often anything was dropped: what was read before a drop may be older than it.
  std::uint64_t drops_ = 0;
  BoundedLru<UserId, Settings> by_user_;
};

}  // namespace hongyan::account
