// Reports of people, groups and messages, made by people and by words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id_generator.h"
#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/message/api.h"
#include "domain/moderation/config.h"
#include "domain/moderation/store.h"

namespace hongyan::moderation {

// What the service works with; all must outlive it.
struct ReportPorts {
  ReportStore& store;
  account::Api& accounts;
  conversation::Api& conversations;
  const message::Reader& messages;
  IdGenerator& ids;
  const Clock& clock;
};

// What somebody reports.
struct ReportForm {
  Target target;
  Reason reason = v1::REPORT_REASON_UNSPECIFIED;
  std::string text;
};

// Thread-safe. Owned by Module. Errors beside those named: unavailable, timeout.
class ReportService final : public message::Reviewer {
 public:
  ReportService(const ReportPorts& ports, const Config& config) : ports_(ports), daily_(config.reports_per_day) {}

  // Keeps what the reporter sees of the target now. A repeat while the report is open gives the first one. Errors:
  // invalid_argument naming the field, not_found for what they may not see, rate_limited.
  async::Task<Result<ReportId>> report(UserId reporter, ReportForm form, async::Deadline deadline);

  async::Task<Result<void>> review(v1::Message message, async::Deadline deadline) override;

  // Errors: invalid_argument naming `limit`.
  async::Task<Result<std::vector<Report>>> list(ReportQuery query, async::Deadline deadline);
  // A repeat is harmless. Errors: not_found.
  async::Task<Result<void>> close(ReportId report, async::Deadline deadline);

 private:
  // The target in JSON. Errors: invalid_argument, not_found.
  async::Task<Result<std::string>> snapshot(UserId reporter, Target target, async::Deadline deadline) const;

  const ReportPorts ports_;
  const std::int64_t daily_;
};

}  // namespace hongyan::moderation
