// What the group slice knows beside groups and their members.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "domain/conversation/types.h"

namespace hongyan::group {

using InviteId = Strong<struct InviteIdTag, std::uint64_t>;
using NoticeId = Strong<struct NoticeIdTag, std::uint64_t>;

// Somebody waits to be let in.
struct JoinRequest {
  UserId user;
  std::string message;
  TimeMs time;
  bool operator==(const JoinRequest&) const = default;
};

// What came of wanting to come in: the change, or a wait for an answer.
struct Joined {
  conversation::GroupChange change;
  bool pending = false;
};

// A way into a group. Value type.
struct Invite {
  InviteId id;
  ConversationId group;
  UserId by;
  TimeMs time;
  TimeMs expires;
  // 0 for any number.
  std::int64_t max_uses = 0;
  std::int64_t uses = 0;
  bool operator==(const Invite&) const = default;
};

// What an invite leads to, as somebody sees it.
struct InvitePreview {
  Invite invite;
  conversation::Group group;
  // They are in the group already.
  bool joined = false;
};

// Something a group announces. Value type.
struct Notice {
  NoticeId id;
  UserId by;
  std::string text;
  TimeMs time;
  bool operator==(const Notice&) const = default;
};

}  // namespace hongyan::group
