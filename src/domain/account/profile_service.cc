#include "domain/account/profile_service.h"

#include <map>
#include <utility>

#include "base/text.h"
#include "domain/account/rules.h"

namespace hongyan::account {
namespace {

Result<void> check_field(std::optional<std::string>& value, std::size_t min, std::size_t max, std::string_view field) {
  if (!value) return {};
  HY_TRY(value, check_line(*value, min, max, field));
  return {};
}

Result<void> check_change(ProfileChange& change) {
  HY_TRY(check_field(change.nickname, 1, kMaxNickname, "nickname"));
  HY_TRY(check_field(change.signature, 0, kMaxSignature, "signature"));
  HY_TRY(check_field(change.gender, 0, kMaxGender, "gender"));
  HY_TRY(check_field(change.region, 0, kMaxRegion, "region"));
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
  HY_CO_TRY(check_change(change));
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
