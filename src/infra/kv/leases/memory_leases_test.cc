#include "infra/kv/leases/memory_leases.h"

#include "infra/kv/testing/lease_contract.h"

namespace hongyan::kv {
namespace {

testing::LeaseWorld in_memory() {
  const auto clock = std::make_shared<ManualClock>();
  // The clock lives as long as the function that moves it, which stands beside the store.
  return {.store = std::make_unique<MemoryLeases>(*clock),
          .pass = [clock](std::chrono::milliseconds by) { clock->advance(by); }};
}

TEST(MemoryLeases, LapsedKeysDoNotPileUp) {
  ManualClock clock;
  MemoryLeases leases(clock);
  for (int i = 0; i < 100'000; ++i) {
    leases.hold({std::to_string(i)}, std::chrono::milliseconds(10));
    clock.advance(std::chrono::milliseconds(1));
  }
  EXPECT_LE(leases.size(), 128u);
}

}  // namespace

namespace testing {
INSTANTIATE_TEST_SUITE_P(Memory, LeaseContract, ::testing::Values(in_memory));
}  // namespace testing

}  // namespace hongyan::kv
