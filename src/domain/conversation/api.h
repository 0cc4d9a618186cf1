// What later slices may ask of conversations.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/account/events.h"
#include "domain/conversation/events.h"
#include "domain/conversation/types.h"
#include "infra/async/task.h"
#include "infra/sql/session.h"

namespace hongyan::conversation {

// Where a user is and was at one moment.
struct Places {
  std::vector<Membership> memberships;
  account::UserVersion version;
};

// Where a user is at one moment, and nothing else of it.
struct PlaceIds {
  std::vector<ConversationId> conversations;
  account::UserVersion version;
};

// Thread-safe; lives as long as the process's modules.
class Api {
 public:
  virtual ~Api() = default;

  // The one 1:1 of `user` and `peer`, created when there is none yet, also when both open it at once; with oneself the
  // file helper. A repeat gives the same. Errors: not_found when the peer does not exist, or is disabled and there is no
  // 1:1 yet.
  virtual async::Task<Result<Membership>> open_direct(UserId user, UserId peer, async::Deadline deadline) = 0;

  // Whether `sender` may send to `conversation`. A stranger gets a guard with refusal not_found, never an error: errors
  // are failures of the store (unavailable, timeout). Runs on the db pool.
  virtual async::Task<Result<SendGuard>> send_guard(ConversationId conversation, UserId sender,
                                                    async::Deadline deadline) = 0;

  // The user's place in the conversation, also a former one; not_found for strangers and unknown conversations alike.
  virtual async::Task<Result<Membership>> membership(ConversationId conversation, UserId user,
                                                     async::Deadline deadline) = 0;

  // Every conversation the user is or was in, by id.
  virtual async::Task<Result<std::vector<Membership>>> memberships_of(UserId user, async::Deadline deadline) = 0;

  // The conversations the user is in, for who connects, and the user's version at that very moment: what changes afterwards
  // has a higher one.
  virtual async::Task<Result<PlaceIds>> place_ids(UserId user, async::Deadline deadline) = 0;

  // Memberships and version of these conversations only, at most 100, each at most once; those the user never was in are left out.
  virtual async::Task<Result<Places>> places_in(UserId user, std::vector<ConversationId> conversations,
                                                async::Deadline deadline) = 0;

  // Those of the others, in any order, who are in a conversation with the user now: people who may know of each other. At
  // most 500 others.
  virtual async::Task<Result<std::vector<UserId>>> acquainted(UserId user, std::vector<UserId> others,
                                                              async::Deadline deadline) = 0;

  // The people in the conversation now, without bots, by id; nobody asks who wants to know. Empty when it does not exist.
  virtual async::Task<Result<std::vector<UserId>>> member_ids(ConversationId conversation,
                                                              async::Deadline deadline) = 0;
};

// Somebody makes a group.
struct NewGroup {
  UserId owner;
  std::string name;
  // Others; who is named twice, or is the owner, counts once.
  std::vector<UserId> members;
  std::size_t max_members = 0;
};

// Somebody brings others into a group.
struct MemberAddition {
  ConversationId group;
  UserId by;
  std::vector<UserId> users;
  std::size_t max_members = 0;
};

// Knows what people are to each other; a later slice keeps it. Thread-safe; outlives all requests.
class Relations {
 public:
  virtual ~Relations() = default;
  // As the session sees it. Whoever changes it raises the 1:1 of the two by Directs in the same transaction. Blocks. Errors:
  // unavailable, internal.
  virtual Result<Relation> relation_in(sql::Session& session, UserId user, UserId peer) = 0;
};

// A 1:1, and the line that was written into it.
struct ToldDirect {
  ConversationId conversation;
  OutboxId line;
};

// 1:1s inside the transactions of other slices, which change what two people are to each other. Thread-safe; lives as long as
// the process's modules. Blocks. Errors: unavailable, internal.
class Directs {
 public:
  virtual ~Directs() = default;

  // Set at start-up, before the first request. Until then everybody may send to everybody.
  virtual void set_relations(Relations& relations) = 0;

  // The 1:1 of the two with its guard raised; nothing when there is none.
  virtual Result<std::optional<ConversationId>> raise_in(sql::Transaction& transaction, UserId user, UserId peer) = 0;

  // The same, made under the id `fresh` when there is none; the line comes into its history.
  virtual Result<ToldDirect> tell_in(sql::Transaction& transaction, UserId user, UserId peer, ConversationId fresh,
                                     SystemLine line, TimeMs now) = 0;

  // Has every sequencer drop what it knows of the 1:1, then calls `done`; and brings its lines into the history. Call it from
  // an after-commit hook.
  virtual void committed(ConversationId conversation, std::move_only_function<void()> done) = 0;
};

// Groups and who is in them. Thread-safe; lives as long as the process's modules.
//
// Success of a change means that it is durable, that no sequencer acts on what was true before, and that the line that tells
// of it waits in the outbox. More than 200 users are split over several transactions, each with a line of its own; what is
// not reached when one fails stands in `failed`. Errors of every method: not_found for strangers and for what is no group,
// unavailable, timeout; of changes also not_member for former members, group_disabled, group_dissolved,
// permission_denied.
class Groups {
 public:
  virtual ~Groups() = default;

  // Not safe to repeat: makes another group.
  virtual async::Task<Result<GroupChange>> create(NewGroup group, async::Deadline deadline) = 0;

