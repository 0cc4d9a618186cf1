// A map of bounded size that forgets what was not used for longest.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace hongyan::account {

// Not thread-safe: its owner holds a lock. References are valid until the next put().
template <class Key, class T>
class LruMap {
 public:
  // `capacity` is at least 1.
  explicit LruMap(std::size_t capacity) : capacity_(capacity) {}

  // The value, now the most recently used; null when there is none.
  T* find(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->second;
  }

  // Puts the value in place of an earlier one; the least recently used makes room.
  T& put(const Key& key, T value) {
    erase(key);
    if (index_.size() >= capacity_) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    order_.emplace_front(key, std::move(value));
    index_.emplace(key, order_.begin());
    return order_.front().second;
  }

  // A repeat does nothing.
  void erase(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return;
    order_.erase(found->second);
    index_.erase(found);
  }

  std::size_t size() const { return index_.size(); }

 private:
  using Order = std::list<std::pair<Key, T>>;

  const std::size_t capacity_;
  Order order_;
  std::unordered_map<Key, typename Order::iterator> index_;
};

}  // namespace hongyan::account
