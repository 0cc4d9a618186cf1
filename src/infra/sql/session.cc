#include "infra/sql/session.h"

#include <algorithm>

#include "base/assert.h"
#include "infra/sql/connection.h"

namespace hongyan::sql {
namespace {

std::size_t bytes_of(const std::vector<Value>& row) {
  std::size_t bytes = 0;
  for (const Value& value : row) {
    const auto* text = std::get_if<std::string>(&value);
    bytes += text == nullptr ? sizeof(std::int64_t) : text->size();
  }
  return bytes;
}

// How many rows from `begin` on fit into one statement; at least one.
std::size_t rows_that_fit(const std::vector<std::vector<Value>>& rows, std::size_t begin, std::size_t columns) {
  const std::size_t most = std::max<std::size_t>(1, Connection::kMaxParameters / columns);
  std::size_t bytes = 0;
  std::size_t end = begin;
  while (end < rows.size() && end - begin < most) {
    bytes += bytes_of(rows[end]);
    if (end > begin && bytes > Connection::kMaxBytes) break;
    ++end;
  }
  return end - begin;
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
  const std::string prefix = insert_prefix(table, columns);
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    end = begin + rows_that_fit(rows, begin, columns.size());
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

Result<std::int64_t> Session::last_number(std::string_view table) {
  ++statements_;
  return connection_.last_number(table);
}

Result<std::int64_t> Transaction::insert_numbered(std::string_view table, std::string_view number,
                                                  std::initializer_list<std::string_view> columns,
                                                  const std::vector<Value>& values) {
  HY_CHECK(columns.size() == values.size());
  count_statement();
  return connection_.insert_numbered(table, number, std::span(columns.begin(), columns.size()), values);
}

Result<void> Transaction::run_migration(const Migration& migration) { return connection_.run_migration(migration); }

}  // namespace hongyan::sql
