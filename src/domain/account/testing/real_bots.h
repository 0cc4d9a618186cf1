// Bots on a real database, for tests of slices that make some.
#pragma once

#include "domain/account/sql_store.h"

namespace hongyan::account::testing {

// Lives in a test; the database outlives it.
struct RealBots {
  explicit RealBots(sql::Database& database)
      : store(database, sort_keys, NameSeal(crypto::Secrets{.jwt_keys = {}, .refresh = "r", .cursor = "c"})) {}

  const text::SortKeys sort_keys;
  SqlUserStore store;
};

}  // namespace hongyan::account::testing
