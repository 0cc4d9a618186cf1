// How many calls may be under way.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace hongyan::edge {

// A bound without a queue: who does not get a place is refused. Thread-safe. Outlives its places.
class CallLimit {
 public:
  explicit CallLimit(std::int64_t most) : most_(most) {}

  // A place that is given back when it goes away; false when there was none. Moves.
  class Place {
   public:
    explicit Place(CallLimit* limit) : limit_(limit) {}
    Place(Place&& other) noexcept : limit_(std::exchange(other.limit_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (limit_ != nullptr) limit_->taken_.fetch_sub(1, std::memory_order_relaxed);
    }
    explicit operator bool() const { return limit_ != nullptr; }

   private:
    CallLimit* limit_;
  };

  Place take() {
    if (taken_.fetch_add(1, std::memory_order_relaxed) < most_) return Place(this);
    taken_.fetch_sub(1, std::memory_order_relaxed);
    return Place(nullptr);
  }

 private:
  const std::int64_t most_;
  std::atomic<std::int64_t> taken_{0};
};

}  // namespace hongyan::edge
