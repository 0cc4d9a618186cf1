#include "domain/group/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/numbers.h"
#include "base/text.h"

namespace hongyan::group {
namespace {

// Bytes of a notice that its line tells.
constexpr std::size_t kTold = 600;

std::string cut(const std::string& text) {
  if (text.size() <= kTold) return text;
  std::size_t end = kTold;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

Result<void> may_lead(conversation::Role held) {
  if (held != conversation::Role::member) return {};
  return fail(ErrorCode::permission_denied, "only the owner and admins");
}

Result<void> check_usable(const conversation::Group& group) {
  if (group.state == conversation::State::dissolved) return fail(ErrorCode::group_dissolved, "the group is dissolved");
  if (group.state == conversation::State::disabled) return fail(ErrorCode::group_disabled, "the group is disabled");
  return {};
}

bool is_shown(const conversation::FoundGroup& found) {
  return check_usable(found.group) && (found.joined || found.group.join_mode != conversation::JoinMode::invite);
}

Result<void> check_good(const Invite& invite, TimeMs now) {
  if (invite.expires <= now) return fail(ErrorCode::request_expired, "the invite is over");
  if (invite.max_uses > 0 && invite.uses >= invite.max_uses) {
    return fail(ErrorCode::request_expired, "the invite has brought in as many as it may");
  }
  return {};
}

Result<std::string> check_notice(std::string_view text) {
  std::string checked;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    HY_TRY(const std::string line, check_line(text.substr(0, end), 0, kMaxNotice, "text"));
    checked += line;
    if (end < text.size()) checked += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (count_code_points(checked).value_or(0) > kMaxNotice) return fail(Error::invalid("text", "too long"));
  return checked;
}

conversation::SystemLine notice_changed(const Notice& notice, bool notify_all) {
  conversation::SystemLine line{"notice_changed",
                                {{"by", std::to_string(notice.by.value)},
                                 {"notice_id", std::to_string(notice.id.value)},
                                 {"text", cut(notice.text)}},
                                {},
                                {}};
  if (notify_all) line.params.emplace("notify_all", "true");
  return line;
}

std::string to_text(const conversation::MemberPosition& position) {
  return fmt::format("{},{},{}", static_cast<int>(position.role), position.joined.value, position.user.value);
}

std::optional<conversation::MemberPosition> position_from(std::string_view text) {
  conversation::MemberPosition position;
  int rank = 0;
  if (!take_number(text, rank, ',') || !take_number(text, position.joined.value, ',')) return std::nullopt;
  const auto user = number_from<std::uint64_t>(text);
  if (!user) return std::nullopt;
  position.user = UserId(*user);
  if (rank < static_cast<int>(conversation::Role::member) || rank > static_cast<int>(conversation::Role::owner)) {
    return std::nullopt;
  }
  position.role = static_cast<conversation::Role>(rank);
  return position;
}

v1::GroupNotice to_proto(const Notice& notice) {
  v1::GroupNotice out;
  out.set_notice_id(notice.id.value);
  out.set_user_id(notice.by.value);
  out.set_text(notice.text);
  out.set_time_ms(notice.time.value);
  return out;
}

v1::Invite to_proto(const Invite& invite) {
  v1::Invite out;
  out.set_invite_id(invite.id.value);
  out.set_group_id(invite.group.value);
  out.set_created_by(invite.by.value);
  out.set_time_ms(invite.time.value);
  out.set_expires_ms(invite.expires.value);
  out.set_max_uses(invite.max_uses);
  out.set_uses(invite.uses);
  return out;
}

}  // namespace hongyan::group
