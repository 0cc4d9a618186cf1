#include <gtest/gtest.h>

#include "infra/kv/logged_database.h"
#include "infra/kv/rocks_database.h"
#include "infra/kv/testing/database_contract.h"

namespace hongyan::kv::testing {
namespace {

Result<std::unique_ptr<Database>> open_rocks(const std::filesystem::path& folder) {
  HY_TRY(auto database,
         RocksDatabase::open({.folder = folder, .families = contract_families(), .write_buffer_bytes = 64 << 10}));
  return database;
}

// With segments of one record everything is moved at once, with large ones nothing is.
template <std::size_t SegmentBytes>
Result<std::unique_ptr<Database>> open_logged(const std::filesystem::path& folder) {
  static metrics::Metrics metrics;
  LoggedOptions options{.rocks = {.folder = folder, .families = contract_families()}, .segment_bytes = SegmentBytes};
  HY_TRY(auto database, LoggedDatabase::open(std::move(options), metrics));
  return database;
}

INSTANTIATE_TEST_SUITE_P(Rocks, DatabaseContract, ::testing::Values(OpenDatabase(open_rocks)));
INSTANTIATE_TEST_SUITE_P(Live, DatabaseContract, ::testing::Values(OpenDatabase(open_logged<4 << 20>)));
INSTANTIATE_TEST_SUITE_P(Moved, DatabaseContract, ::testing::Values(OpenDatabase(open_logged<1>)));

}  // namespace
}  // namespace hongyan::kv::testing
