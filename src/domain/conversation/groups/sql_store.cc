#include "domain/conversation/groups/sql_store.h"

#include <limits>

#include "domain/conversation/groups/lines.h"
#include "domain/conversation/groups/sql_rows.h"
#include "domain/conversation/outbox/sql_store.h"
#include "domain/conversation/rules.h"
#include "domain/conversation/sql_store.h"

namespace hongyan::conversation {

using sql::Session;
using sql::Transaction;

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
        std::optional<UserId> heir;
        if (place->role == Role::owner) {
          HY_TRY(heir, select_heir(transaction, act.group, act.user));
          if (heir) {
            HY_TRY(set_owner(transaction, act.group, *heir));
          } else {
            HY_TRY(transaction.execute("UPDATE conversations SET state = :state WHERE conversation_id = :id",
                                       State::dissolved, act.group));
          }
        }
        HY_TRY(raise(transaction, act.group, -1));
        HY_TRY(events_.append(transaction, events_of(act.group, std::span(&act.user, 1), false)));
        if (heir) HY_TRY(SqlOutbox::append(transaction, act.group, owner_changed(act.user, *heir), act.now));
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
    HY_TRY(const auto found, select_members(session, "m.user_id = :user LIMIT 1", group, MemberState::present, user));
    return found.empty() ? std::nullopt : std::optional(found.front());
  });
}

async::Task<Result<std::vector<Member>>> SqlGroupStore::members(ConversationId group, MemberQuery query,
                                                                async::Deadline deadline) {
  // Nobody stands before this.
  constexpr MemberPosition kStart{Role::owner, TimeMs(std::numeric_limits<std::int64_t>::min()), UserId(0)};
  return database_.read(deadline, [group, from = query.after.value_or(kStart), query](Session& session) {
    const std::string& text = query.text;
    return select_members(session,
                          "(m.role < :below OR (m.role = :role"
                          " AND (m.joined_ms > :later OR (m.joined_ms = :joined AND m.user_id > :user))))"
                          " AND (:none = '' OR INSTR(LOWER(m.nickname), LOWER(:own)) > 0"
                          " OR INSTR(LOWER(u.nickname), LOWER(:name)) > 0 OR INSTR(u.username, LOWER(:login)) > 0"
                          " OR INSTR(u.sort_key, LOWER(:sound)) > 0)"
                          " ORDER BY m.role DESC, m.joined_ms, m.user_id LIMIT :limit",
                          group, MemberState::present, from.role, from.role, from.joined, from.joined, from.user, text,
                          text, text, text, text, query.limit);
  });
}

async::Task<Result<GroupChange>> SqlGroupStore::edit(MemberAct act, GroupEdit edit, AfterCommit hook,
                                                     async::Deadline deadline) {
  return database_.write(
      deadline,
      [act, edit = std::move(edit), hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(const Membership actor, select_actor(transaction, act.group, act.by));
        HY_TRY(may_edit(actor.role));
        HY_TRY(const Group before, select_group(transaction, act.group));
        std::vector<SystemLine> lines;
        if (edit.name.value_or(before.name) != before.name) lines.push_back(group_renamed(act.by, *edit.name));
        if (edit.join_mode.value_or(before.join_mode) != before.join_mode) {
          lines.push_back(join_mode_changed(act.by, *edit.join_mode));
        }
        if (edit.mute_all.value_or(before.mute_all) != before.mute_all) {
          lines.push_back(mute_all_changed(act.by, *edit.mute_all));
        }
        GroupChange change;
        if (!lines.empty()) {
          HY_TRY(transaction.execute(
              "UPDATE conversations SET name = :name, join_mode = :mode, mute_all = :mute WHERE conversation_id = :id",
              edit.name.value_or(before.name), edit.join_mode.value_or(before.join_mode),
              edit.mute_all.value_or(before.mute_all), act.group));
          HY_TRY(raise(transaction, act.group, 0));
        }
        for (const SystemLine& line : lines) {
          HY_TRY(change.line, SqlOutbox::append(transaction, act.group, line, act.now));
        }
        HY_TRY(change.group, select_group(transaction, act.group));
        return change;
      });
}

