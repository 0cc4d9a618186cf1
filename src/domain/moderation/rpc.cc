#include "domain/moderation/rpc.h"

#include "domain/moderation/rules.h"

namespace hongyan::moderation {
namespace {

async::Task<Result<v1::ReportResponse>> report(ReportService& reports, wire::Caller caller, v1::ReportRequest request) {
  ReportForm form{.target = {}, .reason = request.reason(), .text = std::move(*request.mutable_text())};
  HY_CO_TRY(form.target, target_of(request.target()));
  HY_CO_TRY(const ReportId id, co_await reports.report(caller.user, std::move(form), caller.deadline));
  v1::ReportResponse response;
  response.set_report_id(id.value);
  co_return response;
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, ReportService& reports) {
  dispatcher.add("user.report", reports, report);
}

}  // namespace hongyan::moderation
