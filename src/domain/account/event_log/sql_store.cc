#include "domain/account/event_log/sql_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace hongyan::account {
namespace {

using sql::Transaction;

using Versions = std::map<UserId, UserVersion>;
using Thing = std::pair<std::string, std::string>;

// The counters of these users, 0 where there is none yet.
Result<Versions> select_versions(sql::Session& session, const std::set<UserId>& users) {
  std::vector<sql::Value> parameters;
  Versions versions;
  for (const UserId user : users) {
    parameters.push_back(sql::ValueOf<UserId>::bind(user));
    versions[user] = UserVersion(0);
  }
  HY_TRY(const auto rows,
         (session.query_with<UserId, UserVersion>(
             fmt::format("SELECT user_id, version FROM user_versions WHERE user_id IN {} ORDER BY user_id",
                         sql::placeholders(users.size())),
             parameters)));
  for (const auto& [user, version] : rows) versions[user] = version;
  return versions;
}

// Replaces the counters. An upsert of many rows is spelled differently by every database; this is not.
Result<void> replace_versions(Transaction& transaction, const Versions& versions) {
  std::vector<sql::Value> users;
  std::vector<std::vector<sql::Value>> rows;
  for (const auto& [user, version] : versions) {
    users.push_back(sql::ValueOf<UserId>::bind(user));
    rows.push_back(sql::values(user, version));
  }
  HY_TRY(transaction.execute_with(
      fmt::format("DELETE FROM user_versions WHERE user_id IN {}", sql::placeholders(users.size())), users));
  return transaction.insert_rows("user_versions", {"user_id", "version"}, rows);
}

Result<void> delete_older(Transaction& transaction, const Thing& thing, const std::set<UserId>& users) {
  std::vector<sql::Value> parameters = sql::values(thing.first, thing.second);
  for (const UserId user : users) parameters.push_back(sql::ValueOf<UserId>::bind(user));
  const std::string one = sql::placeholders(1);
  HY_TRY(transaction.execute_with(
      fmt::format("DELETE FROM user_events WHERE kind IN {} AND event_key IN {} AND user_id IN {}", one, one,
                  sql::placeholders(users.size())),
      parameters));
  return {};
}

Result<std::vector<VersionedEvent>> select_events(sql::Session& session, UserId user, UserVersion after,
                                                  std::int64_t limit) {
  HY_TRY(const auto rows,
         (session.query<UserVersion, std::string, std::string, std::string>(
             "SELECT version, kind, event_key, state FROM user_events WHERE user_id = :user AND version > :after"
             " ORDER BY version LIMIT :most",
             user, after, limit)));
  std::vector<VersionedEvent> events;
  for (const auto& [version, kind, key, state] : rows) events.push_back({version, {user, kind, key, state}});
  return events;
}

}  // namespace

Result<void> SqlUserEvents::append(Transaction& transaction, std::vector<UserEvent> events) {
  if (events.empty()) return {};
  std::set<UserId> users;
  std::map<Thing, std::set<UserId>> things;
  for (const UserEvent& event : events) {
    users.insert(event.user);
    things[{event.kind, event.key}].insert(event.user);
  }
  if (users.size() > kMaxUsers) return fail(ErrorCode::internal, "user events of too many users at once");
  HY_TRY(Versions versions, select_versions(transaction, users));
  // Of several states of one thing only the last is kept; each has a version all the same.
  std::map<std::tuple<UserId, std::string, std::string>, std::vector<sql::Value>> rows;
  std::vector<VersionedEvent> appended;
  for (UserEvent& event : events) {
    const UserVersion version(++versions[event.user].value);
    rows[{event.user, event.kind, event.key}] = sql::values(event.user, version, event.kind, event.key, event.state);
    appended.push_back({version, std::move(event)});
  }
  HY_TRY(replace_versions(transaction, versions));
  // One statement a thing: nearly always all events of a call are about one.
  for (const auto& [thing, concerned] : things) HY_TRY(delete_older(transaction, thing, concerned));
  std::vector<std::vector<sql::Value>> inserted;
  for (auto& [key, row] : rows) inserted.push_back(std::move(row));
  HY_TRY(transaction.insert_rows("user_events", {"user_id", "version", "kind", "event_key", "state"}, inserted));
  announce(transaction, std::move(appended));
  return {};
}

void SqlUserEvents::announce(Transaction& transaction, std::vector<VersionedEvent> events) const {
  if (listener_ == nullptr) return;
  transaction.after_known_commit([listener = listener_, events = std::move(events)] { listener->appended(events); });
}

async::Task<Result<void>> SqlUserEvents::record(std::vector<UserEvent> events, async::Deadline deadline) {
  return database_.write(
      deadline, [this, events = std::move(events)](Transaction& transaction) { return append(transaction, events); });
}

Result<UserVersion> SqlUserEvents::version_in(sql::Session& session, UserId user) {
  HY_TRY(const auto row,
         session.query_one<UserVersion>("SELECT version FROM user_versions WHERE user_id = :user", user));
  return row ? std::get<0>(*row) : UserVersion(0);
}

async::Task<Result<UserEventPage>> SqlUserEvents::since(UserId user, UserVersion since, async::Deadline deadline) {
  return database_.read(deadline, [this, user, since](sql::Session& session) -> Result<UserEventPage> {
    UserEventPage page;
    HY_TRY(page.version, version_in(session, user));
    page.reset = since > page.version || page.version.value - since.value > kMaxBehind;
    if (page.reset) return page;
    HY_TRY(page.events, select_events(session, user, since, kMaxBehind));
    return page;
  });
}

async::Task<Result<std::vector<VersionedEvent>>> SqlUserEvents::page(UserId user, UserVersion after, std::size_t limit,
                                                                     async::Deadline deadline) {
  return database_.read(deadline, [=](sql::Session& session) {
    return select_events(session, user, after, static_cast<std::int64_t>(limit));
  });
}

}  // namespace hongyan::account
