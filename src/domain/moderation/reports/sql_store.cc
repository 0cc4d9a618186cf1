#include "domain/moderation/reports/sql_store.h"

#include "base/numbers.h"
#include "domain/moderation/rules.h"
#include "hongyan/v1/export.pb.h"

namespace hongyan::moderation {
namespace {

using sql::Transaction;

// Of one part of an export.
constexpr std::int64_t kExported = 100;

// Errors: rate_limited.
Result<void> spend_report(sql::Session& session, const Report& report, std::int64_t daily) {
  const TimeMs since(report.time.value - kReportDay.count());
  HY_TRY(const auto row, (session.query_one<std::int64_t, std::optional<TimeMs>>(
                             "SELECT COUNT(*), MIN(created_ms) FROM reports WHERE reporter_id = :reporter"
                             " AND created_ms > :since",
                             report.reporter, since)));
  const auto& [count, first] = *row;
  if (count < daily) return {};
  const std::int64_t wait = first ? first->value - since.value : kReportDay.count();
  return fail(Error::later(ErrorCode::rate_limited, wait, "reports of a day"));
}

Result<void> insert_report(Transaction& transaction, const NewReport& fresh) {
  const Report& report = fresh.report;
  return transaction.insert_rows(
      "reports",
      {"report_id", "kind", "reporter_id", "target_kind", "target_id", "target_seq", "reason", "text", "snapshot",
       "created_ms", "repeat_hash"},
      {sql::values(report.id, report.kind, report.reporter, report.target.kind, report.target.id, report.target.seq,
                   static_cast<int>(report.reason), report.text, report.snapshot, report.time, fresh.repeat_hash)});
}

using ReportRow = std::tuple<ReportId, ReportKind, UserId, TargetKind, std::uint64_t, Seq, int, std::string,
                             std::string, TimeMs, TimeMs>;

Report report_from(ReportRow row) {
  auto& [id, kind, reporter, target_kind, target_id, seq, reason, text, snapshot, time, closed] = row;
  return {.id = id,
          .kind = kind,
          .reporter = reporter,
          .target = {target_kind, target_id, seq},
          .reason = static_cast<Reason>(reason),
          .text = std::move(text),
          .snapshot = std::move(snapshot),
          .time = time,
          .closed = closed};
}

}  // namespace

async::Task<Result<ReportId>> SqlReportStore::add(NewReport report, async::Deadline deadline) {
  return database_.write(deadline, [fresh = std::move(report)](Transaction& transaction) -> Result<ReportId> {
    HY_TRY(const auto same, transaction.query_one<ReportId>("SELECT report_id FROM reports WHERE repeat_hash = :hash",
                                                            fresh.repeat_hash));
    if (same) return std::get<0>(*same);
    if (fresh.daily) HY_TRY(spend_report(transaction, fresh.report, *fresh.daily));
    HY_TRY(insert_report(transaction, fresh));
    return fresh.report.id;
  });
}

async::Task<Result<std::vector<Report>>> SqlReportStore::list(ReportQuery query, async::Deadline deadline) {
  return database_.read(deadline, [query](sql::Session& session) -> Result<std::vector<Report>> {
    HY_TRY(auto rows,
           (session.query<ReportId, ReportKind, UserId, TargetKind, std::uint64_t, Seq, int, std::string, std::string,
                          TimeMs, TimeMs>(
               "SELECT report_id, kind, reporter_id, target_kind, target_id, target_seq, reason, text, snapshot,"
               " created_ms, closed_ms FROM reports WHERE (closed_ms > 0) = :closed AND report_id > :after"
               " ORDER BY report_id LIMIT :most",
               query.closed, query.after, static_cast<std::int64_t>(query.limit))));
    std::vector<Report> reports;
    for (ReportRow& row : rows) reports.push_back(report_from(std::move(row)));
    return reports;
  });
}

async::Task<Result<void>> SqlReportStore::close(ReportId report, TimeMs now, async::Deadline deadline) {
  return database_.write(deadline, [report, now](Transaction& transaction) -> Result<void> {
    HY_TRY(const auto row, (transaction.query_one<ReportKind, TimeMs>(
                               "SELECT kind, closed_ms FROM reports WHERE report_id = :report", report)));
    if (!row) return fail(ErrorCode::not_found, "no such report");
    const auto& [kind, closed] = *row;
    if (closed.value > 0) return {};
    HY_TRY(transaction.execute("UPDATE reports SET closed_ms = :now WHERE report_id = :report", now, report));
    // What a word has found is told once; a person may come again with what goes on.
    if (kind == ReportKind::person) {
      HY_TRY(transaction.execute("UPDATE reports SET repeat_hash = NULL WHERE report_id = :report", report));
    }
    return {};
  });
}

async::Task<Result<bool>> SqlReportStore::forget(UserId user, async::Deadline deadline) {
  return database_.write(deadline, [user](Transaction& transaction) -> Result<bool> {
    HY_TRY(transaction.execute("UPDATE reports SET snapshot = '' WHERE target_kind = :kind AND target_id = :user",
                               TargetKind::user, user));
    HY_TRY(transaction.execute("UPDATE reports SET text = '' WHERE reporter_id = :user", user));
    return true;
  });
}

async::Task<Result<account::ExportPart>> SqlReportStore::read(UserId user, std::string from, async::Deadline deadline) {
  const ReportId after(number_from<std::uint64_t>(from).value_or(0));
  return database_.read(deadline, [user, after](sql::Session& session) -> Result<account::ExportPart> {
    HY_TRY(const auto rows,
           (session.query<ReportId, TargetKind, std::uint64_t, Seq, int, std::string, TimeMs>(
               "SELECT report_id, target_kind, target_id, target_seq, reason, text, created_ms FROM reports"
               " WHERE reporter_id = :user AND report_id > :after ORDER BY report_id LIMIT :most",
               user, after, kExported)));
    account::ExportPart part;
    for (const auto& [id, kind, target, seq, reason, text, time] : rows) {
      v1::ExportLine line;
      v1::ExportedReport& report = *line.mutable_report();
      *report.mutable_target() = to_proto(Target{kind, target, seq});
      report.set_reason(static_cast<Reason>(reason));
      report.set_text(text);
      report.set_time_ms(time.value);
      part.add(line);
    }
    if (std::ssize(rows) == kExported) part.next = std::to_string(std::get<0>(rows.back()).value);
    return part;
  });
}

}  // namespace hongyan::moderation
