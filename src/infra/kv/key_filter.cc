#include "infra/kv/key_filter.h"

#include <algorithm>
#include <vector>

#include "infra/kv/key_hash.h"

namespace hongyan::kv {
namespace {

constexpr std::size_t kBitsPerKey = 16;
constexpr std::size_t kFewest = 1 << 17;
// How many times as large as all before it a further filter is, and how small it may be where there is no room for that.
constexpr std::size_t kGrowth = 2;
constexpr std::size_t kLeastPart = 4;

constexpr std::size_t keys_in(std::size_t bytes) { return bytes * 8 / kBitsPerKey; }

// Odd numbers that spread 32 bits of a hash over the words of a block.
constexpr std::array<std::uint32_t, 8> kSalts{0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                              0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};

std::uint32_t bit_of(std::uint64_t hash, std::size_t word) {
  return 1U << ((static_cast<std::uint32_t>(hash) * kSalts[word]) >> 27U);
}

}  // namespace

struct KeyFilter::Layer {
  std::vector<Block> blocks;

  explicit Layer(std::size_t keys) : blocks(std::max<std::size_t>(1, keys * kBitsPerKey / (8 * sizeof(Block)))) {}
  // The upper half of the hash tells the block, the lower half the bits.
  std::size_t index_of(std::uint64_t hash) const { return ((hash >> 32U) * blocks.size()) >> 32U; }
  const Block& block_of(std::uint64_t hash) const { return blocks[index_of(hash)]; }
  Block& block_of(std::uint64_t hash) { return blocks[index_of(hash)]; }
  std::size_t bytes() const { return blocks.size() * sizeof(Block); }
};

KeyFilter::KeyFilter(std::size_t expected, std::size_t max_bytes) : max_bytes_(max_bytes) {
  add_layer(std::max(expected, kFewest));
}

KeyFilter::~KeyFilter() = default;

void KeyFilter::add(std::string_view key) {
  const std::uint64_t hash = hash_of(key);
  const std::lock_guard lock(adding_);
  if (room_ == 0) grow();
  if (given_up_) return;
  --room_;
  Block& block = layers_[count_ - 1]->block_of(hash);
  for (std::size_t word = 0; word < block.words.size(); ++word) {
    block.words[word].fetch_or(bit_of(hash, word), std::memory_order_relaxed);
  }
}

std::vector<bool> KeyFilter::may_have(std::span<const std::string> keys) const {
  // As many as a core can wait for together, and more.
  constexpr std::size_t kTogether = 16;
  std::vector<bool> may(keys.size(), true);
  if (given_up_) return may;
  std::array<std::uint64_t, kTogether> hashes;
  for (std::size_t from = 0; from < keys.size(); from += kTogether) {
    const std::size_t count = std::min(kTogether, keys.size() - from);
    const std::size_t layers = count_;
    for (std::size_t i = 0; i < count; ++i) {
      hashes[i] = hash_of(keys[from + i]);
      for (std::size_t layer = 0; layer < layers; ++layer) __builtin_prefetch(&layers_[layer]->block_of(hashes[i]));
    }
    for (std::size_t i = 0; i < count; ++i) may[from + i] = may_have(hashes[i]);
  }
  return may;
}

bool KeyFilter::may_have(std::uint64_t hash) const {
  const std::size_t count = count_;
  for (std::size_t i = 0; i < count; ++i) {
    const Block& block = layers_[i]->block_of(hash);
    bool all = true;
    for (std::size_t word = 0; all && word < block.words.size(); ++word) {
      all = (block.words[word].load(std::memory_order_relaxed) & bit_of(hash, word)) != 0;
    }
    if (all) return true;
  }
  return false;
}

std::size_t KeyFilter::bytes() const {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count_; ++i) bytes += layers_[i]->bytes();
  return bytes;
}

// The caller holds the mutex.
void KeyFilter::grow() {
  const std::size_t before = keys_in(bytes());
  const std::size_t more = std::min(before * kGrowth, keys_in(max_bytes_) - before);
  add_layer(std::max(more, before / kLeastPart));
}

// The caller holds the mutex, or nobody else knows of the filter yet.
void KeyFilter::add_layer(std::size_t keys) {
  if (given_up_ || count_ == layers_.size() || keys_in(bytes()) + keys > keys_in(max_bytes_)) {
    given_up_ = true;
    return;
  }
  layers_[count_] = std::make_unique<Layer>(keys);
  room_ = keys;
  ++count_;
}

}  // namespace hongyan::kv
