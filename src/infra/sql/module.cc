#include "infra/sql/module.h"

#include <stdexcept>

#include "infra/async/module.h"
#include "infra/config/data_folder.h"
#include "infra/sql/migrations.h"

namespace hongyan::sql {

void Config::bind(config::Binder& binder) {
  binder.field("threads", threads, "Connections that read, each with a thread of its own; one more writes.");
  binder.field("queue", queue, "Most statements that wait for a thread; beyond it requests answer unavailable.");
  binder.field("busy_timeout_ms", busy_timeout, "How long a statement waits for a lock another process holds.");
}

std::vector<std::string> Config::validate() const {
  std::vector<std::string> problems;
  if (threads < 1 || threads > 64) problems.emplace_back("sql.threads must be 1 to 64");
  if (queue < 1 || queue > 1'000'000) problems.emplace_back("sql.queue must be 1 to 1000000");
  if (busy_timeout.count() < 0 || busy_timeout.count() > 60'000) {
    problems.emplace_back("sql.busy_timeout_ms must be 0 to 60000");
  }
  return problems;
}

Module::Module(Registry& registry) : Module(registry.need<config::Module>().section<Config>(), registry) {}

Module::Module(const Config& config, Registry& registry)
    : read_pool_("db", static_cast<std::size_t>(config.threads), static_cast<std::size_t>(config.queue)),
      write_pool_("db-writer", 1, static_cast<std::size_t>(config.queue)) {
  // Built before this module, so stopped after it: what waits for a statement resumes there.
  registry.need<async::Module>();
  const auto& folder = registry.need<config::DataFolder>();
  const ConnectionOptions options{folder.path() / "hongyan.db", config.busy_timeout};
  database_ = std::make_unique<Database>(options, static_cast<std::size_t>(config.threads), read_pool_, write_pool_);
  if (const auto migrated = migrate(*database_, embedded_migrations(), clock_); !migrated) {
    throw std::runtime_error("the schema of " + options.file.string() + ": " + migrated.error().detail);
  }
}

Module::~Module() { stop(); }

void Module::stop() noexcept {
  // What is queued runs to its end: its callers may have been told nothing else.
  read_pool_.stop();
  write_pool_.stop();
}

}  // namespace hongyan::sql
