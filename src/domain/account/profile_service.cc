#include "domain/account/profile_service.h"

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

async::Task<Result<std::optional<UserCard>>> ProfileService::search(std::string username, async::Deadline deadline) {
  const auto folded = fold_username(username);
  if (!folded) co_return std::optional<UserCard>();
  HY_CO_TRY(auto found, co_await users_.credentials(*folded, std::nullopt, deadline));
  if (!found || !found->user.card.enabled) co_return std::optional<UserCard>();
  HY_CO_TRY(const auto settings, co_await settings_.find(found->user.card.user_id, deadline));
  // Nobody is a contact yet, so who lets contacts find them is found by nobody.
  if (settings.find_me != v1::AUDIENCE_EVERYONE) co_return std::optional<UserCard>();
  co_return std::optional(std::move(found->user.card));
}

}  // namespace hongyan::account
