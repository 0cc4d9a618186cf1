// What a segment of the log holds, by key, in memory.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infra/kv/database.h"

namespace hongyan::kv {

// The newest state of one key: a value, or that it was erased. Points into the bytes of a batch.
class Cell {
 public:
  Cell() = default;
  // The value lies right behind the key.
  Cell(std::string_view key, std::string_view value, bool erased)
      : data_(key.data()),
        key_size_(static_cast<std::uint32_t>(key.size())),
        value_size_(erased ? kErased : static_cast<std::uint32_t>(value.size())) {}

  std::string_view key() const { return {data_, key_size_}; }
  std::string_view value() const {
    return erased() ? std::string_view() : std::string_view(data_ + key_size_, value_size_);
  }
  bool erased() const { return value_size_ == kErased; }

  // Has the processor fetch it while it is busy with others: the bytes of a batch were last touched long ago, and lie apart.
  void prefetch() const {
    const std::size_t size = std::min(key().size() + value().size(), kPrefetched);
    for (std::size_t at = 0; at < size; at += kLine) __builtin_prefetch(data_ + at);
  }

 private:
  static constexpr std::uint32_t kErased = UINT32_MAX;
  static constexpr std::size_t kLine = 64;
  // A key and most values; the rest comes by itself when they are read.
  static constexpr std::size_t kPrefetched = 192;

  const char* data_ = nullptr;
  std::uint32_t key_size_ = 0;
  std::uint32_t value_size_ = kErased;
};

// Calls `visit` with each cell, and has those that follow fetched meanwhile.
template <class Visit>
void visit_each(std::span<const Cell> cells, const Visit& visit) {
  // As many as a core can wait for together.
  constexpr std::size_t kAhead = 8;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i + kAhead < cells.size()) cells[i + kAhead].prefetch();
    visit(cells[i]);
  }
}

// Keeps the bytes of batches and finds the newest state of each key in them. Reads may go on side by side; apply() must be
// alone. What cells point to stays as long as the table. Owned by a LoggedDatabase.
class LiveTable {
 public:
  // `families` must outlive it.
  explicit LiveTable(std::span<const FamilySpec> families);

  // Makes room for about as much as the other holds.
  void reserve_like(const LiveTable& other);

  // Takes over a batch, or several, and indexes `bytes`, which lie in what is kept. False, with the table half filled,
  // when they are no batch of these families.
  bool apply(std::shared_ptr<const std::string> kept, std::string_view bytes);

  // The state of the key, nothing when this table does not know it.
  std::optional<Cell> find(Family family, std::string_view key) const;

  // The cells of a family that is only looked up, in no order.
  std::vector<Cell> unsorted(Family family) const;

  // The first cells of the range in its direction, at most `most`.
  std::vector<Cell> read(Family family, const KeyRange& range, std::size_t most) const;

  // All cells of the family by key.
  std::vector<Cell> sorted(Family family) const;

  // What lies below this key in older tables and in the database was erased; empty for nothing.
  std::string_view floor(Family family) const { return tables_[static_cast<std::size_t>(family)].floor; }

  // Bytes of the batches.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Hash {
    // Every bit of it depends on all of the key (boost::unordered::hash_is_avalanching).
    using is_avalanching = void;
    std::size_t operator()(std::string_view key) const noexcept;
  };
  template <class Value>
  using Map = boost::unordered_flat_map<std::string_view, Value, Hash>;

  struct Table {
    // Of a family that is only looked up.
    Map<Cell> cells;
    // Of one that is scanned: the cells of each prefix, by key.
    Map<std::vector<Cell>> groups;
    std::string_view floor;
  };

  bool scanned(std::size_t family) const { return families_[family].prefix_bytes > 0 || families_[family].sequence; }
  std::string_view prefix_of(std::size_t family, std::string_view key) const {
    return key.substr(0, families_[family].prefix_bytes);
  }
  void put(std::size_t family, Cell cell);
  void erase_below(std::size_t family, std::string_view key);

  const std::span<const FamilySpec> families_;
  std::vector<std::shared_ptr<const std::string>> kept_;
  std::vector<Table> tables_;
  std::size_t bytes_ = 0;
};

}  // namespace hongyan::kv
