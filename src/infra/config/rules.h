// What a section of the configuration demands of its values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hongyan::config {

// Notes what is not allowed of one section's values, one line each that names the key. Lives during one load.
class Rules {
 public:
  explicit Rules(std::string section) : section_(std::move(section)) {}

  void between(std::string_view key, std::int64_t value, std::int64_t low, std::int64_t high);
  void between(std::string_view key, std::chrono::milliseconds value, std::chrono::milliseconds low,
               std::chrono::milliseconds high);
  void at_least(std::string_view key, std::int64_t value, std::int64_t low);
  // "section.key must be `what`" unless it is so.
  void must_be(std::string_view what, std::string_view key, bool is_so);
  // "section.key: reason" of whatever could not be made of the value.
  template <class T>
  void accepts(std::string_view key, const Result<T>& made) {
    if (!made) refuse(name_of(key) + ": " + made.error().detail);
  }
  // A problem in words of its own.
  void refuse(std::string problem);

  const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::string name_of(std::string_view key) const;

  std::string section_;
  std::vector<std::string> problems_;
};

}  // namespace hongyan::config
