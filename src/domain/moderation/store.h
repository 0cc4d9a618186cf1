// Where words and reports are kept. Each call is one transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/moderation/types.h"
#include "infra/async/task.h"

namespace hongyan::moderation {

// Is given all words after a change, inside its transaction; what it answers is run after the commit. Changes come one after
// the other, so what is run last belongs to the last change.
using PrepareWords = std::function<std::move_only_function<void()>(const std::vector<text::Word>&)>;

// Thread-safe. Errors beside those named: unavailable, timeout, internal.
class WordStore {
 public:
  virtual ~WordStore() = default;

  // Answers how many words there are. Every word has a form. Errors: quota_exceeded beyond `most`.
  virtual async::Task<Result<std::int64_t>> change(WordChange change, TimeMs now, std::int64_t most,
                                                   PrepareWords prepare, async::Deadline deadline) = 0;
  // Those with the action, or all, in their order.
  virtual async::Task<Result<std::vector<text::Word>>> words(std::optional<text::WordAction> action,
                                                             async::Deadline deadline) = 0;
  virtual async::Task<Result<std::int64_t>> count(async::Deadline deadline) = 0;
  // All of them, at start-up. Blocks.
  virtual Result<std::vector<text::Word>> words_now() = 0;
};

// A report to keep.
struct NewReport {
  Report report;
  // Names what a repeat would say again.
  std::string repeat_hash;
  // Reports of the reporter within a day; absent: any number.
  std::optional<std::int64_t> daily;
};

// Thread-safe. Errors beside those named: unavailable, timeout, internal.
class ReportStore {
 public:
  virtual ~ReportStore() = default;

  // The id of the report, or of the one that it repeats. Errors: rate_limited with retry_after_ms.
  virtual async::Task<Result<ReportId>> add(NewReport report, async::Deadline deadline) = 0;
  virtual async::Task<Result<std::vector<Report>>> list(ReportQuery query, async::Deadline deadline) = 0;
  // A repeat changes nothing. Errors: not_found.
  virtual async::Task<Result<void>> close(ReportId report, TimeMs now, async::Deadline deadline) = 0;
};

}  // namespace hongyan::moderation
