#include "infra/kv/absent_keys.h"

#include "infra/async/io_threads.h"
#include "infra/log/log.h"

namespace hongyan::kv {

AbsentKeys::AbsentKeys(std::span<const FamilySpec> families, std::size_t max_bytes)
    : families_(families), max_bytes_(max_bytes) {}

void AbsentKeys::learn(const RocksDatabase& database) {
  if (complete_) return;
  there_.clear();
  for (std::size_t i = 0; i < families_.size(); ++i) {
    there_.push_back(families_[i].mostly_absent ? std::make_unique<KeyFilter>(database.about(Family{i}), max_bytes_)
                                                : nullptr);
  }
  learner_ = std::jthread([this, &database](const std::stop_token& stop) {
    async::name_this_thread("learn");
    async::put_this_thread_last();
    if (auto result = read_all(database, stop); !result) {
      log::warn("store_learn_failed", {{"reason", result.error().detail}});
    }
  });
}

void AbsentKeys::stop() { learner_ = {}; }

// What is moved meanwhile comes by add().
Result<void> AbsentKeys::read_all(const RocksDatabase& database, const std::stop_token& stop) {
  for (std::size_t i = 0; i < there_.size(); ++i) {
    if (!there_[i]) continue;
    HY_TRY(database.each_key(Family{i}, [&](std::string_view key) {
      there_[i]->add(key);
      return !stop.stop_requested();
    }));
  }
  complete_ = !stop.stop_requested();
  return {};
}

void AbsentKeys::add(const LiveTable& table) {
  for (std::size_t i = 0; i < there_.size(); ++i) {
    if (!there_[i]) continue;
    visit_each(table.unsorted(Family{i}), [&](const Cell& cell) { there_[i]->add(cell.key()); });
  }
}

std::vector<bool> AbsentKeys::which(Family family, std::span<const std::string> keys) const {
  const auto& there = there_[static_cast<std::size_t>(family)];
  if (!there || !complete_) return {};
  std::vector<bool> absent = there->may_have(keys);
  absent.flip();
  return absent;
}

}  // namespace hongyan::kv
