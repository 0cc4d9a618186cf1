// What administrators may ask of moderation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "domain/moderation/types.h"
#include "infra/async/task.h"

namespace hongyan::moderation {

// Thread-safe; lives as long as the process's modules. Every call also answers unavailable or timeout.
class Api {
 public:
  // Words at most.
  static constexpr std::int64_t kMaxWords = 200'000;
  // Reports of one list.
  static constexpr std::size_t kMaxReports = 1000;

  virtual ~Api() = default;

  // All of it or nothing. When it returns, every message that comes is looked at with the words after the change; answers
  // how many there are. A repeat is harmless. Errors: invalid_argument naming `word`, quota_exceeded.
  virtual async::Task<Result<std::int64_t>> change_words(WordChange change, async::Deadline deadline) = 0;
  // The words, or those with this action, as they were written, in their order.
  virtual async::Task<Result<std::vector<text::Word>>> words(std::optional<text::WordAction> action,
                                                             async::Deadline deadline) = 0;
  virtual async::Task<Result<std::int64_t>> count_words(async::Deadline deadline) = 0;

  virtual async::Task<Result<std::vector<Report>>> reports(ReportQuery query, async::Deadline deadline) = 0;
  // A repeat is harmless. Errors: not_found.
  virtual async::Task<Result<void>> close_report(ReportId report, async::Deadline deadline) = 0;
};

}  // namespace hongyan::moderation
