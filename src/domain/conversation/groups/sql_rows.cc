#include "domain/conversation/groups/sql_rows.h"

#include <array>
#include <map>

#include "domain/conversation/rules.h"
#include "domain/conversation/sql_store.h"
#include "hongyan/v1/group.pb.h"

namespace hongyan::conversation {

using sql::Session;
using sql::Transaction;

namespace {

constexpr std::array<std::string_view, 7> kMemberColumns{"conversation_id", "user_id",        "joined_ms", "role",
                                                         "state",           "muted_until_ms", "invited_by"};

// What is known of people who are to be added: those who came before, and until when they are muted.
struct Known {
  MemberState state;
  TimeMs muted_until;
};
Result<std::map<UserId, Known>> select_known(Session& session, ConversationId group, std::span<const UserId> users) {
  std::vector<sql::Value> parameters = sql::values(group);
  for (const UserId user : users) parameters.push_back(sql::ValueOf<UserId>::bind(user));
  HY_TRY(const auto rows,
         (session.query_with<UserId, MemberState, TimeMs>(
             fmt::format(
                 "SELECT user_id, state, muted_until_ms FROM members WHERE conversation_id IN {} AND user_id IN {}",
                 sql::placeholders(1), sql::placeholders(users.size())),
             parameters)));
  std::map<UserId, Known> known;
  for (const auto& [user, state, muted] : rows) known[user] = {state, muted};
  return known;
}

// As the column keeps them.
Result<std::string> select_faces(Session& session, ConversationId group) {
  HY_TRY(const auto rows, session.query<UserId>("SELECT user_id FROM members WHERE conversation_id = :group"
                                                " AND state = :state ORDER BY role DESC, joined_ms, user_id"
                                                " LIMIT :limit",
                                                group, MemberState::present, kMaxFaces));
  std::vector<UserId> faces;
  for (const auto& [user] : rows) faces.push_back(user);
  return join_users(faces);
}

Result<void> delete_rows(Transaction& transaction, ConversationId group, std::span<const UserId> users) {
  if (users.empty()) return {};
  std::vector<sql::Value> parameters = sql::values(group);
  for (const UserId user : users) parameters.push_back(sql::ValueOf<UserId>::bind(user));
  HY_TRY(transaction.execute_with(fmt::format("DELETE FROM members WHERE conversation_id IN {} AND user_id IN {}",
                                              sql::placeholders(1), sql::placeholders(users.size())),
                                  parameters));
  return {};
}

}  // namespace

Result<Group> select_group(Session& session, ConversationId id) {
  HY_TRY(auto found, select_groups(session, "WHERE c.conversation_id = :id", id));
  if (found.empty()) return fail(ErrorCode::not_found, "no such conversation");
  return std::move(found.front());
}

Result<Membership> select_actor(Session& session, ConversationId group, UserId user) {
  HY_TRY(auto place, select_membership(session, group, user));
  HY_TRY(may_act(place));
  return *std::move(place);
}

Result<void> raise(Transaction& transaction, ConversationId group, std::int64_t more_members) {
  HY_TRY(const auto faces, select_faces(transaction, group));
  HY_TRY(transaction.execute(
      "UPDATE conversations SET permission_version = permission_version + 1, group_version = group_version + 1,"
      " member_count = member_count + :more, faces = :faces WHERE conversation_id = :id",
      more_members, faces, group));
  return {};
}

Result<void> set_role_of(Transaction& transaction, ConversationId group, UserId user, Role role) {
  HY_TRY(transaction.execute("UPDATE members SET role = :role WHERE conversation_id = :group AND user_id = :user", role,
                             group, user));
  return {};
}

Result<void> set_owner(Transaction& transaction, ConversationId group, UserId owner) {
  HY_TRY(set_role_of(transaction, group, owner, Role::owner));
  HY_TRY(transaction.execute("UPDATE conversations SET owner_id = :owner WHERE conversation_id = :id", owner, group));
  return {};
}

Result<void> set_former(Transaction& transaction, const MemberAct& act) {
  HY_TRY(
      transaction.execute("UPDATE members SET state = :state, role = :role, left_ms = :now"
                          " WHERE conversation_id = :group AND user_id = :user",
                          MemberState::former, Role::member, act.now, act.group, act.user));
  return {};
}

Result<std::optional<UserId>> select_heir(Session& session, ConversationId group, UserId user) {
  HY_TRY(const auto row,
         session.query_one<UserId>("SELECT user_id FROM members m WHERE conversation_id = :group AND state = :state"
                                   " AND user_id <> :user"
                                   " AND NOT EXISTS (SELECT 1 FROM users u WHERE u.user_id = m.user_id AND u.bot = 1)"
                                   " ORDER BY role DESC, joined_ms, user_id LIMIT 1",
                                   group, MemberState::present, user));
  if (!row) return std::optional<UserId>();
  return std::optional(std::get<0>(*row));
}

Result<bool> is_bot(Session& session, UserId user) {
  HY_TRY(const auto row,
         session.query_one<UserId>("SELECT user_id FROM users WHERE user_id = :user AND bot = 1", user));
  return row.has_value();
}

std::vector<account::UserEvent> events_of(ConversationId group, std::span<const UserId> users, bool joined) {
  v1::GroupEvent state;
  state.set_group_id(group.value);
  state.set_joined(joined);
  const std::string bytes = state.SerializeAsString();
  std::vector<account::UserEvent> events;
  for (const UserId user : users) events.push_back({user, "group", std::to_string(group.value), bytes});
  return events;
}

Result<std::vector<UserId>> insert_new(Transaction& transaction, const MemberRows& rows, std::int64_t present,
                                       std::vector<NotAdded>& failed) {
  HY_TRY(const auto known, select_known(transaction, rows.group, rows.users));
  std::vector<UserId> added;
  std::vector<UserId> returning;
  std::vector<std::vector<sql::Value>> inserted;
  for (const UserId user : rows.users) {
    const auto before = known.find(user);
    if (before != known.end() && before->second.state == MemberState::present) {
      failed.push_back({user, ErrorCode::already_exists});
      continue;
    }
    if (present + static_cast<std::int64_t>(added.size()) >= rows.max_members) {
      failed.push_back({user, ErrorCode::group_full});
      continue;
    }
    // Who comes back is as new, but for a mute that lasts.
    const TimeMs muted = before == known.end() ? TimeMs() : before->second.muted_until;
    if (before != known.end()) returning.push_back(user);
    added.push_back(user);
    inserted.push_back(sql::values(rows.group, user, rows.now, Role::member, MemberState::present, muted,
                                   rows.by ? std::optional(rows.by) : std::nullopt));
  }
  HY_TRY(delete_rows(transaction, rows.group, returning));
  HY_TRY(transaction.insert_rows("members", kMemberColumns, inserted));
  return added;
}

Result<void> insert_group(Transaction& transaction, const GroupRow& group) {
  const std::int64_t count = static_cast<std::int64_t>(group.members.size()) + 1;
  HY_TRY(
      transaction.execute("INSERT INTO conversations (conversation_id, type, state, created_ms, name, owner_id, "
                          "group_version, member_count)"
                          " VALUES (:id, :type, :state, :now, :name, :owner, 1, :count)",
                          group.id, Type::group, State::normal, group.now, group.name, group.owner, count));
  std::vector<std::vector<sql::Value>> rows{
      sql::values(group.id, group.owner, group.now, Role::owner, MemberState::present, 0, nullptr)};
  for (const UserId user : group.members) {
    rows.push_back(sql::values(group.id, user, group.now, Role::member, MemberState::present, 0, group.owner));
  }
  HY_TRY(transaction.insert_rows("members", kMemberColumns, rows));
  HY_TRY(const auto faces, select_faces(transaction, group.id));
  HY_TRY(transaction.execute("UPDATE conversations SET faces = :faces WHERE conversation_id = :id", faces, group.id));
  return {};
}

}  // namespace hongyan::conversation
