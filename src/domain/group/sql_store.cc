#include "domain/group/sql_store.h"

#include <fmt/format.h>

#include <limits>

#include "domain/group/rules.h"

namespace hongyan::group {
namespace {

using conversation::Group;
using conversation::GroupChange;
using conversation::Membership;
using sql::Session;
using sql::Transaction;

// `where` goes on after the table.
template <class... Args>
Result<std::vector<Invite>> select_invites(Session& session, std::string_view where, Args... args) {
  HY_TRY(const auto rows,
         (session.query<InviteId, ConversationId, UserId, TimeMs, TimeMs, std::int64_t, std::int64_t, bool>(
             fmt::format("SELECT invite_id, group_id, created_by, created_ms, expires_ms, max_uses, uses, revoked"
                         " FROM group_invites WHERE revoked = 0 AND {}",
                         where),
             args...)));
  std::vector<Invite> invites;
  for (const auto& [id, group, by, time, expires, max_uses, uses, revoked] : rows) {
    invites.push_back({id, group, by, time, expires, max_uses, uses});
  }
  return invites;
}

// The invite of this token, if it is good.
Result<Invite> select_good(Session& session, const std::string& token_hash, TimeMs now) {
  HY_TRY(const auto found, select_invites(session, "token_hash = :hash", token_hash));
  if (found.empty()) return fail(ErrorCode::not_found, "no such invite");
  HY_TRY(check_good(found.front(), now));
  return found.front();
}

Result<bool> has_asked(Session& session, ConversationId group, UserId user) {
  HY_TRY(const auto row,
         session.query_one<UserId>("SELECT user_id FROM group_requests WHERE group_id = :group AND user_id = :user",
                                   group, user));
  return row.has_value();
}

// Of one step of forget(): who may answer a request is told of each.
constexpr std::int64_t kForgottenRequests = 20;
constexpr std::int64_t kForgottenInvites = 500;

// Some of those that somebody has made; true when none is left.
Result<bool> drop_invites(Transaction& transaction, UserId maker) {
  HY_TRY(const auto invites,
         transaction.query<InviteId>("SELECT invite_id FROM group_invites WHERE created_by = :maker LIMIT :most", maker,
                                     kForgottenInvites));
  for (const auto& [invite] : invites) {
    HY_TRY(transaction.execute("DELETE FROM group_invites WHERE invite_id = :id", invite));
  }
  return std::ssize(invites) < kForgottenInvites;
}

}  // namespace

async::Task<Result<Joined>> SqlStore::join(JoinTry wish, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, wish = std::move(wish), hook = std::move(hook)](Transaction& transaction) mutable -> Result<Joined> {
        transaction.after_commit(std::move(hook));
        HY_TRY(const auto group, groups_.group_in(transaction, wish.group));
        if (!group) return fail(ErrorCode::not_found, "no such group");
        HY_TRY(const auto place, groups_.place_in(transaction, wish.group, wish.user));
        const bool inside = place && !place->former;
        if (!wish.token_hash.empty()) {
          HY_TRY(const Invite invite, select_good(transaction, wish.token_hash, wish.now));
          if (invite.group != wish.group) return fail(ErrorCode::not_found, "an invite into another group");
          HY_TRY(Joined joined, let_in(transaction, {wish.group, wish.user, invite.by, wish.max_members, wish.now}));
          if (!inside) {
            HY_TRY(transaction.execute("UPDATE group_invites SET uses = uses + 1 WHERE invite_id = :id", invite.id));
          }
          return joined;
        }
        if (inside || group->join_mode == conversation::JoinMode::open) {
          return let_in(transaction, {wish.group, wish.user, {}, wish.max_members, wish.now});
        }
        // Who may not come in by themselves may not know of it either; who was in it does.
        if (group->join_mode == conversation::JoinMode::invite) {
          if (place) return fail(ErrorCode::permission_denied, "only by an invite");
          return fail(ErrorCode::not_found, "only by an invite");
        }
        return wait(transaction, wish);
      });
}

