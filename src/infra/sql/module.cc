#include "infra/sql/module.h"

#include <stdexcept>

#include "infra/async/module.h"
#include "infra/config/data_folder.h"
#include "infra/metrics/module.h"
#include "infra/sql/migrations.h"

namespace hongyan::sql {

void Config::bind(config::Binder& binder) {
  binder.field("threads", threads, "Connections that read, each with a thread of its own; one more writes.");
  binder.field("queue", queue, "Most statements that wait for a thread; beyond it requests answer unavailable.");
  binder.field("busy_timeout_ms", busy_timeout, "How long a statement waits for a lock another process holds.");
}

void Config::validate(config::Rules& rules) const {
  rules.between("threads", threads, 1, 64);
  rules.between("queue", queue, 1, 1'000'000);
  rules.between("busy_timeout_ms", busy_timeout.count(), 0, 60'000);
}

Module::Module(Registry& registry) : Module(registry.need<config::Module>().section<Config>(), registry) {}

Module::Module(const Config& config, Registry& registry)
    : read_pool_("db", static_cast<std::size_t>(config.threads), static_cast<std::size_t>(config.queue)),
      write_pool_("db-writer", 1, static_cast<std::size_t>(config.queue)) {
  // Built before this module, so stopped after it: what waits for a statement resumes there.
  registry.need<async::Module>();
  const auto& folder = registry.need<config::DataFolder>();
  const ConnectionOptions options{folder.path() / "hongyan.db", config.busy_timeout};
  auto& metrics = registry.need<metrics::Module>().metrics();
  const auto counter = [&metrics](const char* kind) {
    return &metrics.counter("hongyan_sql_statements_total", "Statements of the database, without BEGIN and COMMIT.",
                            {{"kind", kind}});
  };
  database_ = std::make_unique<Database>(options, static_cast<std::size_t>(config.threads), read_pool_, write_pool_,
                                         StatementCounts{counter("read"), counter("write")});
  if (const auto migrated = migrate(*database_, clock_); !migrated) {
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
