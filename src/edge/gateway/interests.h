// Which lanes a push concerns.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "wire/topics.h"

namespace hongyan::gateway {

// The topics that somebody has subscribed to, each with the lanes where. Thread-safe. Owned by the Gateway.
class Interests {
 public:
  static constexpr std::size_t kMaxLanes = 64;

  void add(const wire::Topic& topic, std::size_t lane) {
    const std::lock_guard lock(mutex_);
    lanes_[topic] |= bit(lane);
  }
  void remove(const wire::Topic& topic, std::size_t lane) {
    const std::lock_guard lock(mutex_);
    const auto found = lanes_.find(topic);
    if (found != lanes_.end() && (found->second &= ~bit(lane)) == 0) lanes_.erase(found);
  }

  // For each of `lanes` lanes what concerns it, in order. What names who joins or leaves a group concerns all:
  // subscribers that are not in its topic yet come into it. So does, until each lane has said joined(), everything of
  // that group that follows.
  std::vector<std::vector<wire::Publication>> spread(std::span<const wire::Publication> batch, std::size_t lanes) {
    std::vector<std::vector<wire::Publication>> parts(lanes);
    const std::lock_guard lock(mutex_);
    for (const wire::Publication& one : batch) {
      const std::uint64_t concerned = concerned_by(one);
      if (!one.push->place().join.empty()) joining_[wire::Topic::group(one.push->conversation())] += lanes;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        if ((concerned & bit(lane)) != 0) parts[lane].push_back(one);
      }
    }
    return parts;
  }

  // A lane has delivered a push that names who joins the group.
  void joined(const wire::Topic& group) {
    const std::lock_guard lock(mutex_);
    const auto found = joining_.find(group);
    if (found != joining_.end() && --found->second == 0) joining_.erase(found);
  }

 private:
  std::uint64_t concerned_by(const wire::Publication& one) const {
    const wire::HistoryPlace& place = one.push->place();
    const bool moves = !place.join.empty() || !place.leave.empty();
    if (moves || (!joining_.empty() && joining_.contains(one.topic))) return ~std::uint64_t{0};
    const auto found = lanes_.find(one.topic);
    return found == lanes_.end() ? 0 : found->second;
  }
  static std::uint64_t bit(std::size_t lane) { return std::uint64_t{1} << lane; }

  std::mutex mutex_;
  boost::unordered_flat_map<wire::Topic, std::uint64_t, std::hash<wire::Topic>> lanes_;
  // Groups of which pushes that name who joins are on their way; how many of them on how many lanes.
  boost::unordered_flat_map<wire::Topic, std::size_t, std::hash<wire::Topic>> joining_;
};

}  // namespace hongyan::gateway
