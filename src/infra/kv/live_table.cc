#include "infra/kv/live_table.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/assert.h"
#include "infra/kv/key_hash.h"

namespace hongyan::kv {
namespace {

// Where the cells of the range begin and end in a sorted list.
std::span<const Cell> cells_in(std::span<const Cell> cells, const KeyRange& range) {
  const auto from = std::ranges::lower_bound(cells, std::string_view(range.from), {}, &Cell::key);
  const auto to = std::ranges::upper_bound(from, cells.end(), std::string_view(range.to), {}, &Cell::key);
  return {from, to};
}

// The first `most` of sorted cells in the direction of the range.
std::vector<Cell> first_of(std::span<const Cell> cells, const KeyRange& range, std::size_t most) {
  const std::size_t count = std::min(most, cells.size());
  if (!range.descending) return {cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(count)};
  return {cells.rbegin(), cells.rbegin() + static_cast<std::ptrdiff_t>(count)};
}

// A cell with the first 16 bytes of its key as numbers that are in the order of the bytes, which tell most keys apart.
struct Ranked {
  std::uint64_t high;
  std::uint64_t low;
  Cell cell;

  explicit Ranked(const Cell& of) : high(word(of.key(), 0)), low(word(of.key(), 8)), cell(of) {}
  bool operator<(const Ranked& other) const {
    if (high != other.high) return high < other.high;
    if (low != other.low) return low < other.low;
    return cell.key() < other.cell.key();
  }

 private:
  // What is missing counts as zeros: then the keys themselves decide.
  static std::uint64_t word(std::string_view key, std::size_t at) {
    std::uint64_t bytes = 0;
    if (key.size() > at) std::memcpy(&bytes, key.data() + at, std::min(sizeof bytes, key.size() - at));
    if constexpr (std::endian::native == std::endian::little) bytes = std::byteswap(bytes);
    return bytes;
  }
};

}  // namespace

std::size_t LiveTable::Hash::operator()(std::string_view key) const noexcept { return hash_of(key); }

LiveTable::LiveTable(std::span<const FamilySpec> families) : families_(families), tables_(families.size()) {}

void LiveTable::reserve_like(const LiveTable& other) {
  // A few more than last time must not make a commit wait while the table grows; many more would make it twice as large.
  const auto with_room = [](std::size_t size) { return size + size / 64; };
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    tables_[i].cells.reserve(with_room(other.tables_[i].cells.size()));
    tables_[i].groups.reserve(with_room(other.tables_[i].groups.size()));
  }
  kept_.reserve(with_room(other.kept_.size()));
}

bool LiveTable::apply(std::shared_ptr<const std::string> kept, std::string_view bytes) {
  WriteReader reader(bytes);
  while (const auto write = reader.next()) {
    const auto family = static_cast<std::size_t>(write->family);
    if (family >= families_.size()) return false;
    if (write->kind == Write::Kind::erase_below) {
      if (!families_[family].sequence) return false;
      erase_below(family, write->key);
    } else {
      put(family, Cell(write->key, write->value, write->kind == Write::Kind::erase));
    }
  }
  bytes_ += bytes.size();
  kept_.push_back(std::move(kept));
  return !reader.damaged();
}

void LiveTable::put(std::size_t family, Cell cell) {
  Table& table = tables_[family];
  if (!scanned(family)) {
    table.cells.insert_or_assign(cell.key(), cell);
    return;
  }
  std::vector<Cell>& group = table.groups[prefix_of(family, cell.key())];
  // Nearly always: numbers only grow.
  if (group.empty() || group.back().key() < cell.key()) return group.push_back(cell);
  const auto at = std::ranges::lower_bound(group, cell.key(), {}, &Cell::key);
  if (at->key() == cell.key()) {
    *at = cell;
  } else {
    group.insert(at, cell);
  }
}

void LiveTable::erase_below(std::size_t family, std::string_view key) {
  Table& table = tables_[family];
  table.floor = std::max(table.floor, key);
  for (auto& [prefix, group] : table.groups) {
    group.erase(group.begin(), std::ranges::lower_bound(group, key, {}, &Cell::key));
  }
}

std::optional<Cell> LiveTable::find(Family family, std::string_view key) const {
  const auto index = static_cast<std::size_t>(family);
  const Table& table = tables_[index];
  if (!scanned(index)) {
    const auto found = table.cells.find(key);
    return found == table.cells.end() ? std::nullopt : std::optional(found->second);
  }
  if (const auto group = table.groups.find(prefix_of(index, key)); group != table.groups.end()) {
    const auto at = std::ranges::lower_bound(group->second, key, {}, &Cell::key);
    if (at != group->second.end() && at->key() == key) return *at;
  }
  // What has been put below the floor since was found above.
  return key < table.floor ? std::optional(Cell(key, {}, true)) : std::nullopt;
}

std::vector<Cell> LiveTable::unsorted(Family family) const {
  std::vector<Cell> cells;
  const Table& table = tables_[static_cast<std::size_t>(family)];
  cells.reserve(table.cells.size());
  for (const auto& [key, cell] : table.cells) cells.push_back(cell);
  return cells;
}

std::vector<Cell> LiveTable::read(Family family, const KeyRange& range, std::size_t most) const {
  const auto index = static_cast<std::size_t>(family);
  const Table& table = tables_[index];
  if (scanned(index) && !range.many_prefixes) {
    const auto group = table.groups.find(prefix_of(index, range.from));
    return group == table.groups.end() ? std::vector<Cell>() : first_of(cells_in(group->second, range), range, most);
  }
  std::vector<Cell> cells = sorted(family);
  return first_of(cells_in(cells, range), range, most);
}

std::vector<Cell> LiveTable::sorted(Family family) const {
  const Table& table = tables_[static_cast<std::size_t>(family)];
  std::vector<Cell> cells = unsorted(family);
  std::vector<Ranked> ranked;
  ranked.reserve(cells.size());
  visit_each(cells, [&](const Cell& cell) { ranked.emplace_back(cell); });
  std::ranges::sort(ranked, std::less<>());
  cells.clear();
  for (const Ranked& one : ranked) cells.push_back(one.cell);
  // Groups are sorted already, and do not overlap.
  std::vector<std::pair<std::string_view, std::span<const Cell>>> groups;
  for (const auto& [prefix, group] : table.groups) groups.emplace_back(prefix, group);
  std::ranges::sort(groups, {}, [](const auto& group) { return group.first; });
  for (const auto& [prefix, group] : groups) cells.insert(cells.end(), group.begin(), group.end());
  return cells;
}

}  // namespace hongyan::kv
