// A map that knows which entry was not used for longest.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace hongyan {

// Not thread-safe. Grows until its owner calls pop_oldest(): only the owner knows when an entry may go.
template <class Key, class Value>
class Lru {
 public:
  // The value, now the most recently used; null when there is none. Valid until the entry is erased.
  Value* find(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }

  // Sets the value and makes it the most recently used.
  Value& put(const Key& key, Value value) {
    if (Value* held = find(key)) {
      *held = std::move(value);
      return *held;
    }
    entries_.emplace_front(key, std::move(value));
    index_.emplace(key, entries_.begin());
    return entries_.front().second;
  }

  void erase(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return;
    entries_.erase(found->second);
    index_.erase(found);
  }

  // The least recently used entry; null when there is none.
  const std::pair<Key, Value>* oldest() const { return entries_.empty() ? nullptr : &entries_.back(); }

  // Takes out the least recently used entry; the map must not be empty.
  std::pair<Key, Value> pop_oldest() {
    std::pair<Key, Value> oldest = std::move(entries_.back());
    index_.erase(oldest.first);
    entries_.pop_back();
    return oldest;
  }

  void clear() {
    index_.clear();
    entries_.clear();
  }

  std::size_t size() const { return index_.size(); }

 private:
  std::list<std::pair<Key, Value>> entries_;
  std::unordered_map<Key, typename std::list<std::pair<Key, Value>>::iterator> index_;
};

// As Lru, but of bounded size: the least recently used entry makes room. References are valid until the next put().
template <class Key, class Value>
class BoundedLru {
 public:
  // `capacity` is at least 1.
  explicit BoundedLru(std::size_t capacity) : capacity_(capacity) {}

  Value* find(const Key& key) { return entries_.find(key); }

  Value& put(const Key& key, Value value) {
    Value& held = entries_.put(key, std::move(value));
    if (entries_.size() > capacity_) entries_.pop_oldest();
    return held;
  }

  void erase(const Key& key) { entries_.erase(key); }

  std::size_t size() const { return entries_.size(); }

 private:
  const std::size_t capacity_;
  Lru<Key, Value> entries_;
};

}  // namespace hongyan
