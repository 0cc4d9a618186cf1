#include "domain/conversation/groups/lines.h"

#include "base/assert.h"
#include "domain/conversation/rules.h"

namespace hongyan::conversation {
namespace {

std::string text_of(UserId user) { return std::to_string(user.value); }

std::string text_of(Role held) {
  switch (held) {
    case Role::member: return "member";
    case Role::admin: return "admin";
    case Role::owner: return "owner";
  }
  HY_CHECK(!"a role of no name");
  return {};
}

std::string text_of(JoinMode mode) {
  switch (mode) {
    case JoinMode::open: return "open";
    case JoinMode::approval: return "approval";
    case JoinMode::invite: return "invite";
  }
  HY_CHECK(!"a join mode of no name");
  return {};
}

}  // namespace

SystemLine group_created(UserId by, const std::string& name, std::vector<UserId> users) {
  SystemLine line{"group_created", {{"by", text_of(by)}, {"name", name}, {"user_ids", join_users(users)}}, {}, {}};
  line.join = std::move(users);
  return line;
}

SystemLine members_added(UserId by, std::vector<UserId> users) {
  SystemLine line{"member_added", {{"by", text_of(by)}, {"user_ids", join_users(users)}}, {}, {}};
  line.join = std::move(users);
  return line;
}

SystemLine member_removed(UserId by, UserId user) {
  return {"member_removed", {{"by", text_of(by)}, {"user_id", text_of(user)}}, {}, {user}};
}

SystemLine member_left(UserId user) { return {"member_left", {{"user_id", text_of(user)}}, {}, {user}}; }

SystemLine role_changed(UserId by, UserId user, Role role) {
  return {"role_changed", {{"by", text_of(by)}, {"user_id", text_of(user)}, {"role", text_of(role)}}, {}, {}};
}

SystemLine owner_changed(UserId before, UserId after) {
  return {"owner_changed", {{"by", text_of(before)}, {"user_id", text_of(after)}}, {}, {}};
}

SystemLine member_joined(UserId user, std::optional<UserId> by) {
  SystemLine line{"member_joined", {{"user_id", text_of(user)}}, {user}, {}};
  if (by) line.params.emplace("by", text_of(*by));
  return line;
}

SystemLine group_renamed(UserId by, const std::string& name) {
  return {"group_renamed", {{"by", text_of(by)}, {"name", name}}, {}, {}};
}

SystemLine join_mode_changed(UserId by, JoinMode mode) {
  return {"join_mode_changed", {{"by", text_of(by)}, {"join_mode", text_of(mode)}}, {}, {}};
}

SystemLine mute_all_changed(UserId by, bool muted) {
  return {muted ? "all_muted" : "all_unmuted", {{"by", text_of(by)}}, {}, {}};
}

SystemLine member_muted(UserId by, UserId user, TimeMs until) {
  SystemLine line{until ? "member_muted" : "member_unmuted", {{"by", text_of(by)}, {"user_id", text_of(user)}}, {}, {}};
  if (until) line.params.emplace("until_ms", std::to_string(until.value));
  return line;
}

SystemLine nickname_changed(UserId by, UserId user, const std::string& nickname) {
  return {"nickname_changed", {{"by", text_of(by)}, {"user_id", text_of(user)}, {"nickname", nickname}}, {}, {}};
}

SystemLine group_dissolved(UserId by) { return {"group_dissolved", {{"by", text_of(by)}}, {}, {}}; }

}  // namespace hongyan::conversation
