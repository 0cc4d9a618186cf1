#include "domain/account/profile_service.h"

#include <map>
#include <utility>

#include "base/text.h"
#include "domain/account/rules.h"

namespace hongyan::account {
namespace {

// What may stand in a field.
struct FieldRule {
  std::string_view field;
  std::size_t min;
  std::size_t max;
};

Result<void> check_field(const text::Words& words, std::optional<std::string>& value, const FieldRule& rule) {
  if (!value) return {};
  HY_TRY(value, check_line(*value, rule.min, rule.max, rule.field));
  return text::refuse_words(words, *value, rule.field);
}

Result<void> check_change(const text::Words& words, ProfileChange& change) {
  HY_TRY(check_field(words, change.nickname, {"nickname", 1, kMaxNickname}));
  HY_TRY(check_field(words, change.signature, {"signature", 0, kMaxSignature}));
  HY_TRY(check_field(words, change.gender, {"gender", 0, kMaxGender}));
  HY_TRY(check_field(words, change.region, {"region", 0, kMaxRegion}));
  if (change.birthday) HY_TRY(check_birthday(*change.birthday));
  return {};
}

bool is_empty(const ProfileChange& change) {
  return !change.nickname && !change.signature && !change.gender && !change.region && !change.birthday;
}

}  // namespace

async::Task<Result<User>> ProfileService::me(UserId user, async::Deadline deadline) {
  return users_.find(user, deadline);
}

async::Task<Result<User>> ProfileService::update(UserId user, ProfileChange change, async::Deadline deadline) {
  HY_CO_TRY(check_change(words_, change));
  if (is_empty(change)) co_return co_await users_.find(user, deadline);
  co_return co_await users_.update_profile(user, std::move(change), deadline);
}

async::Task<Result<UserCard>> ProfileService::get(UserId user, async::Deadline deadline) {
  HY_CO_TRY(auto cards, co_await users_.cards({user}, deadline));
  if (cards.empty()) co_return fail(ErrorCode::not_found, "no such user");
  co_return std::move(cards.front());
}

async::Task<Result<std::vector<UserCard>>> ProfileService::batch(std::vector<UserId> users, KnownVersions known,
                                                                 async::Deadline deadline) {
  if (users.size() > kMaxBatch) co_return fail(Error::invalid("user_ids", "at most 100"));
  HY_CO_TRY(auto cards, co_await users_.cards(users, deadline));
  std::map<UserId, UserCard> by_id;
  for (UserCard& card : cards) by_id.emplace(card.user_id, std::move(card));
  std::vector<UserCard> changed;
  for (const UserId user : users) {
    auto found = by_id.extract(user);
    if (!found) continue;
    const auto held = known.find(user);
    if (held == known.end() || held->second != found.mapped().version) changed.push_back(std::move(found.mapped()));
  }
  co_return changed;
}

}  // namespace hongyan::account
