#include "app/doctor/stores.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/testing/temporary_folder.h"
#include "infra/kv/logged_database.h"
#include "infra/sql/connection.h"

namespace hongyan::app {
namespace {

class DoctorStores : public testing::Test {
 protected:
  const TemporaryFolder folder_;
};

TEST_F(DoctorStores, AFolderWithoutStoresHasNothingToFind) { EXPECT_TRUE(check_stores(folder_, {}).empty()); }

TEST_F(DoctorStores, WholeStoresAreGood) {
  {
    const auto connection = sql::connect({.file = folder_ / "hongyan.db"}, sql::Access::write);
    ASSERT_TRUE(connection->run("CREATE TABLE t (a INTEGER)"));
    metrics::Metrics metrics;
    const auto opened =
        kv::LoggedDatabase::open({.rocks = {.folder = folder_ / "messages", .families = {{"some"}}}}, metrics);
    ASSERT_TRUE(opened);
    kv::WriteBatch batch;
    batch.put(kv::Family{0}, "a", "b");
    ASSERT_TRUE((*opened)->commit(std::move(batch)));
  }
  const Findings findings = check_stores(folder_, {});
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].grade, Grade::good) << findings[0].what;
  EXPECT_EQ(findings[1].grade, Grade::good) << findings[1].what;
}

TEST_F(DoctorStores, DamageIsFound) {
  std::ofstream(folder_ / "hongyan.db") << std::string(8192, 'x');
  std::filesystem::create_directories(folder_ / "messages");
  std::ofstream(folder_ / "messages" / "CURRENT") << "MANIFEST-000009\n";
  const Findings findings = check_stores(folder_, {});
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].grade, Grade::failure) << findings[0].what;
  EXPECT_EQ(findings[1].grade, Grade::failure) << findings[1].what;
}

TEST_F(DoctorStores, AServerThatDoesNotAnswerIsFound) {
  sql::Config config;
  config.url = "mysql://nobody@localhost/none?socket=" + (folder_ / "no-socket").string();
  const Findings findings = check_stores(folder_, config);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].grade, Grade::failure) << findings[0].what;
  EXPECT_NE(findings[0].what.find("database none on "), std::string::npos) << findings[0].what;
}

}  // namespace
}  // namespace hongyan::app
