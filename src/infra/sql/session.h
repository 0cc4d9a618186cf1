// One connection while a read or a transaction has it. The only way to a statement.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/result.h"
#include "infra/sql/value.h"

namespace hongyan::sql {

class Connection;
struct Migration;

// Runs statements on one connection. Lives for one read or one transaction, on the thread that runs it; never kept.
// Placeholders are `:name`; each name stands once in a statement and parameters follow the order of the placeholders.
// Text is never concatenated into a statement.
//
// Statements are written for every database there is (ADR 16): what only one of them has is refused by lint.
//
// Errors of every method: already_exists (a unique constraint; `detail` is "table.column[, table.column ...]"),
// unavailable (busy, locked, cut off, disk full or failing), internal (all else).
class Session {
 public:
  explicit Session(Connection& connection) : connection_(connection) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Statements that were run so far.
  std::size_t statements() const { return statements_; }

  // Runs a statement that returns no rows. Answers how many rows it inserted, found to change, or deleted.
  template <class... Args>
  Result<std::int64_t> execute(std::string_view statement, Args&&... args) {
    return execute_with(statement, values(std::forward<Args>(args)...));
  }
  Result<std::int64_t> execute_with(std::string_view statement, std::span<const Value> parameters);

  // All rows of a SELECT, each a tuple of Ts in the order of its columns. The statement says a LIMIT, or the key does.
  template <class... Ts, class... Args>
  Result<std::vector<std::tuple<Ts...>>> query(std::string_view statement, Args&&... args) {
    return query_with<Ts...>(statement, values(std::forward<Args>(args)...));
  }
  template <class... Ts>
  Result<std::vector<std::tuple<Ts...>>> query_with(std::string_view statement, std::span<const Value> parameters) {
    static constexpr ColumnType kTypes[] = {ValueOf<Ts>::type...};
    std::vector<std::tuple<Ts...>> rows;
    HY_TRY(fetch(statement, parameters, kTypes, [&rows](std::vector<Value>& cells) {
      rows.push_back(to_tuple<Ts...>(cells, std::index_sequence_for<Ts...>{}));
    }));
    return rows;
  }

  // The first row, nothing when there is none.
  template <class... Ts, class... Args>
  Result<std::optional<std::tuple<Ts...>>> query_one(std::string_view statement, Args&&... args) {
    HY_TRY(auto rows, (query<Ts...>(statement, std::forward<Args>(args)...)));
    if (rows.empty()) return std::optional<std::tuple<Ts...>>();
    return std::optional<std::tuple<Ts...>>(std::move(rows.front()));
  }

  // The highest number that insert_numbered() ever gave in `table`, 0 when none.
  Result<std::int64_t> last_number(std::string_view table);

  // Inserts all rows by as few multi-row statements as the database allows; each row has one value a column. `table`
  // and `columns` are literals of the program, never input. Nothing is done for no rows.
  Result<void> insert_rows(std::string_view table, std::span<const std::string_view> columns,
                           const std::vector<std::vector<Value>>& rows);
  Result<void> insert_rows(std::string_view table, std::initializer_list<std::string_view> columns,
                           const std::vector<std::vector<Value>>& rows) {
    return insert_rows(table, std::span(columns.begin(), columns.size()), rows);
  }

 private:
  using RowSink = std::function<void(std::vector<Value>&)>;

  template <class... Ts, std::size_t... Is>
  static std::tuple<Ts...> to_tuple(std::vector<Value>& cells, std::index_sequence<Is...>) {
    return {ValueOf<Ts>::fetch(std::move(cells[Is]))...};
  }
  Result<void> fetch(std::string_view statement, std::span<const Value> parameters, std::span<const ColumnType> types,
                     const RowSink& sink);

  std::size_t statements_ = 0;

 protected:
  void count_statement() { ++statements_; }

  Connection& connection_;
};

// The placeholders of an IN list of `count` values, in brackets; the statement has no other placeholders, and the
// values are bound by query_with or execute_with. `count` is at least 1.
std::string placeholders(std::size_t count);

// The write transaction a function runs in. Lives on the writer, from BEGIN to COMMIT or ROLLBACK, and no other write happens
// meanwhile: what it has read stays true.
class Transaction : public Session {
 public:
  using Session::Session;

  // Inserts one row whose column `number` becomes the next number of the table: dense from 1, in the order in which
  // transactions commit. Answers it. The table has an AUTOINCREMENT key in SQLite and a row in numbered_tables in MySQL.
  Result<std::int64_t> insert_numbered(std::string_view table, std::string_view number,
                                       std::initializer_list<std::string_view> columns,
                                       const std::vector<Value>& values);

  // Runs all statements of a migration. For migrate() only.
  Result<void> run_migration(const Migration& migration);

  // Runs `hook` right after COMMIT on the thread that wrote, before its next transaction, whether or not anybody still
  // waits for the answer. Hooks run in the order they were added, never after a rollback. A COMMIT with an unknown outcome
  // runs them too, so a hook only drops or announces what may have changed. It must not block or throw.
  void after_commit(std::move_only_function<void()> hook) { hooks_.push_back({std::move(hook), false}); }

  // The same, but not when the outcome is unknown: for a hook that tells others what was written.
  void after_known_commit(std::move_only_function<void()> hook) { hooks_.push_back({std::move(hook), true}); }

  // For Database: hands over the hooks that are to run.
  std::vector<std::move_only_function<void()>> take_hooks(bool outcome_known) {
    std::vector<std::move_only_function<void()>> due;
    for (Hook& hook : std::exchange(hooks_, {})) {
      if (outcome_known || !hook.only_when_known) due.push_back(std::move(hook.run));
    }
    return due;
  }

 private:
  struct Hook {
    std::move_only_function<void()> run;
    bool only_when_known;
  };
  std::vector<Hook> hooks_;
};

}  // namespace hongyan::sql
