// What a check of the doctor found.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hongyan::app {

enum class Grade : std::uint8_t { good, warning, failure };

// Value type.
struct Finding {
  Grade grade = Grade::good;
  // One line: what was looked at and what it showed.
  std::string what;
  // The command or setting that mends it; empty when there is nothing to mend.
  std::string mend;

  static Finding good(std::string what) { return {Grade::good, std::move(what), {}}; }
  static Finding warning(std::string what, std::string mend) {
    return {Grade::warning, std::move(what), std::move(mend)};
  }
  static Finding failure(std::string what, std::string mend) {
    return {Grade::failure, std::move(what), std::move(mend)};
  }
};

using Findings = std::vector<Finding>;

}  // namespace hongyan::app
