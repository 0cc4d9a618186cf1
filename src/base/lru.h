// A map that knows which entry was not used for longest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace hongyan {

// Not thread-safe. Grows until its owner calls pop_oldest(): only the owner knows when an entry may go. An entry that is
// among the newest eighth stays where it is when it is used: moving it would touch its neighbours, and cost more than finding it.
template <class Key, class Value>
class Lru {
 public:
  Lru() = default;
  // Entries point to each other.
  Lru(const Lru&) = delete;
  Lru& operator=(const Lru&) = delete;

  // The value, now one of the most recently used; null when there is none. Valid until the entry is erased.
  Value* find(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    if (moves_ - found->second.moved > index_.size() / kNewest) {
      unlink(*found);
      link(*found);
    }
    return &found->second.value;
  }

  // Sets the value and makes it one of the most recently used.
  Value& put(const Key& key, Value value) {
    if (Value* held = find(key)) {
      *held = std::move(value);
      return *held;
    }
    Node& added = *index_.try_emplace(key, std::move(value)).first;
    link(added);
    return added.second.value;
  }

  void erase(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return;
    unlink(*found);
    index_.erase(found);
  }

  // The value of the least recently used entry; null when there is none.
  const Value* oldest() const { return oldest_ == nullptr ? nullptr : &oldest_->second.value; }

  // Takes out the least recently used entry; the map must not be empty.
  std::pair<Key, Value> pop_oldest() {
    const auto oldest = index_.find(oldest_->first);
    unlink(*oldest);
    auto node = index_.extract(oldest);
    return {std::move(node.key()), std::move(node.mapped().value)};
  }

  void clear() {
    index_.clear();
    newest_ = nullptr;
    oldest_ = nullptr;
  }

  std::size_t size() const { return index_.size(); }

 private:
  // The part of all entries that counts as the newest: one in so many.
  static constexpr std::size_t kNewest = 8;

  struct Entry;
  using Node = std::pair<const Key, Entry>;
  struct Entry {
    explicit Entry(Value held) : value(std::move(held)) {}
    Value value;
    Node* newer = nullptr;
    Node* older = nullptr;
    // Of all moves to the front, which was the entry's last: so many others at most are newer as came after it.
    std::uint64_t moved = 0;
  };

  // Makes the node the newest.
  void link(Node& node) {
    Entry& entry = node.second;
    entry.newer = nullptr;
    entry.older = newest_;
    entry.moved = ++moves_;
    (newest_ == nullptr ? oldest_ : newest_->second.newer) = &node;
    newest_ = &node;
  }

  void unlink(Node& node) {
    const Entry& entry = node.second;
    (entry.newer == nullptr ? newest_ : entry.newer->second.older) = entry.older;
    (entry.older == nullptr ? oldest_ : entry.older->second.newer) = entry.newer;
  }

  std::unordered_map<Key, Entry> index_;
  Node* newest_ = nullptr;
  Node* oldest_ = nullptr;
  std::uint64_t moves_ = 0;
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
