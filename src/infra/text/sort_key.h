// The order of names in lists: by sound for Chinese, by letter for the rest.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace hongyan::text {

// Makes keys by which names are sorted as text, byte by byte: pinyin without tones (family names as such: 单 is shan), other
// scripts in Latin letters, all in lower case. What begins with no letter gets a `~` in front and comes last. Never empty. The
// same name has the same key wherever it is made with the same version of ICU. Thread-safe.
class SortKeys {
 public:
  // Bytes of a key at most; names that differ beyond that have the same one.
  static constexpr std::size_t kMaxBytes = 256;

  SortKeys();
  ~SortKeys();
  SortKeys(const SortKeys&) = delete;
  SortKeys& operator=(const SortKeys&) = delete;

  // The key of a name in UTF-8.
  std::string of(std::string_view name) const;

 private:
  struct Rules;
  std::string transliterated(std::string_view name) const;

  // Made when the first name needs it: that takes a fifth of a second. One name at a time.
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Rules> rules_;
};

}  // namespace hongyan::text
