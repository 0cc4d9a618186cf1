// How RocksDB is set up.
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/options.h>

#include <memory>

#include "infra/kv/rocks_database.h"

namespace hongyan::kv {

rocksdb::DBOptions database_options(const RocksOptions& options);

rocksdb::ColumnFamilyOptions family_options(const FamilySpec& spec, const RocksOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache);

// The cache that all families share.
std::shared_ptr<rocksdb::Cache> block_cache(std::size_t bytes);

}  // namespace hongyan::kv
