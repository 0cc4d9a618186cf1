#include "app/control/moderation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "app/control/admin.h"
#include "app/control/socket.h"
#include "domain/moderation/rules.h"
#include "wire/json_codec.h"

namespace hongyan::app {
namespace {

using internal::ControlRequest;
using internal::ControlResponse;
using moderation::ReportId;

// By their numbers.
constexpr std::array<std::string_view, text::kWordActions> kActionNames = {"review", "mask", "block"};

// Errors: invalid_argument.
Result<text::WordAction> action_of(std::int32_t number) {
  if (number < 0 || number >= static_cast<std::int32_t>(kActionNames.size())) {
    return fail(Error::invalid("action", "review, mask or block"));
  }
  return static_cast<text::WordAction>(number);
}

async::Task<ControlResponse> change_words(moderation::Api& moderation, ControlRequest::ChangeWords request,
                                          async::Deadline deadline) {
  moderation::WordChange change;
  for (internal::WordRecord& word : *request.mutable_add()) {
    const auto action = action_of(word.action());
    if (!action) co_return refused(action.error());
    change.add.push_back({std::move(*word.mutable_text()), *action});
  }
  change.remove.assign(request.remove().begin(), request.remove().end());
  const auto count = co_await moderation.change_words(std::move(change), deadline);
  if (!count) co_return refused(count.error());
  ControlResponse response;
  response.set_done(true);
  response.mutable_words()->set_count(*count);
  co_return response;
}

async::Task<ControlResponse> list_words(moderation::Api& moderation, ControlRequest::ListWords request,
                                        async::Deadline deadline) {
  std::optional<text::WordAction> wanted;
  if (request.has_action()) {
    const auto action = action_of(request.action());
    if (!action) co_return refused(action.error());
    wanted = *action;
  }
  ControlResponse response;
  response.set_done(true);
  if (request.count()) {
    const auto count = co_await moderation.count_words(deadline);
    if (!count) co_return refused(count.error());
    response.mutable_words()->set_count(*count);
    co_return response;
  }
  auto words = co_await moderation.words(wanted, deadline);
  if (!words) co_return refused(words.error());
  response.mutable_words()->set_count(static_cast<std::int64_t>(words->size()));
  for (text::Word& word : *words) {
    internal::WordRecord& record = *response.mutable_words()->add_words();
    record.set_text(std::move(word.text));
    record.set_action(static_cast<std::int32_t>(word.action));
  }
  co_return response;
}

internal::ReportRecord to_record(moderation::Report report) {
  internal::ReportRecord record;
  record.set_report_id(report.id.value);
  record.set_kind(static_cast<std::int32_t>(report.kind));
  record.set_reporter_id(report.reporter.value);
  *record.mutable_target() = moderation::to_proto(report.target);
  record.set_reason(report.reason);
  record.set_text(std::move(report.text));
  record.set_time_ms(report.time.value);
  record.set_closed_ms(report.closed.value);
  record.set_snapshot(std::move(report.snapshot));
  return record;
}

async::Task<ControlResponse> list_reports(moderation::Api& moderation, ControlRequest::ListReports request,
                                          async::Deadline deadline) {
  auto reports = co_await moderation.reports({request.closed(), ReportId(request.after()),
                                              static_cast<std::size_t>(std::max<std::int64_t>(0, request.limit()))},
                                             deadline);
  if (!reports) co_return refused(reports.error());
  ControlResponse response;
  response.set_done(true);
  std::size_t bytes = 0;
  for (moderation::Report& report : *reports) {
    bytes += report.snapshot.size();
    // The rest is asked for with the last one as `after`.
    if (bytes > kMaxControlBytes / 2 && response.reports_size() > 0) break;
    *response.add_reports() = to_record(std::move(report));
  }
  co_return response;
}

async::Task<ControlResponse> close_report(moderation::Api& moderation, ReportId report, async::Deadline deadline) {
  const auto closed = co_await moderation.close_report(report, deadline);
  if (!closed) co_return refused(closed.error());
  ControlResponse response;
  response.set_done(true);
  co_return response;
}

// {"report_id":"…","kind":"person",…,"snapshot":{…}}
std::string to_json(const internal::ReportRecord& report) {
  const bool by_word = report.kind() == static_cast<std::int32_t>(moderation::ReportKind::word);
  std::string json = fmt::format(R"({{"report_id":"{}","kind":"{}",)", report.report_id(), by_word ? "word" : "person");
  if (!by_word) json += fmt::format(R"("reporter_id":"{}",)", report.reporter_id());
  v1::ReportRequest said;
  *said.mutable_target() = report.target();
  said.set_reason(report.reason());
  said.set_text(report.text());
  // Its fields go on in the object.
  json += wire::to_json(said).substr(1);
  json.pop_back();
  json += fmt::format(R"(,"time_ms":{})", report.time_ms());
  if (report.closed_ms() > 0) json += fmt::format(R"(,"closed_ms":{})", report.closed_ms());
  if (!report.snapshot().empty()) json += R"(,"snapshot":)" + report.snapshot();
  return json + "}";
}

// A line without its end, as Unix and Windows write it, and without a byte order mark.
std::string_view stripped(std::string_view line) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (line.starts_with(kMark)) line.remove_prefix(kMark.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

bool is_moderation(const ControlRequest& request) {
  return request.has_change_words() || request.has_list_words() || request.has_list_reports() ||
         request.has_close_report();
}

async::Task<ControlResponse> moderate(moderation::Api& moderation, ControlRequest request, async::Deadline deadline) {
  if (request.has_change_words()) return change_words(moderation, request.change_words(), deadline);
  if (request.has_list_words()) return list_words(moderation, request.list_words(), deadline);
  if (request.has_list_reports()) return list_reports(moderation, request.list_reports(), deadline);
  return close_report(moderation, ReportId(request.close_report().report_id()), deadline);
}

Result<text::WordAction> word_action_from(std::string_view name) {
  const auto found = std::ranges::find(kActionNames, name);
  return action_of(static_cast<std::int32_t>(found - kActionNames.begin()));
}

std::string_view name_of(text::WordAction action) { return kActionNames.at(static_cast<std::size_t>(action)); }

Result<ControlRequest> words_in_file(const std::string& file, text::WordAction action) {
  std::ifstream in(file);
  if (!in) return fail(ErrorCode::not_found, file);
  ControlRequest request;
  std::size_t bytes = 0;
  for (std::string line; std::getline(in, line);) {
    const std::string_view word = stripped(line);
    if (word.empty() || word.starts_with('#')) continue;
    internal::WordRecord& record = *request.mutable_change_words()->add_add();
    record.set_text(std::string(word));
    record.set_action(static_cast<std::int32_t>(action));
    bytes += word.size();
    if (bytes > kMaxControlBytes / 2) return fail(ErrorCode::too_large, file);
  }
  request.mutable_change_words();
  return request;
}

std::string to_text(const ControlRequest& request, const ControlResponse& response) {
  std::string text;
  for (const internal::WordRecord& word : response.words().words()) {
    text += fmt::format("{}\t{}\n", name_of(static_cast<text::WordAction>(word.action())), word.text());
  }
  for (const internal::ReportRecord& report : response.reports()) text += to_json(report) + "\n";
  if (request.list_words().count()) text = fmt::format("{}\n", response.words().count());
  if (request.has_change_words()) text = fmt::format("words {}\ndone\n", response.words().count());
  if (request.has_close_report()) text = "done\n";
  return text;
}

}  // namespace hongyan::app
