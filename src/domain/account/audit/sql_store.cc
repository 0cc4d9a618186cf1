#include "domain/account/audit/sql_store.h"

namespace hongyan::account {

Result<std::vector<EventLogItem>> SqlInventory::event_logs(UserId after, std::size_t limit) {
  return database_.read_now([=](sql::Session& session) -> Result<std::vector<EventLogItem>> {
    // Every user who has either a counter or an event.
    HY_TRY(const auto rows, (session.query<UserId, UserVersion, UserVersion, std::int64_t, std::int64_t, std::int64_t>(
                                "SELECT x.user_id, MAX(x.counter), MAX(x.event), COUNT(x.at), COUNT(DISTINCT x.at),"
                                " (SELECT COUNT(*) FROM users u WHERE u.user_id = x.user_id)"
                                " FROM (SELECT user_id, version AS counter, 0 AS event, NULL AS at FROM user_versions"
                                " UNION ALL SELECT user_id, 0, version, version FROM user_events) x"
                                " WHERE x.user_id > :after GROUP BY x.user_id ORDER BY x.user_id LIMIT :limit",
                                after, limit)));
    std::vector<EventLogItem> items;
    for (const auto& [user, version, newest, events, distinct, known] : rows) {
      items.push_back({user, version, newest, events, distinct, known > 0});
    }
    return items;
  });
}

Result<std::int64_t> SqlInventory::count_users() {
  return database_.read_now([](sql::Session& session) -> Result<std::int64_t> {
    HY_TRY(const auto row, session.query_one<std::int64_t>("SELECT COUNT(*) FROM users"));
    return row ? std::get<0>(*row) : 0;
  });
}

}  // namespace hongyan::account
