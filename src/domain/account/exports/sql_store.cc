#include "domain/account/exports/sql_store.h"

#include <fmt/format.h>

namespace hongyan::account {
namespace {

using sql::Transaction;

constexpr std::chrono::milliseconds kExportDay{std::chrono::hours(24)};
// More than one user can have: they expire, and there are few a day.
constexpr std::int64_t kMostOfOne = 10'000;

// `where` goes on after the table.
template <class... Args>
Result<std::vector<Export>> select_exports(sql::Session& session, std::string_view where, Args... args) {
  HY_TRY(const auto rows,
         (session.query<ExportId, UserId, ExportState, TimeMs, std::optional<TimeMs>, std::int64_t, std::int64_t>(
             fmt::format("SELECT export_id, user_id, state, created_ms, expires_ms, bytes, line_count FROM exports {}",
                         where),
             args...)));
  std::vector<Export> found;
  for (const auto& [id, user, state, created, expires, bytes, lines] : rows) {
    found.push_back({id, user, state, created, expires, bytes, lines});
  }
  return found;
}

Result<std::optional<Export>> select_last(sql::Session& session, UserId user) {
  HY_TRY(const auto found,
         select_exports(session,
                        "WHERE user_id = :user AND state <> :gone ORDER BY created_ms DESC, export_id DESC LIMIT 1",
                        user, v1::EXPORT_STATE_UNSPECIFIED));
  return found.empty() ? std::nullopt : std::optional(found.front());
}

Result<void> delete_exports(Transaction& transaction, const std::vector<Export>& exports) {
  for (const Export& one : exports) {
    HY_TRY(transaction.execute("DELETE FROM exports WHERE export_id = :id", one.id));
  }
  return {};
}

}  // namespace

v1::Export to_proto(const Export& one) {
  v1::Export proto;
  proto.set_export_id(one.id.value);
  proto.set_state(one.state);
  proto.set_time_ms(one.created.value);
  if (one.expires) proto.set_expires_ms(one.expires->value);
  proto.set_size(one.bytes);
  proto.set_lines(one.lines);
  return proto;
}

Result<void> SqlExportStore::tell(Transaction& transaction, const Export& one) {
  return events_.append(transaction, {{one.user, "data_export", "", to_proto(one).SerializeAsString()}});
}

async::Task<Result<Export>> SqlExportStore::begin(Export fresh, std::int64_t daily, async::Deadline deadline) {
  return database_.write(deadline, [this, fresh, daily](Transaction& transaction) -> Result<Export> {
    HY_TRY(const auto last, select_last(transaction, fresh.user));
    if (last && last->state == v1::EXPORT_STATE_RUNNING) return *last;
    const TimeMs day_ago(fresh.created.value - kExportDay.count());
    HY_TRY(const auto today, select_exports(transaction,
                                            "WHERE user_id = :user AND created_ms > :day ORDER BY created_ms DESC"
                                            " LIMIT :most",
                                            fresh.user, day_ago, daily));
    if (std::ssize(today) >= daily) {
      const std::int64_t wait = today.back().created.value - day_ago.value;
      return fail(Error::later(ErrorCode::rate_limited, wait, "too many exports in a day"));
    }
    HY_TRY(transaction.execute("UPDATE exports SET expires_ms = :now WHERE user_id = :user AND expires_ms > :same",
                               fresh.created, fresh.user, fresh.created));
    HY_TRY(transaction.insert_rows("exports", {"export_id", "user_id", "state", "created_ms"},
                                   {sql::values(fresh.id, fresh.user, fresh.state, fresh.created)}));
    HY_TRY(tell(transaction, fresh));
    return fresh;
  });
}

async::Task<Result<std::optional<Export>>> SqlExportStore::last(UserId user, async::Deadline deadline) {
  return database_.read(deadline, [user](sql::Session& session) { return select_last(session, user); });
}

async::Task<Result<std::vector<Export>>> SqlExportStore::running(std::size_t limit, async::Deadline deadline) {
  return database_.read(deadline, [limit](sql::Session& session) {
    return select_exports(session, "WHERE state = :running ORDER BY export_id LIMIT :limit", v1::EXPORT_STATE_RUNNING,
                          limit);
  });
}

async::Task<Result<bool>> SqlExportStore::advance(Export one, async::Deadline deadline) {
  return database_.write(deadline, [this, one](Transaction& transaction) -> Result<bool> {
    HY_TRY(const std::int64_t changed,
           transaction.execute("UPDATE exports SET state = :state, expires_ms = :expires, bytes = :bytes,"
                               " line_count = :lines WHERE export_id = :id AND state = :running",
                               one.state, one.expires, one.bytes, one.lines, one.id, v1::EXPORT_STATE_RUNNING));
    if (changed == 0) return false;
    if (one.state != v1::EXPORT_STATE_RUNNING) HY_TRY(tell(transaction, one));
    return true;
  });
}

async::Task<Result<std::vector<ExportId>>> SqlExportStore::living(std::vector<ExportId> ids, async::Deadline deadline) {
  if (ids.empty()) co_return std::vector<ExportId>();
  co_return co_await database_.read(
      deadline, [ids = std::move(ids)](sql::Session& session) -> Result<std::vector<ExportId>> {
        std::vector<sql::Value> parameters = sql::values(v1::EXPORT_STATE_UNSPECIFIED);
        for (const ExportId id : ids) parameters.push_back(sql::ValueOf<ExportId>::bind(id));
        HY_TRY(const auto rows,
               session.query_with<ExportId>(
                   fmt::format("SELECT export_id FROM exports WHERE state NOT IN {} AND export_id IN {}",
                               sql::placeholders(1), sql::placeholders(ids.size())),
                   parameters));
        std::vector<ExportId> living;
        for (const auto& [id] : rows) living.push_back(id);
        return living;
      });
}

async::Task<Result<std::vector<Export>>> SqlExportStore::drop_expired(TimeMs now, std::size_t limit,
                                                                      async::Deadline deadline) {
  return database_.write(deadline, [now, limit](Transaction& transaction) -> Result<std::vector<Export>> {
    HY_TRY(auto expired,
           select_exports(transaction, "WHERE expires_ms <= :now AND state <> :gone ORDER BY expires_ms LIMIT :limit",
                          now, v1::EXPORT_STATE_UNSPECIFIED, limit));
    for (const Export& one : expired) {
      HY_TRY(transaction.execute("UPDATE exports SET state = :gone WHERE export_id = :id", v1::EXPORT_STATE_UNSPECIFIED,
                                 one.id));
    }
    // Those of a day count, however short their files were kept.
    HY_TRY(transaction.execute("DELETE FROM exports WHERE state = :gone AND created_ms <= :day",
                               v1::EXPORT_STATE_UNSPECIFIED, TimeMs(now.value - kExportDay.count())));
    return expired;
  });
}

async::Task<Result<std::vector<Export>>> SqlExportStore::drop_all(UserId user, async::Deadline deadline) {
  return database_.write(deadline, [user](Transaction& transaction) -> Result<std::vector<Export>> {
    HY_TRY(auto all, select_exports(transaction, "WHERE user_id = :user LIMIT :most", user, kMostOfOne));
    HY_TRY(delete_exports(transaction, all));
    return all;
  });
}

}  // namespace hongyan::account
