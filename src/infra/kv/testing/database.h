// What tests of databases share.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <string>
#include <vector>

#include "infra/kv/database.h"

namespace hongyan::kv::testing {

inline constexpr Family kPlain{0};
inline constexpr Family kPrefixed{1};
inline constexpr Family kSequence{2};

inline std::vector<FamilySpec> contract_families() {
  return {{.name = "plain", .mostly_absent = true}, {"prefixed", 2}, {.name = "sequence", .sequence = true}};
}

inline Result<void> commit_one(Database& database, std::string_view key, std::string_view value,
                               Family family = kPlain) {
  WriteBatch batch;
  batch.put(family, key, value);
  return database.commit(std::move(batch));
}

inline std::vector<std::string> keys_of(const Database& database, const KeyRange& range, Family family = kPrefixed,
                                        std::size_t most = 100) {
  std::vector<std::string> keys;
  EXPECT_TRUE(database.scan(family, range, [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return keys.size() < most;
  }));
  return keys;
}

// Lets no file of this process grow beyond some bytes while it lives, so that the write of a commit fails half way.
class NoGrowth {
 public:
  explicit NoGrowth(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit tight = before_;
    tight.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }
  ~NoGrowth() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_DFL);
  }
  NoGrowth(const NoGrowth&) = delete;
  NoGrowth& operator=(const NoGrowth&) = delete;

 private:
  rlimit before_{};
};

}  // namespace hongyan::kv::testing
