#include "infra/kv/overlay.h"

#include <algorithm>

namespace hongyan::kv {
namespace {

constexpr std::size_t kChunk = 64;
// Each look into a family without order costs as much as all of it.
constexpr std::size_t kLargeChunk = 4096;

}  // namespace

Overlay::Overlay(LiveTables tables, std::mutex& mutex, Family family, const KeyRange& range)
    : mutex_(mutex),
      family_(family),
      descending_(range.descending),
      chunk_(range.many_prefixes ? kLargeChunk : kChunk) {
  for (auto& table : tables) {
    // What a newer table has erased does not come back from an older one.
    sources_.push_back({.table = table, .rest = range, .floor = floor_});
    const std::lock_guard lock(mutex_);
    floor_ = std::max(floor_, table->floor(family));
  }
}

std::optional<Cell> Overlay::peek() {
  const Cell* next = nullptr;
  for (Source& source : sources_) {
    const Cell* cell = first_of(source);
    if (cell == nullptr) continue;
    // Of the same key the newest counts, which is the first that was found.
    const bool before = next == nullptr || (descending_ ? cell->key() > next->key() : cell->key() < next->key());
    if (before) next = cell;
  }
  return next == nullptr ? std::nullopt : std::optional(*next);
}

void Overlay::pop() {
  const auto next = peek();
  if (!next) return;
  for (Source& source : sources_) {
    const Cell* cell = first_of(source);
    if (cell != nullptr && cell->key() == next->key()) ++source.at;
  }
}

// The source's first cell that has not been erased from below, null at its end.
const Cell* Overlay::first_of(Source& source) {
  while (true) {
    if (source.at == source.cells.size()) refill(source);
    if (source.at == source.cells.size()) return nullptr;
    const Cell& cell = source.cells[source.at];
    if (cell.key() >= source.floor) return &cell;
    ++source.at;
  }
}

void Overlay::refill(Source& source) {
  if (source.ended) return;
  const std::optional<Cell> last = source.cells.empty() ? std::nullopt : std::optional(source.cells.back());
  if (last) (descending_ ? source.rest.to : source.rest.from) = last->key();
  {
    const std::lock_guard lock(mutex_);
    source.cells = source.table->read(family_, source.rest, chunk_);
  }
  source.ended = source.cells.size() < chunk_;
  // Both ends of a range belong to it.
  source.at = last && !source.cells.empty() && source.cells.front().key() == last->key() ? 1 : 0;
}

}  // namespace hongyan::kv
