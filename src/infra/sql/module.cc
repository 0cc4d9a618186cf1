#include "infra/sql/module.h"

#include <stdexcept>

#include "infra/async/module.h"
#include "infra/config/data_folder.h"
#include "infra/metrics/module.h"
#include "infra/sql/migrations.h"
#include "infra/sql/mysql/url.h"

namespace hongyan::sql {
namespace {

// A change of a large table is one statement, and nobody waits for an answer yet.
constexpr std::chrono::hours kMigrationTimeout{24};

void bring_up_to_date(ConnectionOptions options, async::BlockingPool& pool, const Clock& clock) {
  if (options.server) options.server->answer_timeout = kMigrationTimeout;
  Database database(options, 0, pool, pool);
  if (const auto migrated = migrate(database, clock); !migrated) {
    throw std::runtime_error("the schema of " + name_of(options) + ": " + migrated.error().detail);
  }
}

}  // namespace

void Config::bind(config::Binder& binder) {
  binder.field("threads", threads, "Connections that read, each with a thread of its own; one more writes.");
  binder.field("queue", queue, "Most statements that wait for a thread; beyond it requests answer unavailable.");
  binder.field("busy_timeout_ms", busy_timeout, "How long a statement waits for a lock another process holds.");
  binder.field(
      "url", url,
      "MySQL or MariaDB database for everything but messages: mysql://USER@HOST:3306/DATABASE, or "
      "mysql://USER@localhost/DATABASE?socket=/PATH. What is sent is not encrypted: use a socket, this machine or a "
      "network of your own. Empty: an SQLite file in the data folder.");
  binder.field("password_file", password_file, "File whose first line is the password there; empty: without one.");
}

void Config::validate(config::Rules& rules) const {
  rules.between("threads", threads, 1, 64);
  rules.between("queue", queue, 1, 1'000'000);
  rules.between("busy_timeout_ms", busy_timeout.count(), 0, 60'000);
  if (!url.empty()) rules.accepts("url", mysql::parse_server(url));
  rules.must_be("a file that exists", "password_file",
                password_file.empty() || std::filesystem::is_regular_file(password_file));
}

ConnectionOptions connection_options(const Config& config, const std::filesystem::path& data_folder) {
  ConnectionOptions options{data_folder / "hongyan.db", config.busy_timeout};
  if (config.url.empty()) return options;
  // It has been checked when the configuration was.
  options.server = mysql::parse_server(config.url).value();
  options.server->password = config::secret_in(config.password_file);
  // The history in the data folder goes with these accounts and groups, and nobody else's.
  options.server->alone = true;
  return options;
}

Module::Module(Registry& registry) : Module(registry.need<config::Module>().section<Config>(), registry) {}

Module::Module(const Config& config, Registry& registry)
    : read_pool_("db", static_cast<std::size_t>(config.threads), static_cast<std::size_t>(config.queue)),
      write_pool_("db-writer", 1, static_cast<std::size_t>(config.queue)) {
  // Built before this module, so stopped after it: what waits for a statement resumes there.
  registry.need<async::Module>();
  const ConnectionOptions options = connection_options(config, registry.need<config::DataFolder>().path());
  bring_up_to_date(options, write_pool_, clock_);
  auto& metrics = registry.need<metrics::Module>().metrics();
  const auto counter = [&metrics](const char* kind) {
    return &metrics.counter("hongyan_sql_statements_total", "Statements of the database, without BEGIN and COMMIT.",
                            {{"kind", kind}});
  };
  database_ = std::make_unique<Database>(options, static_cast<std::size_t>(config.threads), read_pool_, write_pool_,
                                         StatementCounts{counter("read"), counter("write")});
}

Module::~Module() { stop(); }

void Module::stop() noexcept {
  // What is queued runs to its end: its callers may have been told nothing else.
  read_pool_.stop();
  write_pool_.stop();
}

}  // namespace hongyan::sql