// Whoever was waiting waits no more.
Result<Joined> SqlStore::let_in(Transaction& transaction, const conversation::Joining& joining) {
  Joined joined;
  HY_TRY(joined.change, groups_.join_in(transaction, joining));
  HY_TRY(const bool asked, has_asked(transaction, joining.group, joining.user));
  if (asked) HY_TRY(settle(transaction, joining.group, joining.user, v1::JOIN_REQUEST_STATE_ACCEPTED));
  return joined;
}

Result<Joined> SqlStore::wait(Transaction& transaction, const JoinTry& wish) {
  HY_TRY(const auto group, groups_.group_in(transaction, wish.group));
  HY_TRY(check_usable(*group));
  HY_TRY(const bool asked, has_asked(transaction, wish.group, wish.user));
  if (!asked) {
    HY_TRY(const auto waiting, transaction.query_one<std::int64_t>(
                                   "SELECT COUNT(*) FROM group_requests WHERE group_id = :group", wish.group));
    if (std::get<0>(*waiting) >= kMaxRequests) return fail(ErrorCode::quota_exceeded, "too many wait");
  }
  HY_TRY(transaction.execute("DELETE FROM group_requests WHERE group_id = :group AND user_id = :user", wish.group,
                             wish.user));
  HY_TRY(transaction.insert_rows("group_requests", {"group_id", "user_id", "message", "created_ms"},
                                 {sql::values(wish.group, wish.user, wish.message, wish.now)}));
  HY_TRY(tell(transaction, wish.group, wish.user, v1::JOIN_REQUEST_STATE_PENDING));
  return Joined{.change = {}, .pending = true};
}

Result<void> SqlStore::settle(Transaction& transaction, ConversationId group, UserId user, v1::JoinRequestState state) {
  HY_TRY(transaction.execute("DELETE FROM group_requests WHERE group_id = :group AND user_id = :user", group, user));
  return tell(transaction, group, user, state);
}

// Who asks and who may answer.
Result<void> SqlStore::tell(Transaction& transaction, ConversationId group, UserId user, v1::JoinRequestState state) {
  HY_TRY(auto people, groups_.leaders_in(transaction, group));
  people.push_back(user);
  v1::JoinRequestEvent event;
  event.set_group_id(group.value);
  event.set_user_id(user.value);
  event.set_state(state);
  const std::string bytes = event.SerializeAsString();
  std::vector<account::UserEvent> events;
  for (const UserId one : people) {
    events.push_back({one, "join_request", fmt::format("{}/{}", group.value, user.value), bytes});
  }
  return events_.append(transaction, std::move(events));
}

async::Task<Result<GroupChange>> SqlStore::accept(JoinAnswer answer, AfterCommit hook, async::Deadline deadline) {
  return database_.write(
      deadline, [this, answer, hook = std::move(hook)](Transaction& transaction) mutable -> Result<GroupChange> {
        transaction.after_commit(std::move(hook));
        HY_TRY(leader(transaction, answer.group, answer.by));
        HY_TRY(const bool asked, has_asked(transaction, answer.group, answer.user));
        if (!asked) return fail(ErrorCode::not_found, "they have not asked");
        HY_TRY(auto joined,
               let_in(transaction, {answer.group, answer.user, answer.by, answer.max_members, answer.now}));
        return std::move(joined.change);
      });
}

async::Task<Result<void>> SqlStore::reject(JoinAnswer answer, async::Deadline deadline) {
  return database_.write(deadline, [this, answer](Transaction& transaction) -> Result<void> {
    HY_TRY(leader(transaction, answer.group, answer.by));
    HY_TRY(const bool asked, has_asked(transaction, answer.group, answer.user));
    if (!asked) return fail(ErrorCode::not_found, "they have not asked");
    return settle(transaction, answer.group, answer.user, v1::JOIN_REQUEST_STATE_REJECTED);
  });
}