  // Any member may add. Repeats answer already_exists for each.
  virtual async::Task<Result<GroupChange>> add(MemberAddition addition, async::Deadline deadline) = 0;

  // Removes somebody of a lower role; nothing changes for a former member. not_found also for a user who never was one.
  virtual async::Task<Result<GroupChange>> remove(ConversationId group, UserId by, UserId user,
                                                  async::Deadline deadline) = 0;

  // The owner hands the group to the longest-standing admin, or else member; the last person dissolves it.
  virtual async::Task<Result<GroupChange>> leave(ConversationId group, UserId user, async::Deadline deadline) = 0;

  // The owner makes a member an admin, or an admin a member. A repeat changes nothing.
  virtual async::Task<Result<GroupChange>> set_role(ConversationId group, UserId by, UserId user, Role role,
                                                    async::Deadline deadline) = 0;

  // Changes what all see of the group; the owner and admins may. What is so already changes nothing.
  virtual async::Task<Result<GroupChange>> edit(ConversationId group, UserId by, GroupEdit edit,
                                                async::Deadline deadline) = 0;
  // Changes a member: mutes over lower roles, nicknames one's own or over lower roles. not_found for who is no member.
  virtual async::Task<Result<GroupChange>> edit_member(ConversationId group, UserId by, UserId user, MemberEdit edit,
                                                       async::Deadline deadline) = 0;
  // The owner hands the group to another member and becomes a member. not_found for who is no member, invalid_argument for a bot;
  // with oneself nothing changes.
  virtual async::Task<Result<GroupChange>> transfer(ConversationId group, UserId by, UserId user,
                                                    async::Deadline deadline) = 0;
  // The owner ends the group: its members read on and do nothing else. A repeat answers group_dissolved.
  virtual async::Task<Result<GroupChange>> dissolve(ConversationId group, UserId by, async::Deadline deadline) = 0;

  // One present member; not_found for others.
  virtual async::Task<Result<Member>> member(ConversationId group, UserId by, UserId user,
                                             async::Deadline deadline) = 0;

  // not_member for former members.
  virtual async::Task<Result<Group>> get(ConversationId group, UserId user, async::Deadline deadline) = 0;
  // not_member for former members.
  virtual async::Task<Result<std::vector<Member>>> members(ConversationId group, UserId user, MemberQuery query,
                                                           async::Deadline deadline) = 0;
};

// Somebody comes into a group by themselves.
struct Joining {
  ConversationId group;
  UserId user;
  // Who has let them in, or made the invite.
  std::optional<UserId> by;
  std::int64_t max_members = 0;
  TimeMs now;
};

// Groups inside the reads and transactions of other slices. Thread-safe; lives as long as the process's modules. Blocks. Whoever
// changes something calls Directs::committed from an after-commit hook. Errors beside those named: unavailable, internal.
class GroupsInside {
 public:
  virtual ~GroupsInside() = default;

  // Nothing for what is no group.
  virtual Result<std::optional<Group>> group_in(sql::Session& session, ConversationId group) = 0;
  // The user's place in it, also a former one; nothing for strangers and for what is no group.
  virtual Result<std::optional<Membership>> place_in(sql::Session& session, ConversationId group, UserId user) = 0;
  // The owner and the admins, at most 100.
  virtual Result<std::vector<UserId>> leaders_in(sql::Session& session, ConversationId group) = 0;

  // Brings the user in, with the line `member_joined`. Who is in it stays so, and nothing changes. Errors: group_full,
  // group_disabled, group_dissolved.
  virtual Result<GroupChange> join_in(sql::Transaction& transaction, const Joining& joining) = 0;
  // Raises the group's version and tells of it with a line.
  virtual Result<OutboxId> tell_in(sql::Transaction& transaction, ConversationId group, const SystemLine& line,
                                   TimeMs now) = 0;
};

// Lists of groups. Thread-safe; lives as long as the process's modules. Errors: unavailable, timeout, internal.
class GroupLists {
 public:
  virtual ~GroupLists() = default;

  // Those the user is in, by id after this one; at most `limit`. With `other` only those that they are in too.
  virtual async::Task<Result<std::vector<Group>>> groups_of(UserId user, std::optional<UserId> other,
                                                            ConversationId after, std::size_t limit,
                                                            async::Deadline deadline) = 0;
  // Those the user is in whose name holds the text, in any case, by id; at most `limit`. None that is dissolved.
  virtual async::Task<Result<std::vector<Group>>> groups_named(UserId user, std::string text, std::size_t limit,
                                                               async::Deadline deadline) = 0;
  // A group by its id, whoever asks, and whether the user is in it; nothing for what is no group.
  virtual async::Task<Result<std::optional<FoundGroup>>> group_by_id(UserId user, ConversationId group,
                                                                     async::Deadline deadline) = 0;
};

// What users have set for conversations. Thread-safe; lives as long as the process's modules. Errors: unavailable, timeout,
// internal.
class SettingsStore {
 public:
  virtual ~SettingsStore() = default;

  // Everything the user has set, by conversation; who never chose is left out. At most 20,000.
  virtual async::Task<Result<std::map<ConversationId, Settings>>> all_of(UserId user, async::Deadline deadline) = 0;
  // The settings after the change. What differs is written with a user event of the same transaction. A repeat is harmless.
  virtual async::Task<Result<Settings>> update(UserId user, ConversationId conversation, SettingsChange change,
                                               async::Deadline deadline) = 0;
};

}  // namespace hongyan::conversation
