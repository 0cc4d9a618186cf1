#include "domain/integration/admin_service.h"

#include <fmt/format.h>

#include "base/text.h"
#include "domain/integration/rules.h"
#include "infra/async/announcement.h"
#include "infra/crypto/hash.h"
#include "infra/log/log.h"

namespace hongyan::integration {
namespace {

// How long the line that tells of a new hook is waited for: it follows in any case.
constexpr std::chrono::milliseconds kLinePatience{2'000};

std::string secret_with(std::string_view prefix, crypto::RandomSource& random) {
  return fmt::format("{}{}", prefix, crypto::random_token(random));
}

// Nobody types it, so it only has to be there once.
std::string made_up_username(UserId user) { return fmt::format("bot_{:x}", user.value); }

}  // namespace

async::Task<Result<Fresh<ApiKey>>> AdminService::create_key(ApiKeyWish wish, async::Deadline deadline) {
  ApiKey key;
  HY_CO_TRY(key.name, check_line(wish.name, 1, kMaxName, "name"));
  HY_CO_TRY(key.scopes, check_scopes(wish.scopes, ports_.scopes));
  HY_CO_TRY(check_networks(wish.networks));
  key.networks = std::move(wish.networks);
  key.created = ports_.clock.now();
  HY_CO_TRY(const std::uint64_t id, ports_.ids.next());
  key.id = ApiKeyId(id);
  HY_CO_TRY(const auto bot, co_await bot_named(wish.as, deadline));
  NewApiKey fresh;
  if (bot) {
    key.user = bot->user_id;
    key.username = bot->username;
  } else {
    HY_CO_TRY(const std::uint64_t user, ports_.ids.next());
    key.user = UserId(user);
    key.username = wish.as.empty() ? made_up_username(key.user) : wish.as;
    fresh.bot = account::NewBot{key.user, key.username, key.name, key.created};
  }
  const std::string secret = secret_with(kKeyPrefix, ports_.random);
  fresh.key = key;
  fresh.secret_hash = crypto::sha256_text(secret);
  HY_CO_TRY(co_await ports_.store.add_key(std::move(fresh), deadline));
  log::info("api_key_created", {{"key", key.id}, {"user", key.user}});
  co_return Fresh<ApiKey>{std::move(key), secret};
}

// The bot of this name, nothing when there is none yet. A key never acts as a person.
async::Task<Result<std::optional<account::UserCard>>> AdminService::bot_named(std::string username,
                                                                              async::Deadline deadline) {
  if (username.empty()) co_return std::optional<account::UserCard>();
  HY_CO_TRY(auto found, co_await ports_.accounts.named(std::move(username), deadline));
  if (found && !found->bot) co_return fail(Error::invalid("as", "the account of a person"));
  co_return found;
}

async::Task<Result<std::vector<ApiKey>>> AdminService::keys(async::Deadline deadline) {
  return ports_.store.keys(kMaxListed, deadline);
}

async::Task<Result<void>> AdminService::revoke_key(ApiKeyId key, async::Deadline deadline) {
  HY_CO_TRY(co_await ports_.store.revoke_key(key, ports_.clock.now(), deadline));
  log::info("api_key_revoked", {{"key", key}});
  co_return Result<void>();
}

async::Task<Result<Fresh<Hook>>> AdminService::create_hook(HookWish wish, async::Deadline deadline) {
  Hook hook;
  HY_CO_TRY(hook.name, check_line(wish.name, 1, kMaxName, "name"));
  HY_CO_TRY(check_networks(wish.networks));
  hook.networks = std::move(wish.networks);
  hook.group = wish.group;
  hook.created = ports_.clock.now();
  HY_CO_TRY(const std::uint64_t id, ports_.ids.next());
  HY_CO_TRY(const std::uint64_t user, ports_.ids.next());
  hook.id = HookId(id);
  hook.user = UserId(user);
  const std::string secret = secret_with(kHookPrefix, ports_.random);
  NewHook fresh{hook,
                crypto::sha256_text(secret),
                {hook.user, made_up_username(hook.user), hook.name, hook.created},
                ports_.max_members};
  async::Announcement bumped(co_await async::this_loop(), deadline);
  auto after_commit = [this, group = hook.group, done = bumped.announce()]() mutable {
    ports_.directs.committed(group, std::move(done));
  };
  HY_CO_TRY(const auto line, co_await ports_.store.add_hook(std::move(fresh), std::move(after_commit), deadline));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  (void)co_await ports_.outbox.settled(line, std::min(deadline, async::deadline_in(kLinePatience)));
  log::info("hook_created", {{"hook", hook.id}, {"group", hook.group}});
  co_return Fresh<Hook>{std::move(hook), secret};
}

async::Task<Result<std::vector<Hook>>> AdminService::hooks(async::Deadline deadline) {
  return ports_.store.hooks(kMaxListed, deadline);
}

async::Task<Result<void>> AdminService::revoke_hook(HookId id, async::Deadline deadline) {
  HY_CO_TRY(const Hook hook, co_await ports_.store.revoke_hook(id, ports_.clock.now(), deadline));
  log::info("hook_revoked", {{"hook", id}});
  // It may have been removed before.
  const auto left = co_await ports_.groups.leave(hook.group, hook.user, deadline);
  if (!left && left.error().code != ErrorCode::not_member) co_return std::unexpected(left.error());
  co_return Result<void>();
}

}  // namespace hongyan::integration