async::Task<Result<GroupChange>> SqlGroupStore::edit_member(MemberAct act, MemberEdit edit, AfterCommit hook,
                                                            async::Deadline deadline) {
  return database_.write(
      deadline,
      [act, edit = std::move(edit), hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(const Membership actor, select_actor(transaction, act.group, act.by));
        HY_TRY(const auto found,
               select_members(transaction, "m.user_id = :user LIMIT 1", act.group, MemberState::present, act.user));
        if (found.empty()) return fail(ErrorCode::not_found, "no member");
        const Member& before = found.front();
        if (edit.muted_until) HY_TRY(may_remove(actor.role, before.role));
        if (edit.nickname) HY_TRY(may_rename(act.by == act.user, actor.role, before.role));
        // A mute that is over is none.
        if (edit.muted_until && *edit.muted_until <= act.now) edit.muted_until = TimeMs(0);
        Member after = before;
        after.muted_until = edit.muted_until.value_or(before.muted_until);
        after.nickname = edit.nickname.value_or(before.nickname);
        GroupChange change;
        if (after != before) {
          HY_TRY(
              transaction.execute("UPDATE members SET muted_until_ms = :until, nickname = :nickname"
                                  " WHERE conversation_id = :group AND user_id = :user",
                                  after.muted_until, after.nickname, act.group, act.user));
          HY_TRY(raise(transaction, act.group, 0));
        }
        if (after.muted_until != before.muted_until) {
          HY_TRY(change.line,
                 SqlOutbox::append(transaction, act.group, member_muted(act.by, act.user, after.muted_until), act.now));
        }
        if (after.nickname != before.nickname) {
          HY_TRY(change.line, SqlOutbox::append(transaction, act.group,
                                                nickname_changed(act.by, act.user, after.nickname), act.now));
        }
        HY_TRY(change.group, select_group(transaction, act.group));
        return change;
      });
}

async::Task<Result<GroupChange>> SqlGroupStore::transfer(MemberAct act, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline, [act, hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(const Membership actor, select_actor(transaction, act.group, act.by));
        HY_TRY(may_dispose(actor.role));
        HY_TRY(const auto target, select_membership(transaction, act.group, act.user));
        if (!target || target->former) return fail(ErrorCode::not_found, "no member");
        GroupChange change;
        HY_TRY(const bool bot, is_bot(transaction, act.user));
        if (bot) return fail(Error::invalid("user_id", "no bot owns a group"));
        if (act.user != act.by) {
          HY_TRY(set_role_of(transaction, act.group, act.by, Role::member));
          HY_TRY(set_owner(transaction, act.group, act.user));
          HY_TRY(raise(transaction, act.group, 0));
          HY_TRY(change.line, SqlOutbox::append(transaction, act.group, owner_changed(act.by, act.user), act.now));
        }
        HY_TRY(change.group, select_group(transaction, act.group));
        return change;
      });
}

async::Task<Result<GroupChange>> SqlGroupStore::dissolve(MemberAct act, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline, [act, hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(const auto place, select_membership(transaction, act.group, act.by));
        HY_TRY(may_see(place));
        HY_TRY(may_dispose(place->role));
        if (place->state == State::dissolved) return fail(ErrorCode::group_dissolved, "it has ended before");
        HY_TRY(transaction.execute("UPDATE conversations SET state = :state WHERE conversation_id = :id",
                                   State::dissolved, act.group));
        HY_TRY(raise(transaction, act.group, 0));
        GroupChange change;
        HY_TRY(change.line, SqlOutbox::append(transaction, act.group, group_dissolved(act.by), act.now));
        HY_TRY(change.group, select_group(transaction, act.group));
        return change;
      });
}

