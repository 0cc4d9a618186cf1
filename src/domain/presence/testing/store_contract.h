// What every store of presence keeps to.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "domain/presence/store.h"
#include "infra/async/io_threads.h"

namespace hongyan::presence::testing {

// An empty store and what it needs.
struct StoreWorld {
  virtual ~StoreWorld() = default;
  virtual Store& store() = 0;
};

// Parameter: makes a world.
class StoreContract : public ::testing::TestWithParam<std::function<std::unique_ptr<StoreWorld>()>> {
 protected:
  template <class T>
  T run(async::Task<Result<T>> task) {
    return async::start(io_.context(0).get_executor(), std::move(task)).get().value();
  }
  void write(std::vector<LastSeen> rows) {
    auto written = world_->store().write(std::move(rows), soon());
    ASSERT_TRUE(async::start(io_.context(0).get_executor(), std::move(written)).get());
  }
  // By user.
  std::vector<LastSeen> read(std::vector<UserId> users) {
    auto rows = run(world_->store().read(std::move(users), soon()));
    std::ranges::sort(rows, {}, &LastSeen::user);
    return rows;
  }
  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(10)); }

  // First, so that it outlives the pools of the world: what they finish resumes here.
  async::IoThreads io_{1};
  std::unique_ptr<StoreWorld> world_ = GetParam()();
};

TEST_P(StoreContract, KeepsTheLatestOfEach) {
  write({});
  EXPECT_TRUE(read({UserId(1)}).empty());
  EXPECT_TRUE(read({}).empty());
  write({{UserId(1), TimeMs(10)}, {UserId(2), TimeMs(20)}});
  write({{UserId(2), TimeMs(30)}, {UserId(3), TimeMs(40)}});
  EXPECT_EQ(read({UserId(3), UserId(2), UserId(1), UserId(9)}),
            (std::vector<LastSeen>{{UserId(1), TimeMs(10)}, {UserId(2), TimeMs(30)}, {UserId(3), TimeMs(40)}}));
}

TEST_P(StoreContract, TakesAsManyAsItSays) {
  std::vector<LastSeen> rows;
  std::vector<UserId> users;
  for (std::uint64_t i = 1; i <= Store::kMaxPeople; ++i) {
    rows.push_back({UserId(i), TimeMs(static_cast<std::int64_t>(i))});
    users.emplace_back(i);
  }
  write(rows);
  write(rows);
  EXPECT_EQ(read(users), rows);
}

TEST_P(StoreContract, DropsOne) {
  write({{UserId(1), TimeMs(10)}, {UserId(2), TimeMs(20)}});
  for (int i = 0; i < 2; ++i) {
    auto dropped = world_->store().drop(UserId(1), soon());
    ASSERT_TRUE(async::start(io_.context(0).get_executor(), std::move(dropped)).get());
  }
  EXPECT_EQ(read({UserId(1), UserId(2)}), (std::vector<LastSeen>{{UserId(2), TimeMs(20)}}));
}

}  // namespace hongyan::presence::testing
