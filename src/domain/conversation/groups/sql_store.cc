#include "domain/conversation/groups/sql_store.h"

#include <fmt/format.h>

#include <limits>
#include <map>

#include "domain/conversation/groups/lines.h"
#include "domain/conversation/outbox/sql_store.h"
#include "domain/conversation/rules.h"
#include "domain/conversation/sql_store.h"
#include "hongyan/v1/group.pb.h"

namespace hongyan::conversation {
namespace {

using sql::Session;
using sql::Transaction;

constexpr std::array<std::string_view, 7> kMemberColumns{"conversation_id", "user_id",        "joined_ms", "role",
                                                         "state",           "muted_until_ms", "invited_by"};

Result<Group> select_group(Session& session, ConversationId id) {
  HY_TRY(const auto row,
         (session.query_one<State, std::string, std::string, std::optional<UserId>, std::int64_t, bool, std::int64_t>(
             "SELECT state, name, avatar, owner_id, member_count, mute_all, group_version FROM conversations"
             " WHERE conversation_id = :id",
             id)));
  if (!row) return fail(ErrorCode::not_found, "no such conversation");
  const auto& [state, name, avatar, owner, members, mute_all, version] = *row;
  return Group{id, state, name, avatar, owner.value_or(UserId()), members, mute_all, version};
}

// The place of one who wants to change something, if they may change anything.
Result<Membership> select_actor(Session& session, ConversationId group, UserId user) {
  HY_TRY(auto place, select_membership(session, group, user));
  HY_TRY(may_act(place));
  return *std::move(place);
}

// Raises the guard and the group's version. Comes before the lines of the same transaction.
Result<void> raise(Transaction& transaction, ConversationId group, std::int64_t more_members) {
  HY_TRY(transaction.execute(
      "UPDATE conversations SET permission_version = permission_version + 1, group_version = group_version + 1,"
      " member_count = member_count + :more WHERE conversation_id = :id",
      more_members, group));
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

// The row stays: former members read on.
Result<void> set_former(Transaction& transaction, const MemberAct& act) {
  HY_TRY(
      transaction.execute("UPDATE members SET state = :state, role = :role, left_ms = :now"
                          " WHERE conversation_id = :group AND user_id = :user",
                          MemberState::former, Role::member, act.now, act.group, act.user));
  return {};
}

// The longest-standing of the highest role beside `user`.
Result<std::optional<UserId>> select_heir(Session& session, ConversationId group, UserId user) {
  HY_TRY(const auto row,
         session.query_one<UserId>("SELECT user_id FROM members WHERE conversation_id = :group AND state = :state"
                                   " AND user_id <> :user ORDER BY role DESC, joined_ms, user_id LIMIT 1",
                                   group, MemberState::present, user));
  if (!row) return std::optional<UserId>();
  return std::optional(std::get<0>(*row));
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

Result<void> delete_rows(Transaction& transaction, ConversationId group, std::span<const UserId> users) {
  if (users.empty()) return {};
  std::vector<sql::Value> parameters = sql::values(group);
  for (const UserId user : users) parameters.push_back(sql::ValueOf<UserId>::bind(user));
  HY_TRY(transaction.execute_with(fmt::format("DELETE FROM members WHERE conversation_id IN {} AND user_id IN {}",
                                              sql::placeholders(1), sql::placeholders(users.size())),
                                  parameters));
  return {};
}

// Brings in who is not there yet and has room. Answers them; who cannot come stands in `failed`.
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
    inserted.push_back(sql::values(rows.group, user, rows.now, Role::member, MemberState::present, muted, rows.by));
  }
  HY_TRY(delete_rows(transaction, rows.group, returning));
  HY_TRY(transaction.insert_rows("members", kMemberColumns, inserted));
  return added;
}

// `where` goes on after the group and the state.
template <class... Args>
Result<std::vector<Member>> select_members(Session& session, std::string_view where, Args... args) {
  HY_TRY(const auto rows, (session.query<UserId, Role, TimeMs, TimeMs, std::optional<UserId>>(
                              fmt::format("SELECT user_id, role, muted_until_ms, joined_ms, invited_by FROM members"
                                          " WHERE conversation_id = :group AND state = :state AND {}",
                                          where),
                              args...)));
  std::vector<Member> members;
  for (const auto& [user, role, muted, joined, invited_by] : rows) {
    members.push_back({user, role, muted, joined, invited_by});
  }
  return members;
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
  return transaction.insert_rows("members", kMemberColumns, rows);
}

}  // namespace

async::Task<Result<GroupChange>> SqlGroupStore::create(GroupRow group, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, group = std::move(group),
       hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(insert_group(transaction, group));
        std::vector<UserId> everybody{group.owner};
        everybody.insert(everybody.end(), group.members.begin(), group.members.end());
        HY_TRY(events_.append(transaction, events_of(group.id, everybody, true)));
        GroupChange change;
        HY_TRY(change.line, SqlOutbox::append(transaction, group.id,
                                              group_created(group.owner, group.name, std::move(everybody)), group.now));
        HY_TRY(change.group, select_group(transaction, group.id));
        return change;
      });
}

