// Tells keys that are certainly not in a set, without looking into it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hongyan::kv {

// A split block Bloom filter (Putze, Sanders, Singler 2007; the blocks are those of Apache Parquet's specification) that
// grows by further filters, each twice as large as all before it where there is room: all are asked, so there must be few.
// Takes 16 bits a key; of other keys each says "perhaps" for less than three in a thousand. Thread-safe: what was added
// before may_have() began, it knows of.
class KeyFilter {
 public:
  // Makes room for `expected` keys. With more keys than fit in `max_bytes` it is given up: then every key may be there.
  KeyFilter(std::size_t expected, std::size_t max_bytes);
  ~KeyFilter();

  void add(std::string_view key);

  // For each key, false: it was never added. Many together wait for memory a few times, not each of them once a layer.
  std::vector<bool> may_have(std::span<const std::string> keys) const;

  std::size_t bytes() const;

 private:
  // 8 words of which a key sets one bit each.
  struct alignas(32) Block {
    std::array<std::atomic<std::uint32_t>, 8> words;
  };
  struct Layer;

  bool may_have(std::uint64_t hash) const;
  void grow();
  void add_layer(std::size_t keys);

  const std::size_t max_bytes_;
  std::mutex adding_;
  // Keys that the newest layer has room for.
  std::size_t room_ = 0;
  std::atomic<bool> given_up_{false};
  std::atomic<std::size_t> count_{0};
  // Never taken away, so that readers need no lock.
  std::array<std::unique_ptr<Layer>, 48> layers_;
};

}  // namespace hongyan::kv
