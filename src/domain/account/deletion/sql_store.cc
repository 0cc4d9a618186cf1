#include "domain/account/deletion/sql_store.h"

#include <fmt/format.h>

#include "domain/account/access/sql_store.h"
#include "domain/account/sql_store.h"

namespace hongyan::account {
namespace {

using sql::Transaction;

// Events of one step.
constexpr std::int64_t kEvents = 1000;

// Whether another administrator is there who is to stay.
Result<bool> has_other_admin(sql::Session& session, UserId user) {
  HY_TRY(const auto other, session.query_one<UserId>(
                               "SELECT user_id FROM users WHERE role = :role AND enabled = 1 AND deletes_at_ms IS NULL"
                               " AND user_id <> :user LIMIT 1",
                               v1::ACCOUNT_ROLE_ADMIN, user));
  return other.has_value();
}

// The devices with what is kept for them alone, and the settings.
Result<void> delete_own(Transaction& transaction, UserId user) {
  HY_TRY(transaction.execute(
      "DELETE FROM codes WHERE device_id IN (SELECT device_id FROM devices WHERE user_id = :user)", user));
  HY_TRY(transaction.execute(
      "DELETE FROM refresh_tokens WHERE device_id IN (SELECT device_id FROM devices WHERE user_id = :user)", user));
  HY_TRY(transaction.execute("DELETE FROM devices WHERE user_id = :user", user));
  HY_TRY(transaction.execute("DELETE FROM user_settings WHERE user_id = :user", user));
  return {};
}

// What somebody may still have asked for to what was the user's.
Result<void> delete_codes(Transaction& transaction, const User& user, const CodeSeal& seal) {
  for (const Target& target : {Target{v1::CODE_TARGET_EMAIL, user.email}, Target{v1::CODE_TARGET_PHONE, user.phone}}) {
    if (target.text.empty()) continue;
    HY_TRY(transaction.execute("DELETE FROM codes WHERE target_hash = :target", seal.target(target)));
  }
  return {};
}

// No username begins like this, so nobody has or finds it.
std::string name_of_nobody(UserId user) { return fmt::format("#{}", user.value); }

}  // namespace

Result<void> SqlDeletionStore::tell(Transaction& transaction, UserId user, std::optional<TimeMs> at) {
  v1::DeletionEvent state;
  if (at) state.set_deletes_at_ms(at->value);
  return events_.append(transaction, {{user, "deletion", "", state.SerializeAsString()}});
}

async::Task<Result<TimeMs>> SqlDeletionStore::schedule(UserId user, TimeMs at, TimeMs now, AfterCommit<> after_commit,
                                                       async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, user, at, now, hook = std::move(after_commit)](Transaction& transaction) mutable -> Result<TimeMs> {
        HY_TRY(const User before, require_user(transaction, user));
        if (before.card.deleted) return fail(ErrorCode::not_found, "no such user");
        if (before.role == v1::ACCOUNT_ROLE_ADMIN) {
          HY_TRY(const bool other, has_other_admin(transaction, user));
          if (!other) return fail(ErrorCode::permission_denied, "the only administrator stays");
        }
        const TimeMs when = before.deletes_at.value_or(at);
        HY_TRY(transaction.execute(
            "UPDATE users SET deletes_at_ms = :at, token_version = token_version + 1 WHERE user_id = :user", when,
            user));
        HY_TRY(revoke_devices(transaction, user, {}, now));
        if (!before.deletes_at) HY_TRY(tell(transaction, user, when));
        transaction.after_commit(std::move(hook));
        return when;
      });
}

async::Task<Result<User>> SqlDeletionStore::cancel(UserId user, async::Deadline deadline) {
  return database_.write(deadline, [this, user](Transaction& transaction) -> Result<User> {
    HY_TRY(User before, require_user(transaction, user));
    if (before.card.deleted) return fail(ErrorCode::not_found, "no such user");
    if (!before.deletes_at) return before;
    HY_TRY(transaction.execute("UPDATE users SET deletes_at_ms = NULL WHERE user_id = :user", user));
    HY_TRY(tell(transaction, user, std::nullopt));
    return require_user(transaction, user);
  });
}

async::Task<Result<std::vector<DueDeletion>>> SqlDeletionStore::due(TimeMs now, std::size_t limit,
                                                                    async::Deadline deadline) {
  return database_.read(deadline, [now, limit](sql::Session& session) -> Result<std::vector<DueDeletion>> {
    HY_TRY(const auto rows, (session.query<UserId, std::optional<TimeMs>>(
                                "SELECT user_id, deleted_ms FROM users WHERE deletes_at_ms <= :now"
                                " ORDER BY deletes_at_ms, user_id LIMIT :limit",
                                now, limit)));
    std::vector<DueDeletion> due;
    for (const auto& [user, scrubbed] : rows) due.push_back({user, scrubbed});
    return due;
  });
}

async::Task<Result<void>> SqlDeletionStore::scrub(UserId user, TimeMs now, AfterCommit<> after_commit,
                                                  async::Deadline deadline) {
  return database_.write(
      deadline, [this, user, now, hook = std::move(after_commit)](Transaction& transaction) mutable -> Result<void> {
        HY_TRY(const User before, require_user(transaction, user));
        if (before.card.deleted || !before.deletes_at || *before.deletes_at > now) return {};
        HY_TRY(delete_codes(transaction, before, codes_));
        HY_TRY(delete_own(transaction, user));
        HY_TRY(transaction.insert_rows("reserved_usernames", {"username_hash"},
                                       {sql::values(names_.of(before.card.username))}));
        HY_TRY(transaction.execute(
            "UPDATE users SET username = :nobody, password_hash = '', nickname = '', sort_key = '~', avatar = '',"
            " signature = '', gender = '', region = '', birthday = '', email = NULL, phone = NULL, role = :role,"
            " enabled = 0, must_change_password = 0, token_version = token_version + 1, version = version + 1,"
            " deleted = 1, deleted_ms = :now WHERE user_id = :user",
            name_of_nobody(user), v1::ACCOUNT_ROLE_USER, now, user));
        transaction.after_commit(std::move(hook));
        return {};
      });
}

async::Task<Result<bool>> SqlDeletionStore::drop_events(UserId user, async::Deadline deadline) {
  return database_.write(deadline, [user](Transaction& transaction) -> Result<bool> {
    // What was under way when the account went may have begun a session, or set something.
    HY_TRY(delete_own(transaction, user));
    HY_TRY(const auto rows,
           transaction.query<UserVersion>("SELECT version FROM user_events WHERE user_id = :user ORDER BY version"
                                          " LIMIT :most",
                                          user, kEvents));
    if (!rows.empty()) {
      HY_TRY(transaction.execute("DELETE FROM user_events WHERE user_id = :user AND version <= :last", user,
                                 std::get<0>(rows.back())));
    }
    if (std::ssize(rows) == kEvents) return false;
    // Without an event there is nothing that was counted.
    HY_TRY(transaction.execute("DELETE FROM user_versions WHERE user_id = :user", user));
    return true;
  });
}

async::Task<Result<void>> SqlDeletionStore::overwrite(async::Deadline deadline) { return database_.purge(deadline); }

async::Task<Result<void>> SqlDeletionStore::finish(UserId user, async::Deadline deadline) {
  return database_.write(deadline, [user](Transaction& transaction) -> Result<void> {
    HY_TRY(const User before, require_user(transaction, user));
    if (!before.card.deleted) return {};
    HY_TRY(transaction.execute("UPDATE users SET deletes_at_ms = NULL WHERE user_id = :user", user));
    return {};
  });
}

}  // namespace hongyan::account
