// Keys that lapse by themselves: for what is true as long as somebody keeps saying so.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "infra/async/task.h"

namespace hongyan::kv {

// Thread-safe. Not durable: losing everything loses hints, which the next renewals bring back.
class LeaseStore {
 public:
  virtual ~LeaseStore() = default;

  // Holds each key for this long from now, whatever was left of an earlier lease: renews and shortens. Returns at once; what
  // cannot be kept is lost until the next renewal. A repeat is harmless.
  virtual void hold(std::vector<std::string> keys, std::chrono::milliseconds lease) = 0;

  // Whether each key is held now, in order. Errors: unavailable, timeout.
  virtual async::Task<Result<std::vector<bool>>> held(std::vector<std::string> keys, async::Deadline deadline) = 0;
};

}  // namespace hongyan::kv
