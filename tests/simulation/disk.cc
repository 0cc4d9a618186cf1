#include "simulation/disk.h"

#include <gtest/gtest.h>

#include "infra/sql/database.h"
#include "infra/sql/migrations.h"

namespace hongyan::simulation {

EmptyDatabase::EmptyDatabase() {
  async::BlockingPool pool("none", 0, 1);
  sql::Database database({file()}, 1, pool, pool);
  const ManualClock clock;
  EXPECT_TRUE(sql::migrate(database, clock));
}

}  // namespace hongyan::simulation