async::Task<Result<std::vector<JoinRequest>>> SqlStore::requests(PageOf page, UserId after, async::Deadline deadline) {
  return database_.read(deadline, [this, page, after](Session& session) -> Result<std::vector<JoinRequest>> {
    HY_TRY(const Membership place, reader(session, page.group, page.reader));
    HY_TRY(may_lead(place.role));
    HY_TRY(const auto rows, (session.query<UserId, std::string, TimeMs>(
                                "SELECT user_id, message, created_ms FROM group_requests WHERE group_id = :group"
                                " AND user_id > :after ORDER BY user_id LIMIT :limit",
                                page.group, after, page.limit)));
    std::vector<JoinRequest> requests;
    for (const auto& [user, message, time] : rows) requests.push_back({user, message, time});
    return requests;
  });
}

async::Task<Result<void>> SqlStore::create_invite(NewInvite fresh, async::Deadline deadline) {
  return database_.write(deadline, [this, fresh = std::move(fresh)](Transaction& transaction) -> Result<void> {
    const Invite& invite = fresh.invite;
    HY_TRY(const Membership place, reader(transaction, invite.group, invite.by));
    HY_TRY(const auto group, groups_.group_in(transaction, invite.group));
    HY_TRY(check_usable(*group));
    if (group->join_mode != conversation::JoinMode::open) HY_TRY(may_lead(place.role));
    HY_TRY(const auto good,
           transaction.query_one<std::int64_t>("SELECT COUNT(*) FROM group_invites WHERE group_id = :group"
                                               " AND revoked = 0 AND expires_ms > :now",
                                               invite.group, invite.time));
    if (std::get<0>(*good) >= kMaxInvites) return fail(ErrorCode::quota_exceeded, "too many invites");
    return transaction.insert_rows(
        "group_invites", {"invite_id", "group_id", "created_by", "token_hash", "created_ms", "expires_ms", "max_uses"},
        {sql::values(invite.id, invite.group, invite.by, fresh.token_hash, invite.time, invite.expires,
                     invite.max_uses)});
  });
}

async::Task<Result<std::vector<Invite>>> SqlStore::invites(PageOf page, InviteId after, TimeMs now,
                                                           async::Deadline deadline) {
  return database_.read(deadline, [this, page, after, now](Session& session) -> Result<std::vector<Invite>> {
    HY_TRY(const Membership place, reader(session, page.group, page.reader));
    const bool all = may_lead(place.role).has_value();
    return select_invites(session,
                          "group_id = :group AND expires_ms > :now AND (max_uses = 0 OR uses < max_uses)"
                          " AND (:all = 1 OR created_by = :user) AND invite_id > :after"
                          " ORDER BY invite_id LIMIT :limit",
                          page.group, now, all, page.reader, after, page.limit);
  });
}

async::Task<Result<void>> SqlStore::revoke_invite(ConversationId group, UserId by, InviteId invite,
                                                  async::Deadline deadline) {
  return database_.write(deadline, [=, this](Transaction& transaction) -> Result<void> {
    HY_TRY(const Membership place, reader(transaction, group, by));
    HY_TRY(const auto row,
           transaction.query_one<UserId>(
               "SELECT created_by FROM group_invites WHERE invite_id = :id AND group_id = :group", invite, group));
    const bool all = may_lead(place.role).has_value();
    if (!row || (!all && std::get<0>(*row) != by)) return fail(ErrorCode::not_found, "no invite of theirs");
    HY_TRY(transaction.execute("UPDATE group_invites SET revoked = 1 WHERE invite_id = :id", invite));
    return {};
  });
}

