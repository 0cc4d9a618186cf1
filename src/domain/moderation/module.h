// Wires the moderation slice.
#pragma once

#include "base/registry.h"
#include "domain/moderation/api.h"
#include "domain/moderation/reports/service.h"
#include "domain/moderation/reports/sql_store.h"
#include "domain/moderation/words/service.h"
#include "domain/moderation/words/sql_store.h"

namespace hongyan::moderation {

// Owns stores and services, registers their rpc, keeps the words in use, and hears of messages to review. Main thread only;
// api() is thread-safe.
class Module final : public hongyan::Module, private Api {
 public:
  explicit Module(Registry& registry);

  // Takes the words into use. Throws when they cannot be read.
  void start() override;

  Api& api() { return *this; }

 private:
  async::Task<Result<std::int64_t>> change_words(WordChange change, async::Deadline deadline) override {
    return words_.change(std::move(change), deadline);
  }
  async::Task<Result<std::vector<text::Word>>> words(std::optional<text::WordAction> action,
                                                     async::Deadline deadline) override {
    return words_.words(action, deadline);
  }
  async::Task<Result<std::int64_t>> count_words(async::Deadline deadline) override { return words_.count(deadline); }
  async::Task<Result<std::vector<Report>>> reports(ReportQuery query, async::Deadline deadline) override {
    return reports_.list(query, deadline);
  }
  async::Task<Result<void>> close_report(ReportId report, async::Deadline deadline) override {
    return reports_.close(report, deadline);
  }

  SqlWordStore word_store_;
  WordService words_;
  SqlReportStore report_store_;
  ReportService reports_;
};

}  // namespace hongyan::moderation
