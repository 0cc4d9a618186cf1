// One statement through SOCI, the same for every database.
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <span>
#include <string>

#include "infra/sql/connection.h"

namespace hongyan::sql {

// Runs a statement that was prepared, as Connection::run() does. Throws what SOCI and the sink throw.
std::int64_t run_prepared(soci::statement& prepared, std::span<const Value> parameters,
                          std::span<const ColumnType> types, const Connection::RowSink& sink);

// The same, of one that is prepared for this run alone.
std::int64_t run_statement(soci::session& session, const std::string& statement, std::span<const Value> parameters,
                           std::span<const ColumnType> types, const Connection::RowSink& sink);

}  // namespace hongyan::sql
