#include "infra/sql/statement.h"

#include <deque>
#include <stdexcept>

namespace hongyan::sql {
namespace {

// The cells of one row in the types SOCI binds. Addresses stay valid while SOCI holds them.
struct Cells {
  struct Cell {
    long long integer = 0;
    double real = 0;
    std::string text;
    soci::indicator indicator = soci::i_ok;
  };
  std::deque<Cell> cells;

  void use(soci::statement& statement, const Value& value) {
    Cell& cell = cells.emplace_back();
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      cell.integer = *integer;
      statement.exchange(soci::use(cell.integer, cell.indicator));
    } else if (const auto* real = std::get_if<double>(&value)) {
      cell.real = *real;
      statement.exchange(soci::use(cell.real, cell.indicator));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      statement.exchange(soci::use(*text, cell.indicator));
    } else {
      cell.indicator = soci::i_null;
      statement.exchange(soci::use(cell.integer, cell.indicator));
    }
  }

  void into(soci::statement& statement, CellKind kind) {
    Cell& cell = cells.emplace_back();
    switch (kind) {
      case CellKind::integer: statement.exchange(soci::into(cell.integer, cell.indicator)); break;
      case CellKind::real: statement.exchange(soci::into(cell.real, cell.indicator)); break;
      case CellKind::text: statement.exchange(soci::into(cell.text, cell.indicator)); break;
    }
  }

  std::vector<Value> row(std::span<const ColumnType> types) {
    std::vector<Value> values;
    values.reserve(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
      Cell& cell = cells[i];
      if (cell.indicator == soci::i_null) {
        if (!types[i].nullable) throw std::runtime_error("NULL in column " + std::to_string(i));
        values.emplace_back(nullptr);
      } else if (types[i].kind == CellKind::integer) {
        values.emplace_back(static_cast<std::int64_t>(cell.integer));
      } else if (types[i].kind == CellKind::real) {
        values.emplace_back(cell.real);
      } else {
        values.emplace_back(std::move(cell.text));
      }
    }
    return values;
  }
};

}  // namespace

std::int64_t run_prepared(soci::statement& prepared, std::span<const Value> parameters,
                          std::span<const ColumnType> types, const Connection::RowSink& sink) {
  Cells uses;
  Cells intos;
  for (const Value& value : parameters) uses.use(prepared, value);
  for (const ColumnType& type : types) intos.into(prepared, type.kind);
  prepared.define_and_bind();
  for (bool row = prepared.execute(true); row && !types.empty(); row = prepared.fetch()) {
    std::vector<Value> values = intos.row(types);
    sink(values);
  }
  const std::int64_t affected = types.empty() ? prepared.get_affected_rows() : 0;
  // It points to cells that end here.
  prepared.bind_clean_up();
  return affected;
}

std::int64_t run_statement(soci::session& session, const std::string& statement, std::span<const Value> parameters,
                           std::span<const ColumnType> types, const Connection::RowSink& sink) {
  soci::statement prepared(session);
  prepared.alloc();
  prepared.prepare(statement);
  return run_prepared(prepared, parameters, types, sink);
}

}  // namespace hongyan::sql
