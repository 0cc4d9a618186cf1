#include "app/verify.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/settings.h"
#include "domain/message/audit/audit.h"
#include "domain/message/rocks_store.h"
#include "infra/config/data_folder.h"
#include "infra/metrics/metrics.h"

namespace hongyan::app {
namespace {

// How many problems there are.
Result<std::int64_t> look_through(const std::filesystem::path& folder) {
  metrics::Metrics metrics;
  message::RocksStoreOptions options;
  options.folder = folder / "messages";
  HY_TRY(const auto store, message::RocksStore::open(options, metrics));
  message::Audit audit(*store, *store, [](const std::string& problem) { fmt::print("PROBLEM  {}\n", problem); });
  HY_TRY(const auto counts, audit.run());
  fmt::print("verify: {} conversations, {} messages, {} changes, {} problems\n", counts.conversations, counts.messages,
             counts.changes, counts.problems);
  return counts.problems;
}

}  // namespace

int verify(const std::string& data) {
  const std::filesystem::path folder = data_folder_of(data);
  if (!std::filesystem::exists(folder / "messages")) {
    fmt::print(stderr, "hongyan: {} holds no messages\n", folder.string());
    return 1;
  }
  try {
    const config::DataFolder lock(folder);
    const auto problems = look_through(folder);
    if (!problems) fmt::print(stderr, "hongyan: {}\n", problems.error().detail);
    return problems && *problems == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "hongyan: {}\n", error.what());
    return 1;
  }
}

}  // namespace hongyan::app