async::Task<Result<GroupChange>> SqlGroupStore::add(MemberRows rows, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, rows = std::move(rows), hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(select_actor(transaction, rows.group, rows.by));
        GroupChange change;
        HY_TRY(change.group, select_group(transaction, rows.group));
        if (rows.users.empty()) return change;
        HY_TRY(auto added, insert_new(transaction, rows, change.group.member_count, change.failed));
        if (added.empty()) return change;
        HY_TRY(raise(transaction, rows.group, static_cast<std::int64_t>(added.size())));
        HY_TRY(events_.append(transaction, events_of(rows.group, added, true)));
        HY_TRY(change.line,
               SqlOutbox::append(transaction, rows.group, members_added(rows.by, std::move(added)), rows.now));
        HY_TRY(change.group, select_group(transaction, rows.group));
        return change;
      });
}

async::Task<Result<GroupChange>> SqlGroupStore::remove(MemberAct act, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline, [this, act, hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(const Membership actor, select_actor(transaction, act.group, act.by));
        HY_TRY(const auto target, select_membership(transaction, act.group, act.user));
        if (!target) return fail(ErrorCode::not_found, "never was a member");
        GroupChange change;
        if (!target->former) {
          HY_TRY(may_remove(actor.role, target->role));
          HY_TRY(set_former(transaction, act));
          HY_TRY(raise(transaction, act.group, -1));
          HY_TRY(events_.append(transaction, events_of(act.group, std::span(&act.user, 1), false)));
          HY_TRY(change.line, SqlOutbox::append(transaction, act.group, member_removed(act.by, act.user), act.now));
        }
        HY_TRY(change.group, select_group(transaction, act.group));
        return change;
      });
}

async::Task<Result<GroupChange>> SqlGroupStore::leave(MemberAct act, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline, [this, act, hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(const auto place, select_membership(transaction, act.group, act.user));
        // Of a disabled group too: nobody is held in it.
        HY_TRY(may_see(place));
        HY_TRY(set_former(transaction, act));
        HY_TRY(raise(transaction, act.group, -1));
        HY_TRY(events_.append(transaction, events_of(act.group, std::span(&act.user, 1), false)));
        if (place->role == Role::owner) {
          HY_TRY(const auto heir, select_heir(transaction, act.group, act.user));
          if (heir) {
            HY_TRY(set_owner(transaction, act.group, *heir));
            HY_TRY(SqlOutbox::append(transaction, act.group, owner_changed(act.user, *heir), act.now));
          } else {
            HY_TRY(transaction.execute("UPDATE conversations SET state = :state WHERE conversation_id = :id",
                                       State::dissolved, act.group));
          }
        }
        GroupChange change;
        HY_TRY(change.line, SqlOutbox::append(transaction, act.group, member_left(act.user), act.now));
        HY_TRY(change.group, select_group(transaction, act.group));
        return change;
      });
}

async::Task<Result<GroupChange>> SqlGroupStore::set_role(MemberAct act, Role role, AfterCommit hook,
                                                         async::Deadline deadline) {
  return database_.write(
      deadline, [act, role, hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(const Membership actor, select_actor(transaction, act.group, act.by));
        HY_TRY(const auto target, select_membership(transaction, act.group, act.user));
        if (!target || target->former) return fail(ErrorCode::not_found, "no member");
        HY_TRY(may_set_role(actor.role, target->role, role));
        GroupChange change;
        if (target->role != role) {
          HY_TRY(set_role_of(transaction, act.group, act.user, role));
          HY_TRY(raise(transaction, act.group, 0));
          HY_TRY(change.line, SqlOutbox::append(transaction, act.group, role_changed(act.by, act.user, role), act.now));
        }
        HY_TRY(change.group, select_group(transaction, act.group));
        return change;
      });
}

async::Task<Result<std::optional<GroupPlace>>> SqlGroupStore::find(ConversationId group, UserId user,
                                                                   async::Deadline deadline) {
  return database_.read(deadline, [group, user](Session& session) -> Result<std::optional<GroupPlace>> {
    HY_TRY(auto place, select_membership(session, group, user));
    if (!place || place->type != Type::group) return std::optional<GroupPlace>();
    HY_TRY(auto found, select_group(session, group));
    return std::optional(GroupPlace{*std::move(place), std::move(found)});
  });
}

async::Task<Result<std::optional<Member>>> SqlGroupStore::member(ConversationId group, UserId user,
                                                                 async::Deadline deadline) {
  return database_.read(deadline, [group, user](Session& session) -> Result<std::optional<Member>> {
    HY_TRY(const auto found, select_members(session, "user_id = :user LIMIT 1", group, MemberState::present, user));
    return found.empty() ? std::nullopt : std::optional(found.front());
  });
}

async::Task<Result<std::vector<Member>>> SqlGroupStore::members(ConversationId group,
                                                                std::optional<MemberPosition> after, std::size_t limit,
                                                                async::Deadline deadline) {
  // Nobody stands before this.
  constexpr MemberPosition kStart{Role::owner, TimeMs(std::numeric_limits<std::int64_t>::min()), UserId(0)};
  return database_.read(deadline, [group, from = after.value_or(kStart), limit](Session& session) {
    return select_members(session,
                          "(role < :below OR (role = :role"
                          " AND (joined_ms > :later OR (joined_ms = :joined AND user_id > :user))))"
                          " ORDER BY role DESC, joined_ms, user_id LIMIT :limit",
                          group, MemberState::present, from.role, from.role, from.joined, from.joined, from.user,
                          limit);
  });
}

}  // namespace hongyan::conversation
