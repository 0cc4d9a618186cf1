// What later slices may ask of conversations.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/account/events.h"
#include "domain/conversation/types.h"
#include "infra/async/task.h"

namespace hongyan::conversation {

// Where a user is and was at one moment.
struct Places {
  std::vector<Membership> memberships;
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

  // The same, and the user's version at that very moment: what changes afterwards has a higher one.
  virtual async::Task<Result<Places>> places_of(UserId user, async::Deadline deadline) = 0;

  // The same of these conversations only, at most 100, each at most once; those the user never was in are left out.
  virtual async::Task<Result<Places>> places_in(UserId user, std::vector<ConversationId> conversations,
                                                async::Deadline deadline) = 0;

  // Those of the others, in any order, who are in a conversation with the user now: people who may know of each other. At
  // most 500 others.
  virtual async::Task<Result<std::vector<UserId>>> acquainted(UserId user, std::vector<UserId> others,
                                                              async::Deadline deadline) = 0;

  // Who is in the conversation now, by id; nobody asks who wants to know. Empty when it does not exist.
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

  // The owner hands the group to the longest-standing admin, or else member; the last one dissolves it.
  virtual async::Task<Result<GroupChange>> leave(ConversationId group, UserId user, async::Deadline deadline) = 0;

  // The owner makes a member an admin, or an admin a member. A repeat changes nothing.
  virtual async::Task<Result<GroupChange>> set_role(ConversationId group, UserId by, UserId user, Role role,
                                                    async::Deadline deadline) = 0;

  // One present member; not_found for others.
  virtual async::Task<Result<Member>> member(ConversationId group, UserId by, UserId user,
                                             async::Deadline deadline) = 0;

  // not_member for former members.
  virtual async::Task<Result<Group>> get(ConversationId group, UserId user, async::Deadline deadline) = 0;
  // At most `limit` members after a position, in the order of MemberPosition; not_member for former members.
  virtual async::Task<Result<std::vector<Member>>> members(ConversationId group, UserId user,
                                                           std::optional<MemberPosition> after, std::size_t limit,
                                                           async::Deadline deadline) = 0;
};

}  // namespace hongyan::conversation
