#include "domain/group/sql_export_source.h"

#include "base/numbers.h"
#include "domain/group/rules.h"
#include "domain/group/types.h"
#include "hongyan/v1/export.pb.h"

namespace hongyan::group {
namespace {

using account::ExportPart;

// Of one part. A notice has 8 kB at most.
constexpr std::int64_t kListed = 100;

// A place is the letter of a table and the last id of it: the tables in the order in which they are written.
constexpr char kRequestRows = 'r';
constexpr char kInviteRows = 'i';
constexpr char kNoticeRows = 'n';

// Where the part after this one begins: with the next row, or the next table.
std::string place_after(char table, std::size_t rows, std::uint64_t last, char next_table) {
  if (static_cast<std::int64_t>(rows) < kListed) return std::string(1, next_table);
  return table + std::to_string(last);
}

Result<ExportPart> requests_part(sql::Session& session, UserId user, ConversationId after) {
  HY_TRY(const auto rows,
         (session.query<ConversationId, std::string, TimeMs>(
             "SELECT group_id, message, created_ms FROM group_requests WHERE user_id = :user AND group_id > :after"
             " ORDER BY group_id LIMIT :most",
             user, after, kListed)));
  ExportPart part;
  for (const auto& [group, message, time] : rows) {
    v1::ExportLine line;
    v1::ExportedJoinRequest& item = *line.mutable_join_request();
    item.set_group_id(group.value);
    item.set_message(message);
    item.set_time_ms(time.value);
    part.add(line);
  }
  const std::uint64_t last = rows.empty() ? 0 : std::get<0>(rows.back()).value;
  part.next = place_after(kRequestRows, rows.size(), last, kInviteRows);
  return part;
}

Result<ExportPart> invites_part(sql::Session& session, UserId user, InviteId after) {
  HY_TRY(const auto rows, (session.query<InviteId, ConversationId, TimeMs, TimeMs, std::int64_t, std::int64_t>(
                              "SELECT invite_id, group_id, created_ms, expires_ms, max_uses, uses FROM group_invites"
                              " WHERE created_by = :user AND invite_id > :after ORDER BY invite_id LIMIT :most",
                              user, after, kListed)));
  ExportPart part;
  for (const auto& [id, group, time, expires, max_uses, uses] : rows) {
    v1::ExportLine line;
    *line.mutable_invite() = to_proto(Invite{id, group, user, time, expires, max_uses, uses});
    part.add(line);
  }
  const std::uint64_t last = rows.empty() ? 0 : std::get<0>(rows.back()).value;
  part.next = place_after(kInviteRows, rows.size(), last, kNoticeRows);
  return part;
}

Result<ExportPart> notices_part(sql::Session& session, UserId user, NoticeId after) {
  HY_TRY(const auto rows,
         (session.query<NoticeId, std::string, TimeMs>(
             "SELECT notice_id, text, created_ms FROM group_notices WHERE by_user = :user AND notice_id > :after"
             " ORDER BY notice_id LIMIT :most",
             user, after, kListed)));
  ExportPart part;
  for (const auto& [id, text, time] : rows) {
    v1::ExportLine line;
    *line.mutable_notice() = to_proto(Notice{id, user, text, time});
    part.add(line);
  }
  if (std::ssize(rows) == kListed) part.next = kNoticeRows + std::to_string(std::get<0>(rows.back()).value);
  return part;
}

}  // namespace

async::Task<Result<ExportPart>> SqlExportSource::read(UserId user, std::string from, async::Deadline deadline) {
  const char table = from.empty() ? kRequestRows : from.front();
  const std::uint64_t after = from.empty() ? 0 : number_from<std::uint64_t>(from.substr(1)).value_or(0);
  return database_.read(deadline, [user, table, after](sql::Session& session) -> Result<ExportPart> {
    switch (table) {
      case kInviteRows: return invites_part(session, user, InviteId(after));
      case kNoticeRows: return notices_part(session, user, NoticeId(after));
      default: return requests_part(session, user, ConversationId(after));
    }
  });
}

}  // namespace hongyan::group
