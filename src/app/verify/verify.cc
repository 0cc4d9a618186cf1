#include "app/verify/verify.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/verify/cross_audit.h"
#include "domain/message/audit/audit.h"
#include "domain/message/audit/feed_audit.h"
#include "domain/message/audit/index_audit.h"
#include "domain/message/rocks_store.h"
#include "infra/async/blocking_pool.h"
#include "infra/config/data_folder.h"
#include "infra/metrics/metrics.h"
#include "infra/sql/module.h"

namespace hongyan::app {
namespace {

void report(const std::string& problem) { fmt::print("PROBLEM  {}\n", problem); }

// How many problems there are with the messages.
Result<std::int64_t> look_through_messages(message::RocksStore& store) {
  HY_TRY(const auto counts, message::Audit(store, store.inventory(), report).run());
  fmt::print("messages: {} conversations, {} messages, {} changes, {} mentions, {} bounds\n", counts.conversations,
             counts.messages, counts.changes, counts.mentions, counts.bounds);
  HY_TRY(const std::int64_t index_problems, message::IndexAudit(store, store.inventory(), counts, report).run());
  HY_TRY(const auto feed, message::FeedAudit(store, store.inventory(), store.feed(), report).run());
  fmt::print("feed: {} entries\n", feed.entries);
  return counts.problems + index_problems + feed.problems;
}

// How many problems there are between the stores.
Result<std::int64_t> compare(message::RocksStore& store, const sql::ConnectionOptions& options) {
  // Nothing is queued: every statement runs on this thread.
  async::BlockingPool none("db", 1, 1);
  sql::Database database(options, 1, none, none);
  CrossAudit audit({.messages = store,
                    .inventory = store.inventory(),
                    .conversations = conversation::SqlInventory(database),
                    .accounts = account::SqlInventory(database)},
                   report);
  HY_TRY(const auto counts, audit.run());
  fmt::print("accounts: {} users, {} conversations, {} members, {} lines\n", counts.users, counts.conversations,
             counts.members, counts.lines);
  return counts.problems;
}

Result<std::int64_t> look_through(const std::filesystem::path& folder, const sql::Config& config) {
  metrics::Metrics metrics;
  message::RocksStoreOptions options;
  options.folder = folder / "messages";
  HY_TRY(const auto store, message::RocksStore::open(options, metrics));
  HY_TRY(std::int64_t problems, look_through_messages(*store));
  const sql::ConnectionOptions database = sql::connection_options(config, folder);
  if (database.server || std::filesystem::exists(database.file)) {
    HY_TRY(const std::int64_t between, compare(*store, database));
    problems += between;
  } else {
    report("there is no hongyan.db beside the messages");
    ++problems;
  }
  fmt::print("verify: {} problems\n", problems);
  return problems;
}

}  // namespace

int verify(const std::string& data, const SettingsSource& source) {
  const auto values = valid_settings(source);
  if (!values) return 1;
  const std::filesystem::path folder = data_folder_of(data);
  if (!std::filesystem::exists(folder / "messages")) {
    fmt::print(stderr, "hongyan: {} holds no messages\n", folder.string());
    return 1;
  }
  try {
    const config::DataFolder lock(folder);
    std::vector<std::string> none;
    const auto problems = look_through(folder, config::load<sql::Config>(*values, none));
    if (!problems) fmt::print(stderr, "hongyan: {}\n", problems.error().detail);
    return problems && *problems == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "hongyan: {}\n", error.what());
    return 1;
  }
}

}  // namespace hongyan::app
