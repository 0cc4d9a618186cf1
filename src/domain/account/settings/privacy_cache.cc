#include "domain/account/settings/privacy_cache.h"

#include <utility>

namespace hongyan::account {

Result<std::vector<Settings>> PrivacyCache::of(std::span<const UserId> users) {
  Question question = ask(users);
  if (question.missing.empty()) return std::move(question.settings);
  HY_TRY(const auto stored, store_.find_now(question.missing));
  return answer(std::move(question), stored);
}

async::Task<Result<std::vector<Settings>>> PrivacyCache::look_up(std::vector<UserId> users, async::Deadline deadline) {
  Question question = ask(users);
  if (question.missing.empty()) co_return std::move(question.settings);
  HY_CO_TRY(const auto stored, co_await store_.find_all(question.missing, deadline));
  co_return answer(std::move(question), stored);
}

PrivacyCache::Question PrivacyCache::ask(std::span<const UserId> users) {
  Question question;
  question.settings.resize(users.size());
  const std::lock_guard lock(mutex_);
  question.drops = drops_;
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (const Settings* known = by_user_.find(users[i])) {
      question.settings[i] = *known;
    } else {
      question.missing.push_back(users[i]);
      question.places.push_back(i);
    }
  }
  return question;
}

std::vector<Settings> PrivacyCache::answer(Question question, const std::vector<Settings>& stored) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < question.missing.size(); ++i) {
    question.settings[question.places[i]] = stored[i];
    if (question.drops == drops_) by_user_.put(question.missing[i], stored[i]);
  }
  return std::move(question.settings);
}

void PrivacyCache::drop(UserId user) {
  const std::lock_guard lock(mutex_);
  ++drops_;
  by_user_.erase(user);
}

}  // namespace hongyan::account
