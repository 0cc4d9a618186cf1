#include "domain/conversation/groups/lines.h"

#include "base/assert.h"

namespace hongyan::conversation {
namespace {

std::string text_of(UserId user) { return std::to_string(user.value); }

// "7,12,31": params are texts.
std::string text_of(std::span<const UserId> users) {
  std::string text;
  for (const UserId user : users) {
    if (!text.empty()) text += ',';
    text += text_of(user);
  }
  return text;
}

std::string text_of(Role held) {
  switch (held) {
    case Role::member: return "member";
    case Role::admin: return "admin";
    case Role::owner: return "owner";
  }
  HY_CHECK(!"a role of no name");
  return {};
}

}  // namespace

SystemLine group_created(UserId by, const std::string& name, std::vector<UserId> users) {
  SystemLine line{"group_created", {{"by", text_of(by)}, {"name", name}, {"user_ids", text_of(users)}}, {}, {}};
  line.join = std::move(users);
  return line;
}

SystemLine members_added(UserId by, std::vector<UserId> users) {
  SystemLine line{"member_added", {{"by", text_of(by)}, {"user_ids", text_of(users)}}, {}, {}};
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

}  // namespace hongyan::conversation
