#include "domain/account/settings/sql_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace hongyan::account {
namespace {

using sql::Transaction;

// Users of one statement: databases bound its parameters.
constexpr std::size_t kMaxAsked = 1000;

// Adds those of the users who have chosen something.
Result<void> select_chosen(sql::Session& session, std::span<const UserId> users,
                           std::unordered_map<UserId, Settings>& chosen) {
  std::vector<sql::Value> parameters;
  for (const UserId user : users) parameters.push_back(sql::ValueOf<UserId>::bind(user));
  HY_TRY(const auto rows,
         (session.query_with<UserId, Audience, Audience, Audience, bool, bool, bool>(
             fmt::format("SELECT user_id, find_me, add_me, see_last_seen, read_receipts, notify, notify_preview"
                         " FROM user_settings WHERE user_id IN {}",
                         sql::placeholders(users.size())),
             parameters)));
  for (const auto& [user, find_me, add_me, last_seen, receipts, notify, preview] : rows) {
    chosen[user] = {find_me, add_me, last_seen, receipts, notify, preview};
  }
  return {};
}

// Of each user, in order.
Result<std::vector<Settings>> select_all(sql::Session& session, std::span<const UserId> users) {
  std::unordered_map<UserId, Settings> chosen;
  for (std::size_t begin = 0; begin < users.size(); begin += kMaxAsked) {
    HY_TRY(select_chosen(session, users.subspan(begin, std::min(kMaxAsked, users.size() - begin)), chosen));
  }
  std::vector<Settings> settings;
  for (const UserId user : users) settings.push_back(chosen[user]);
  return settings;
}

Result<Settings> select_settings(sql::Session& session, UserId user) {
  std::unordered_map<UserId, Settings> chosen;
  HY_TRY(select_chosen(session, std::span(&user, 1), chosen));
  return chosen[user];
}

}  // namespace

Result<void> replace_settings(Transaction& transaction, UserId user, const Settings& settings) {
  HY_TRY(transaction.execute("DELETE FROM user_settings WHERE user_id = :user", user));
  const std::vector<std::vector<sql::Value>> row{sql::values(user, settings.find_me, settings.add_me,
                                                             settings.see_last_seen, settings.read_receipts,
                                                             settings.notify, settings.notify_preview)};
  return transaction.insert_rows(
      "user_settings", {"user_id", "find_me", "add_me", "see_last_seen", "read_receipts", "notify", "notify_preview"},
      row);
}

async::Task<Result<Settings>> SqlSettingsStore::find(UserId user, async::Deadline deadline) {
  return database_.read(deadline, [user](sql::Session& session) { return select_settings(session, user); });
}

async::Task<Result<std::vector<Settings>>> SqlSettingsStore::find_all(std::vector<UserId> users,
                                                                      async::Deadline deadline) {
  return database_.read(deadline,
                        [users = std::move(users)](sql::Session& session) { return select_all(session, users); });
}

Result<std::vector<Settings>> SqlSettingsStore::find_now(std::span<const UserId> users) {
  return database_.read_now([users](sql::Session& session) { return select_all(session, users); });
}

async::Task<Result<Settings>> SqlSettingsStore::update(UserId user, SettingsChange change, AfterCommit<> after_commit,
                                                       async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, user, change, hook = std::move(after_commit)](Transaction& transaction) mutable -> Result<Settings> {
        HY_TRY(const Settings before, select_settings(transaction, user));
        const Settings after = changed(before, change);
        if (after == before) return after;
        HY_TRY(replace_settings(transaction, user, after));
        HY_TRY(events_.append(transaction, {{user, "settings", "", to_proto(after).SerializeAsString()}}));
        transaction.after_commit(std::move(hook));
        return after;
      });
}

}  // namespace hongyan::account
