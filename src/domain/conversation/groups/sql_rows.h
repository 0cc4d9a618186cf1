// Rows of groups and members, and what is read and written of them inside a transaction.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "domain/account/events.h"
#include "domain/conversation/rules.h"
#include "domain/conversation/store.h"
#include "infra/sql/database.h"

namespace hongyan::conversation {

inline constexpr std::string_view kGroups =
    "SELECT c.conversation_id, c.state, c.name, c.avatar, c.owner_id, c.member_count, c.mute_all, c.group_version,"
    " c.join_mode, c.faces FROM conversations c";

// `where` goes on after the table.
template <class... Args>
Result<std::vector<Group>> select_groups(sql::Session& session, std::string_view where, Args... args) {
  HY_TRY(const auto rows,
         (session.query<ConversationId, State, std::string, std::string, std::optional<UserId>, std::int64_t, bool,
                        std::int64_t, JoinMode, std::string>(fmt::format("{} {}", kGroups, where), args...)));
  std::vector<Group> groups;
  for (const auto& [id, state, name, avatar, owner, members, mute_all, version, mode, faces] : rows) {
    groups.push_back(
        {id, state, name, avatar, owner.value_or(UserId()), members, mute_all, version, mode, split_users(faces)});
  }
  return groups;
}

// `not_found` when there is none.
Result<Group> select_group(sql::Session& session, ConversationId id);

// `where` goes on after the group and the state.
template <class... Args>
Result<std::vector<Member>> select_members(sql::Session& session, std::string_view where, Args... args) {
  HY_TRY(const auto rows,
         (session.query<UserId, Role, TimeMs, TimeMs, std::optional<UserId>, std::string>(
             fmt::format("SELECT m.user_id, m.role, m.muted_until_ms, m.joined_ms, m.invited_by, m.nickname"
                         " FROM members m LEFT JOIN users u ON u.user_id = m.user_id"
                         " WHERE m.conversation_id = :group AND m.state = :state AND {}",
                         where),
             args...)));
  std::vector<Member> members;
  for (const auto& [user, role, muted, joined, invited_by, nickname] : rows) {
    members.push_back({user, role, muted, joined, invited_by, nickname});
  }
  return members;
}

// The place of one who wants to change something, if they may change anything.
Result<Membership> select_actor(sql::Session& session, ConversationId group, UserId user);

// Whether programs act as the account.
Result<bool> is_bot(sql::Session& session, UserId user);

// The longest-standing person of the highest role beside `user`.
Result<std::optional<UserId>> select_heir(sql::Session& session, ConversationId group, UserId user);

Result<void> insert_group(sql::Transaction& transaction, const GroupRow& group);

// Brings in who is not there yet and has room. Answers them; who cannot come stands in `failed`.
Result<std::vector<UserId>> insert_new(sql::Transaction& transaction, const MemberRows& rows, std::int64_t present,
                                       std::vector<NotAdded>& failed);

// Raises the guard and the group's version, and notes whose pictures stand for it. Comes after the change of members and
// before the lines of the same transaction.
Result<void> raise(sql::Transaction& transaction, ConversationId group, std::int64_t more_members);

Result<void> set_role_of(sql::Transaction& transaction, ConversationId group, UserId user, Role role);
Result<void> set_owner(sql::Transaction& transaction, ConversationId group, UserId owner);
// The row stays: former members read on.
Result<void> set_former(sql::Transaction& transaction, const MemberAct& act);

// What tells `users` that they are in the group, or no more.
std::vector<account::UserEvent> events_of(ConversationId group, std::span<const UserId> users, bool joined);

}  // namespace hongyan::conversation
