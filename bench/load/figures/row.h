// One measurement as it is printed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/load/figures/histogram.h"

namespace hongyan::bench::load {

// Fields in the order in which they are added; their names are the same in both writings, and say the unit. A value type.
class Row {
 public:
  explicit Row(std::string_view scenario) { word("scenario", scenario); }

  void word(std::string_view name, std::string_view value);
  void count(std::string_view name, std::uint64_t value);
  // With so many digits behind the point.
  void number(std::string_view name, double value, int digits = 2);
  // In milliseconds, as p50, p90, p99, p99.9 and the maximum.
  void latency(std::string_view name, const Percentiles& percentiles);

  // One line each, without line break.
  const std::string& text() const { return text_; }
  std::string json() const { return "{" + json_ + "}"; }

 private:
  void add(std::string_view name, std::string_view text, std::string_view json);

  std::string text_;
  std::string json_;
};

}  // namespace hongyan::bench::load
