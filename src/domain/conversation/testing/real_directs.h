// 1:1s on a real database, for tests of slices that change what people are to each other.
#pragma once

#include "domain/conversation/directs/sql_store.h"
#include "domain/conversation/outbox/sql_store.h"
#include "domain/conversation/sql_store.h"

namespace hongyan::conversation::testing {

// Lives in a test; what it is made with outlives it.
struct RealDirects {
  RealDirects(sql::Database& database, account::UserEvents& events, const wire::PermissionHub& permissions)
      : store(database, events), outbox(database), directs(store, outbox, permissions) {}

  SqlStore store;
  SqlOutbox outbox;
  SqlDirects directs;
};

}  // namespace hongyan::conversation::testing
