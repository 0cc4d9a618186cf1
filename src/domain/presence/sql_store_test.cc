#include "domain/presence/sql_store.h"

#include "domain/presence/testing/store_contract.h"
#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::presence {
namespace {

struct SqlWorld final : testing::StoreWorld {
  SqlWorld() { EXPECT_TRUE(sql::migrate(database.database(), SystemClock())); }
  Store& store() override { return sql_store; }

  sql::testing::TemporaryDatabase database;
  SqlStore sql_store{database.database()};
};

}  // namespace

namespace testing {
INSTANTIATE_TEST_SUITE_P(Sql, StoreContract, ::testing::Values([] { return std::make_unique<SqlWorld>(); }));
}  // namespace testing

}  // namespace hongyan::presence
