#include "domain/presence/sql_store.h"

#include <fmt/format.h>

namespace hongyan::presence {

async::Task<Result<void>> SqlStore::write(std::vector<LastSeen> rows, async::Deadline deadline) {
  if (rows.empty()) co_return Result<void>();
  co_return co_await database_.write(deadline, [rows = std::move(rows)](sql::Transaction& transaction) -> Result<void> {
    std::vector<sql::Value> users;
    std::vector<std::vector<sql::Value>> inserted;
    for (const auto& [user, time] : rows) {
      users.push_back(sql::ValueOf<UserId>::bind(user));
      inserted.push_back(sql::values(user, time));
    }
    // An upsert of many rows is spelled differently by every database; this is not.
    HY_TRY(transaction.execute_with(
        fmt::format("DELETE FROM last_seen WHERE user_id IN {}", sql::placeholders(users.size())), users));
    return transaction.insert_rows("last_seen", {"user_id", "last_seen_ms"}, inserted);
  });
}

async::Task<Result<std::vector<LastSeen>>> SqlStore::read(std::vector<UserId> users, async::Deadline deadline) {
  if (users.empty()) co_return std::vector<LastSeen>();
  co_return co_await database_.read(
      deadline, [users = std::move(users)](sql::Session& session) -> Result<std::vector<LastSeen>> {
        std::vector<sql::Value> parameters;
        for (const UserId user : users) parameters.push_back(sql::ValueOf<UserId>::bind(user));
        HY_TRY(const auto rows, (session.query_with<UserId, TimeMs>(
                                    fmt::format("SELECT user_id, last_seen_ms FROM last_seen WHERE user_id IN {}",
                                                sql::placeholders(users.size())),
                                    parameters)));
        std::vector<LastSeen> found;
        for (const auto& [user, time] : rows) found.push_back({user, time});
        return found;
      });
}

async::Task<Result<void>> SqlStore::drop(UserId user, async::Deadline deadline) {
  return database_.write(deadline, [user](sql::Transaction& transaction) -> Result<void> {
    HY_TRY(transaction.execute("DELETE FROM last_seen WHERE user_id = :user", user));
    return {};
  });
}

}  // namespace hongyan::presence
