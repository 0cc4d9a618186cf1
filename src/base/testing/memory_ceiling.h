// The ceiling of ids for tests.
#pragma once

#include "base/id_generator.h"

namespace hongyan {

// Forgets at the end.
class MemoryCeiling final : public IdCeiling {
 public:
  Result<TimeMs> load() override { return stored_; }
  Result<void> store(TimeMs ceiling) override {
    stored_ = ceiling;
    return {};
  }

 private:
  TimeMs stored_;
};

}  // namespace hongyan
