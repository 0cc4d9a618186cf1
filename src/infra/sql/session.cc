#include "infra/sql/session.h"

#include <algorithm>

#include "base/assert.h"
#include "infra/sql/connection.h"

namespace hongyan::sql {
namespace {

void append_placeholders(std::string& text, std::size_t count) {
  text += '(';
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += Connection::kPlaceholder;
  }
  text += ')';
}

std::string insert_prefix(std::string_view table, std::span<const std::string_view> columns) {
  std::string text = "INSERT INTO ";
  text += table;
  text += " (";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) text += ", ";
    text += columns[i];
  }
  text += ") VALUES ";
  return text;
}

}  // namespace

std::string placeholders(std::size_t count) {
  HY_CHECK(count > 0);
  std::string text;
  append_placeholders(text, count);
  return text;
}

Result<std::int64_t> Session::execute_with(std::string_view statement, std::span<const Value> parameters) {
  ++statements_;
  return connection_.run(statement, parameters, {}, {});
}

Result<void> Session::fetch(std::string_view statement, std::span<const Value> parameters,
                            std::span<const ColumnType> types, const RowSink& sink) {
  ++statements_;
  HY_TRY(connection_.run(statement, parameters, types, sink));
  return {};
}

Result<void> Session::insert_rows(std::string_view table, std::span<const std::string_view> columns,
                                  const std::vector<std::vector<Value>>& rows) {
  HY_CHECK(!columns.empty());
  const std::size_t most = std::max<std::size_t>(1, Connection::kMaxParameters / columns.size());
  const std::string prefix = insert_prefix(table, columns);
  for (std::size_t begin = 0; begin < rows.size(); begin += most) {
    const std::size_t end = std::min(rows.size(), begin + most);
    std::string statement = prefix;
    std::vector<Value> parameters;
    parameters.reserve((end - begin) * columns.size());
    for (std::size_t i = begin; i < end; ++i) {
      HY_CHECK(rows[i].size() == columns.size());
      if (i > begin) statement += ", ";
      append_placeholders(statement, columns.size());
      parameters.insert(parameters.end(), rows[i].begin(), rows[i].end());
    }
    HY_TRY(execute_with(statement, parameters));
  }
  return {};
}

Result<void> Transaction::execute_script(std::string_view script) { return connection_.run_script(script); }

}  // namespace hongyan::sql
