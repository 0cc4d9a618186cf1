#include "domain/integration/sql_store.h"

#include <fmt/format.h>

#include "domain/integration/rules.h"

namespace hongyan::integration {
namespace {

using sql::Session;
using sql::Transaction;

// `where` goes on after the tables.
template <class... Args>
Result<std::vector<ApiKey>> select_keys(Session& session, std::string_view where, Args... args) {
  HY_TRY(const auto rows,
         (session.query<ApiKeyId, std::string, UserId, std::string, bool, std::string, std::string, TimeMs, TimeMs,
                        std::optional<TimeMs>>(
             fmt::format("SELECT k.key_id, k.name, k.user_id, u.username, u.enabled, k.scopes, k.networks,"
                         " k.created_ms, k.used_ms, k.revoked_ms FROM api_keys k JOIN users u ON u.user_id = k.user_id"
                         " {}",
                         where),
             args...)));
  std::vector<ApiKey> keys;
  for (const auto& [id, name, user, username, enabled, scopes, networks, created, used, revoked] : rows) {
    keys.push_back(
        {id, name, user, username, split_words(scopes), split_words(networks), created, used, revoked, enabled});
  }
  return keys;
}

template <class... Args>
Result<std::vector<Hook>> select_hooks(Session& session, std::string_view where, Args... args) {
  HY_TRY(
      const auto rows,
      (session.query<HookId, ConversationId, UserId, std::string, std::string, TimeMs, TimeMs, std::optional<TimeMs>>(
          fmt::format("SELECT h.hook_id, h.group_id, h.user_id, u.nickname, h.networks, h.created_ms, h.used_ms,"
                      " h.revoked_ms FROM hooks h JOIN users u ON u.user_id = h.user_id {}",
                      where),
          args...)));
  std::vector<Hook> hooks;
  for (const auto& [id, group, user, name, networks, created, used, revoked] : rows) {
    hooks.push_back({id, group, user, name, split_words(networks), created, used, revoked});
  }
  return hooks;
}

template <class Item>
std::optional<Item> first(std::vector<Item> items) {
  return items.empty() ? std::nullopt : std::optional(std::move(items.front()));
}

}  // namespace

async::Task<Result<void>> SqlStore::add_key(NewApiKey fresh, async::Deadline deadline) {
  return database_.write(deadline, [this, fresh = std::move(fresh)](Transaction& transaction) -> Result<void> {
    if (fresh.bot) HY_TRY(bots_.create_in(transaction, *fresh.bot));
    const ApiKey& key = fresh.key;
    return transaction.insert_rows("api_keys",
                                   {"key_id", "name", "secret_hash", "user_id", "scopes", "networks", "created_ms"},
                                   {sql::values(key.id, key.name, fresh.secret_hash, key.user, join_words(key.scopes),
                                                join_words(key.networks), key.created)});
  });
}

async::Task<Result<std::optional<ApiKey>>> SqlStore::key_of(std::string secret_hash, async::Deadline deadline) {
  return database_.read(deadline, [hash = std::move(secret_hash)](Session& session) -> Result<std::optional<ApiKey>> {
    HY_TRY(auto found, select_keys(session, "WHERE k.secret_hash = :hash", hash));
    return first(std::move(found));
  });
}

async::Task<Result<std::vector<ApiKey>>> SqlStore::keys(std::int64_t limit, async::Deadline deadline) {
  return database_.read(deadline, [limit](Session& session) {
    return select_keys(session, "ORDER BY k.key_id DESC LIMIT :limit", limit);
  });
}

async::Task<Result<void>> SqlStore::touch_key(ApiKeyId key, TimeMs now, async::Deadline deadline) {
  return database_.write(deadline, [key, now](Transaction& transaction) -> Result<void> {
    HY_TRY(transaction.execute("UPDATE api_keys SET used_ms = :now WHERE key_id = :key AND used_ms < :later", now, key,
                               now));
    return {};
  });
}

async::Task<Result<void>> SqlStore::revoke_key(ApiKeyId key, TimeMs now, async::Deadline deadline) {
  return database_.write(deadline, [key, now](Transaction& transaction) -> Result<void> {
    HY_TRY(const auto found, select_keys(transaction, "WHERE k.key_id = :key", key));
    if (found.empty()) return fail(ErrorCode::not_found, "no such key");
    HY_TRY(transaction.execute("UPDATE api_keys SET revoked_ms = :now WHERE key_id = :key AND revoked_ms IS NULL", now,
                               key));
    return {};
  });
}

async::Task<Result<conversation::OutboxId>> SqlStore::add_hook(NewHook fresh, AfterCommit after_commit,
                                                               async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, fresh = std::move(fresh),
       after = std::move(after_commit)](Transaction& transaction) mutable -> Result<conversation::OutboxId> {
        transaction.after_commit(std::move(after));
        const Hook& hook = fresh.hook;
        HY_TRY(const auto group, groups_.group_in(transaction, hook.group));
        if (!group) return fail(ErrorCode::not_found, "no such group");
        HY_TRY(bots_.create_in(transaction, fresh.bot));
        HY_TRY(const auto change,
               groups_.join_in(transaction, {hook.group, hook.user, {}, fresh.max_members, hook.created}));
        HY_TRY(transaction.insert_rows(
            "hooks", {"hook_id", "secret_hash", "user_id", "group_id", "networks", "created_ms"},
            {sql::values(hook.id, fresh.secret_hash, hook.user, hook.group, join_words(hook.networks), hook.created)}));
        return change.line;
      });
}

async::Task<Result<std::optional<Hook>>> SqlStore::hook_of(std::string secret_hash, async::Deadline deadline) {
  return database_.read(deadline, [hash = std::move(secret_hash)](Session& session) -> Result<std::optional<Hook>> {
    HY_TRY(auto found, select_hooks(session, "WHERE h.secret_hash = :hash", hash));
    return first(std::move(found));
  });
}

async::Task<Result<std::vector<Hook>>> SqlStore::hooks(std::int64_t limit, async::Deadline deadline) {
  return database_.read(deadline, [limit](Session& session) {
    return select_hooks(session, "ORDER BY h.hook_id DESC LIMIT :limit", limit);
  });
}

async::Task<Result<void>> SqlStore::touch_hook(HookId hook, TimeMs now, async::Deadline deadline) {
  return database_.write(deadline, [hook, now](Transaction& transaction) -> Result<void> {
    HY_TRY(transaction.execute("UPDATE hooks SET used_ms = :now WHERE hook_id = :hook AND used_ms < :later", now, hook,
                               now));
    return {};
  });
}

async::Task<Result<Hook>> SqlStore::revoke_hook(HookId hook, TimeMs now, async::Deadline deadline) {
  return database_.write(deadline, [hook, now](Transaction& transaction) -> Result<Hook> {
    HY_TRY(auto found, select_hooks(transaction, "WHERE h.hook_id = :hook", hook));
    if (found.empty()) return fail(ErrorCode::not_found, "no such hook");
    HY_TRY(transaction.execute("UPDATE hooks SET revoked_ms = :now WHERE hook_id = :hook AND revoked_ms IS NULL", now,
                               hook));
    return std::move(found.front());
  });
}

}  // namespace hongyan::integration
