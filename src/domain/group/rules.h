// What people may type and do beside what conversations decide, and places in lists as texts for cursors. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/conversation/events.h"
#include "domain/conversation/types.h"
#include "domain/group/types.h"
#include "hongyan/v1/group_service.pb.h"

namespace hongyan::group {

// Characters at most.
inline constexpr std::size_t kMaxName = 64;
inline constexpr std::size_t kMaxMessage = 200;
inline constexpr std::size_t kMaxNotice = 2000;
// People an invite may bring in.
inline constexpr std::int64_t kMaxUses = 100'000;

// The owner and admins answer who wants to come in, and announce. Errors: permission_denied.
Result<void> may_lead(conversation::Role held);
// Errors: group_disabled, group_dissolved.
Result<void> check_usable(const conversation::Group& group);
// Whether who asks for the group by its id is told of it: its members are, others when they can come in or ask to.
bool is_shown(const conversation::FoundGroup& found);
// Whether the invite brings in one more. Errors: request_expired.
Result<void> check_good(const Invite& invite, TimeMs now);
// A text of several lines without control characters. Errors: invalid_argument naming `text`.
Result<std::string> check_notice(std::string_view text);

// The line that tells of a notice, with the beginning of its text.
conversation::SystemLine notice_changed(const Notice& notice, bool notify_all);

// "3,1700000000000,42" and back; nothing when the text is none.
std::string to_text(const conversation::MemberPosition& position);
std::optional<conversation::MemberPosition> position_from(std::string_view text);

v1::GroupNotice to_proto(const Notice& notice);
v1::Invite to_proto(const Invite& invite);

}  // namespace hongyan::group
