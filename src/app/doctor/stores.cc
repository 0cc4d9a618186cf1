#include "app/doctor/stores.h"

#include <fmt/format.h>

#include "infra/kv/logged_database.h"
#include "infra/sql/connection.h"

namespace hongyan::app {
namespace {

constexpr const char* kRestore = "stop the server and put a backup of the data folder in its place";

Finding check_sql(const std::filesystem::path& file) {
  const std::array types{sql::ColumnType{sql::CellKind::text, false}};
  std::string verdict;
  try {
    const auto connection = sql::connect({.file = file}, sql::Access::read);
    const auto ran = connection->run("PRAGMA quick_check(1)", {}, types, [&](std::vector<sql::Value>& row) {
      if (const auto* text = std::get_if<std::string>(&row.at(0))) verdict = *text;
    });
    if (!ran) verdict = ran.error().detail;
  } catch (const std::exception& error) {
    verdict = error.what();
  }
  if (verdict == "ok") return Finding::good(fmt::format("{} is whole", file.string()));
  return Finding::failure(fmt::format("{}: {}", file.string(), verdict), kRestore);
}

Finding check_server(const sql::Config& config) {
  try {
    const sql::ConnectionOptions options = sql::connection_options(config, {});
    (void)sql::connect(options, sql::Access::read);
    return Finding::good(fmt::format("{} answers", sql::name_of(options)));
  } catch (const std::exception& error) {
    return Finding::failure(error.what(), "start the database server, or mend url and password_file of [sql]");
  }
}

Finding check_messages(const std::filesystem::path& folder) {
  const auto opened = kv::LoggedDatabase::probe(folder);
  if (opened) return Finding::good(fmt::format("{} opens", folder.string()));
  return Finding::failure(fmt::format("{}: {}", folder.string(), opened.error().detail), kRestore);
}

}  // namespace

Findings check_stores(const std::filesystem::path& folder, const sql::Config& config) {
  Findings found;
  if (!config.url.empty()) {
    found.push_back(check_server(config));
  } else if (std::filesystem::exists(folder / "hongyan.db")) {
    found.push_back(check_sql(folder / "hongyan.db"));
  }
  if (std::filesystem::exists(folder / "messages")) found.push_back(check_messages(folder / "messages"));
  return found;
}

}  // namespace hongyan::app