Result<std::optional<Group>> SqlGroupStore::group_in(Session& session, ConversationId group) {
  HY_TRY(auto found, select_groups(session, "WHERE c.conversation_id = :id AND c.type = :type", group, Type::group));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<std::optional<Membership>> SqlGroupStore::place_in(Session& session, ConversationId group, UserId user) {
  HY_TRY(auto place, select_membership(session, group, user));
  if (place && place->type != Type::group) place.reset();
  return place;
}

Result<std::vector<UserId>> SqlGroupStore::leaders_in(Session& session, ConversationId group) {
  HY_TRY(const auto members,
         select_members(session, "m.role > :role ORDER BY m.role DESC, m.joined_ms, m.user_id LIMIT 100", group,
                        MemberState::present, Role::member));
  std::vector<UserId> leaders;
  for (const Member& member : members) leaders.push_back(member.user);
  return leaders;
}

Result<GroupChange> SqlGroupStore::join_in(Transaction& transaction, const Joining& joining) {
  GroupChange change;
  HY_TRY(change.group, select_group(transaction, joining.group));
  if (change.group.state == State::dissolved) return fail(ErrorCode::group_dissolved, "the group is dissolved");
  if (change.group.state == State::disabled) return fail(ErrorCode::group_disabled, "the group is disabled");
  const MemberRows rows{joining.group, joining.by.value_or(UserId()), {joining.user}, joining.max_members, joining.now};
  HY_TRY(const auto added, insert_new(transaction, rows, change.group.member_count, change.failed));
  if (added.empty()) {
    if (change.failed.front().code == ErrorCode::group_full) return fail(ErrorCode::group_full, "nobody fits any more");
    return change;
  }
  HY_TRY(raise(transaction, joining.group, 1));
  HY_TRY(events_.append(transaction, events_of(joining.group, added, true)));
  HY_TRY(change.line,
         SqlOutbox::append(transaction, joining.group, member_joined(joining.user, joining.by), joining.now));
  HY_TRY(change.group, select_group(transaction, joining.group));
  return change;
}

Result<OutboxId> SqlGroupStore::tell_in(Transaction& transaction, ConversationId group, const SystemLine& line,
                                        TimeMs now) {
  HY_TRY(raise(transaction, group, 0));
  return SqlOutbox::append(transaction, group, line, now);
}

async::Task<Result<std::vector<Group>>> SqlGroupStore::groups_of(UserId user, std::optional<UserId> other,
                                                                 ConversationId after, std::size_t limit,
                                                                 async::Deadline deadline) {
  return database_.read(deadline, [=](Session& session) {
    return select_groups(session,
                         "JOIN members mine ON mine.conversation_id = c.conversation_id"
                         " JOIN members theirs ON theirs.conversation_id = c.conversation_id"
                         " WHERE mine.user_id = :user AND mine.state = :present AND theirs.user_id = :other"
                         " AND theirs.state = :too AND c.type = :type AND c.conversation_id > :after"
                         " ORDER BY c.conversation_id LIMIT :limit",
                         user, MemberState::present, other.value_or(user), MemberState::present, Type::group, after,
                         limit);
  });
}

async::Task<Result<std::vector<Group>>> SqlGroupStore::groups_named(UserId user, std::string text, std::size_t limit,
                                                                    async::Deadline deadline) {
  return database_.read(deadline, [user, text = std::move(text), limit](Session& session) {
    return select_groups(session,
                         "JOIN members m ON m.conversation_id = c.conversation_id"
                         " WHERE m.user_id = :user AND m.state = :present AND c.type = :type AND c.state <> :dissolved"
                         " AND INSTR(LOWER(c.name), LOWER(:text)) > 0 ORDER BY c.conversation_id LIMIT :limit",
                         user, MemberState::present, Type::group, State::dissolved, text, limit);
  });
}

async::Task<Result<std::optional<FoundGroup>>> SqlGroupStore::group_by_id(UserId user, ConversationId group,
                                                                          async::Deadline deadline) {
  return database_.read(deadline, [user, group](Session& session) -> Result<std::optional<FoundGroup>> {
    HY_TRY(auto found, select_groups(session, "WHERE c.conversation_id = :id AND c.type = :type", group, Type::group));
    if (found.empty()) return std::optional<FoundGroup>();
    HY_TRY(const auto place, select_membership(session, group, user));
    return std::optional(FoundGroup{std::move(found.front()), place && !place->former});
  });
}

}  // namespace hongyan::conversation