async::Task<Result<InvitePreview>> SqlStore::preview(std::string token_hash, UserId reader_id, TimeMs now,
                                                     async::Deadline deadline) {
  return database_.read(
      deadline, [this, token_hash = std::move(token_hash), reader_id, now](Session& session) -> Result<InvitePreview> {
        InvitePreview preview;
        HY_TRY(preview.invite, select_good(session, token_hash, now));
        HY_TRY(auto group, groups_.group_in(session, preview.invite.group));
        if (!group) return fail(ErrorCode::not_found, "no such group");
        HY_TRY(check_usable(*group));
        preview.group = *std::move(group);
        HY_TRY(const auto place, groups_.place_in(session, preview.group.id, reader_id));
        preview.joined = place && !place->former;
        return preview;
      });
}

async::Task<Result<conversation::OutboxId>> SqlStore::add_notice(NewNotice fresh, AfterCommit hook,
                                                                 async::Deadline deadline) {
  return database_.write(
      deadline,
      [this, fresh = std::move(fresh),
       hook = std::move(hook)](Transaction& transaction) mutable -> Result<conversation::OutboxId> {
        transaction.after_commit(std::move(hook));
        const Notice& notice = fresh.notice;
        HY_TRY(leader(transaction, fresh.group, notice.by));
        HY_TRY(transaction.insert_rows("group_notices", {"notice_id", "group_id", "by_user", "text", "created_ms"},
                                       {sql::values(notice.id, fresh.group, notice.by, notice.text, notice.time)}));
        return groups_.tell_in(transaction, fresh.group, notice_changed(notice, fresh.notify_all), notice.time);
      });
}

async::Task<Result<std::vector<Notice>>> SqlStore::notices(PageOf page, NoticeId before, async::Deadline deadline) {
  // Above all ids as the database compares them.
  constexpr NoticeId kNewest{static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())};
  return database_.read(
      deadline, [this, page, from = before ? before : kNewest](Session& session) -> Result<std::vector<Notice>> {
        HY_TRY(reader(session, page.group, page.reader));
        HY_TRY(const auto rows,
               (session.query<NoticeId, UserId, std::string, TimeMs>(
                   "SELECT notice_id, by_user, text, created_ms FROM group_notices WHERE group_id = :group"
                   " AND notice_id < :before ORDER BY notice_id DESC LIMIT :limit",
                   page.group, from, page.limit)));
        std::vector<Notice> notices;
        for (const auto& [id, by, text, time] : rows) notices.push_back({id, by, text, time});
        return notices;
      });
}

// The place of a present member.
Result<Membership> SqlStore::reader(Session& session, ConversationId group, UserId user) {
  HY_TRY(auto place, groups_.place_in(session, group, user));
  if (!place) return fail(ErrorCode::not_found, "no group of theirs");
  if (place->former) return fail(ErrorCode::not_member, "they have left the group");
  return *std::move(place);
}

// The place of the owner or an admin of a group that can be used.
Result<Membership> SqlStore::leader(Session& session, ConversationId group, UserId user) {
  HY_TRY(auto place, reader(session, group, user));
  HY_TRY(const auto found, groups_.group_in(session, group));
  HY_TRY(check_usable(*found));
  HY_TRY(may_lead(place.role));
  return place;
}

async::Task<Result<bool>> SqlStore::forget(UserId user, async::Deadline deadline) {
  return database_.write(deadline, [this, user](Transaction& transaction) -> Result<bool> {
    HY_TRY(const auto waiting,
           transaction.query<ConversationId>("SELECT group_id FROM group_requests WHERE user_id = :user LIMIT :most",
                                             user, kForgottenRequests));
    // One by one: together they could concern more people than one append takes.
    for (const auto& [group] : waiting) {
      HY_TRY(settle(transaction, group, user, v1::JOIN_REQUEST_STATE_REJECTED));
    }
    HY_TRY(const bool dropped, drop_invites(transaction, user));
    return dropped && std::ssize(waiting) < kForgottenRequests;
  });
}

}  // namespace hongyan::group
