#include "infra/sql/connection.h"

#include <fmt/format.h>

#include "infra/sql/mysql/connection.h"
#include "infra/sql/sqlite/connection.h"

namespace hongyan::sql {

std::string name_of(const ConnectionOptions& options) {
  if (!options.server) return options.file.string();
  const Server& server = *options.server;
  return fmt::format("database {} on {}", server.database,
                     server.socket.empty() ? fmt::format("{}:{}", server.host, server.port) : server.socket);
}

Result<void> Connection::run(std::string_view statement) {
  HY_TRY(run(statement, {}, {}, {}));
  return {};
}

std::unique_ptr<Connection> connect(const ConnectionOptions& options, Access access) {
  if (options.server) return std::make_unique<mysql::Connection>(*options.server, options.busy_timeout, access);
  return std::make_unique<sqlite::Connection>(options.file, options.busy_timeout, access);
}

Error error_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& other) {
    return Error(ErrorCode::internal, other.what());
  }
}

std::string insert_prefix(std::string_view table, std::span<const std::string_view> columns) {
  return fmt::format("INSERT INTO {} ({}) VALUES ", table, fmt::join(columns, ", "));
}

void append_placeholders(std::string& text, std::size_t count) {
  text += '(';
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += Connection::kPlaceholder;
  }
  text += ')';
}

}  // namespace hongyan::sql
