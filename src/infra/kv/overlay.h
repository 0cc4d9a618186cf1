// The tables in memory as one: the newest state of each key of a range, in its order.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/kv/live_table.h"

namespace hongyan::kv {

// Tables of a moment, the newest first.
using LiveTables = std::vector<std::shared_ptr<const LiveTable>>;

// Lives during one scan, on one thread. Cells are taken from the tables some at a time, under `mutex`, because the newest one
// may grow meanwhile.
class Overlay {
 public:
  Overlay(LiveTables tables, std::mutex& mutex, Family family, const KeyRange& range);

  // The next cell; one that was erased stands for what lies in the database below. Nothing at the end.
  std::optional<Cell> peek();
  void pop();

  // What lies below this key in the database was erased.
  std::string_view floor() const { return floor_; }

 private:
  struct Source {
    std::shared_ptr<const LiveTable> table;
    // What is left of the range behind `cells`.
    KeyRange rest;
    std::string_view floor;
    std::vector<Cell> cells = {};
    std::size_t at = 0;
    bool ended = false;
  };

  const Cell* first_of(Source& source);
  void refill(Source& source);

  std::mutex& mutex_;
  const Family family_;
  const bool descending_;
  const std::size_t chunk_;
  std::string_view floor_;
  std::vector<Source> sources_;
};

}  // namespace hongyan::kv
