#include "domain/moderation/reports/service.h"

#include "base/text.h"
#include "domain/moderation/api.h"
#include "domain/moderation/rules.h"
#include "wire/json_codec.h"

namespace hongyan::moderation {
namespace {

std::string to_snapshot(const conversation::Membership& group) {
  v1::CommonGroup proto;
  proto.set_group_id(group.conversation.value);
  proto.set_name(group.name);
  proto.set_avatar(group.avatar);
  proto.set_member_count(group.member_count);
  return wire::to_json(proto);
}

}  // namespace

async::Task<Result<ReportId>> ReportService::report(UserId reporter, ReportForm form, async::Deadline deadline) {
  if (form.reason == v1::REPORT_REASON_UNSPECIFIED) co_return fail(Error::invalid("reason", "is missing"));
  Report report{.reporter = reporter, .target = form.target, .reason = form.reason};
  HY_CO_TRY(report.text, check_line(form.text, 0, kMaxReportText, "text"));
  HY_CO_TRY(report.snapshot, co_await snapshot(reporter, form.target, deadline));
  HY_CO_TRY(const std::uint64_t id, ports_.ids.next());
  report.id = ReportId(id);
  report.time = ports_.clock.now();
  std::string hash = repeat_hash(report, {});
  co_return co_await ports_.store.add({std::move(report), std::move(hash), daily_}, deadline);
}

async::Task<Result<std::string>> ReportService::snapshot(UserId reporter, Target target,
                                                         async::Deadline deadline) const {
  switch (target.kind) {
    case TargetKind::user: {
      if (UserId(target.id) == reporter) co_return fail(Error::invalid("target.user_id", "oneself"));
      std::vector<UserId> person{UserId(target.id)};
      HY_CO_TRY(const auto cards, co_await ports_.accounts.users(std::move(person), deadline));
      if (cards.empty()) co_return fail(ErrorCode::not_found, "no such user");
      co_return wire::to_json(account::to_proto(cards.front()));
    }
    case TargetKind::group: {
      HY_CO_TRY(const auto membership,
                co_await ports_.conversations.membership(ConversationId(target.id), reporter, deadline));
      if (membership.type != conversation::Type::group) co_return fail(ErrorCode::not_found, "no group");
      co_return to_snapshot(membership);
    }
    case TargetKind::message: break;
  }
  const message::Place place{ConversationId(target.id), target.seq};
  HY_CO_TRY(const v1::Message message, co_await ports_.messages.read(reporter, place, deadline));
  co_return wire::to_json(message);
}

async::Task<Result<void>> ReportService::review(v1::Message message, async::Deadline deadline) {
  Report report{.kind = ReportKind::word,
                .target = {TargetKind::message, message.conversation_id(), Seq(message.seq())},
                .reason = v1::REPORT_REASON_OTHER};
  HY_CO_TRY(const std::uint64_t id, ports_.ids.next());
  report.id = ReportId(id);
  report.time = ports_.clock.now();
  report.snapshot = wire::to_json(message);
  std::string hash = repeat_hash(report, ChangeNo(message.change()));
  HY_CO_TRY(co_await ports_.store.add({std::move(report), std::move(hash), std::nullopt}, deadline));
  co_return Result<void>();
}

async::Task<Result<std::vector<Report>>> ReportService::list(ReportQuery query, async::Deadline deadline) {
  if (query.limit < 1 || query.limit > Api::kMaxReports) co_return fail(Error::invalid("limit", "1 to 1000"));
  co_return co_await ports_.store.list(query, deadline);
}

async::Task<Result<void>> ReportService::close(ReportId report, async::Deadline deadline) {
  return ports_.store.close(report, ports_.clock.now(), deadline);
}

}  // namespace hongyan::moderation
