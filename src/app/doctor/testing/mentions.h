// What tests ask of findings.
#pragma once

#include <algorithm>
#include <string_view>

#include "app/doctor/finding.h"

namespace hongyan::app {

// Whether a finding of `grade` says `text`.
inline bool mentions(const Findings& findings, Grade grade, std::string_view text) {
  return std::ranges::any_of(
      findings, [&](const Finding& finding) { return finding.grade == grade && finding.what.contains(text); });
}

}  // namespace hongyan::app
