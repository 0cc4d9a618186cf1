// Where conversations and memberships are kept.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/conversation/api.h"
#include "domain/conversation/types.h"
#include "infra/async/task.h"

namespace hongyan::conversation {

// The people of a 1:1, lower id first; the same twice in the file helper. Value type.
struct Pair {
  UserId low;
  UserId high;
  Pair(UserId a, UserId b) : low(a < b ? a : b), high(a < b ? b : a) {}
};

// What a guard is made of.
struct GuardFacts {
  std::optional<Membership> membership;
  bool lines_waiting = false;
  // Of a 1:1 with somebody else.
  Relation relation = {};
};

// Storage port. Thread-safe. Errors of all methods: unavailable, timeout, internal.
class Store {
 public:
  virtual ~Store() = default;

  // The 1:1 of the pair, nothing when there is none.
  virtual async::Task<Result<std::optional<ConversationId>>> find_direct(Pair pair, async::Deadline deadline) = 0;

  // Creates the 1:1 of the pair with this id unless it exists; answers the id that counts. A repeat is safe.
  virtual async::Task<Result<ConversationId>> create_direct(Pair pair, ConversationId fresh, TimeMs now,
                                                            async::Deadline deadline) = 0;

  // The user's place in the conversation, nothing when they never were in it or it does not exist.
  virtual async::Task<Result<std::optional<Membership>>> membership(ConversationId conversation, UserId user,
                                                                    async::Deadline deadline) = 0;

  // The same, and whether lines of the conversation wait in the outbox, at one moment.
  virtual async::Task<Result<GuardFacts>> guard_facts(ConversationId conversation, UserId user,
                                                      async::Deadline deadline) = 0;

  // Every conversation the user is or was in by id, at most kMaxConversations.
  virtual async::Task<Result<std::vector<Membership>>> memberships_of(UserId user, async::Deadline deadline) = 0;

  // Which conversations the user is in by id, at most kMaxConversations, and the user's version at that moment. Answered
  // from indexes alone, because all ask who connect.
  virtual async::Task<Result<PlaceIds>> place_ids(UserId user, async::Deadline deadline) = 0;

  // The memberships in these conversations, at most kMaxNamed of them, and the user's version at that moment.
  virtual async::Task<Result<Places>> places_in(UserId user, std::vector<ConversationId> conversations,
                                                async::Deadline deadline) = 0;

  // Those of the others who are in a conversation with the user now.
  virtual async::Task<Result<std::vector<UserId>>> acquainted(UserId user, std::vector<UserId> others,
                                                              async::Deadline deadline) = 0;

  // The people in the conversation, without bots, by id; at most kMaxMembers.
  virtual async::Task<Result<std::vector<UserId>>> member_ids(ConversationId conversation,
                                                              async::Deadline deadline) = 0;

  static constexpr std::int64_t kMaxConversations = 20'000;
  static constexpr std::size_t kMaxNamed = 100;
  // As many as the largest group can have.
  static constexpr std::int64_t kMaxMembers = 100'000;
};

// Runs right after the commit, whether or not the caller still waits; see sql::Transaction::after_commit.
using AfterCommit = std::move_only_function<void()>;

// A new group with its first members: known, enabled, each once, at most GroupStore::kMaxUsers with the owner.
struct GroupRow {
  ConversationId id;
  UserId owner;
  std::string name;
  std::vector<UserId> members;
  TimeMs now;
};

// Known, enabled, each once, at most GroupStore::kMaxUsers.
struct MemberRows {
  ConversationId group;
  // None (0) when they come by themselves.
  UserId by;
  std::vector<UserId> users;
  std::int64_t max_members = 0;
  TimeMs now;
};

// Somebody does something to a member; to themselves when they leave.
struct MemberAct {
  ConversationId group;
  UserId by;
  UserId user;
  TimeMs now;
};

// A group and one user's place in it.
struct GroupPlace {
  Membership place;
  Group group;
};

// Storage port of groups. Thread-safe. Each change is one transaction that holds everything: the rows, the guard, which is
// raised before the lines go into the outbox so that the order of their ids is the order of the commits, the lines, and the
// user events of who joins or leaves. What a user may do is decided inside. The hook runs after every commit, also of one
// that changed nothing. Errors as in conversation::Groups, and internal.
class GroupStore {
 public:
  static constexpr std::size_t kMaxUsers = 200;

  virtual ~GroupStore() = default;

  virtual async::Task<Result<GroupChange>> create(GroupRow group, AfterCommit hook, async::Deadline deadline) = 0;
  virtual async::Task<Result<GroupChange>> add(MemberRows rows, AfterCommit hook, async::Deadline deadline) = 0;
  virtual async::Task<Result<GroupChange>> remove(MemberAct act, AfterCommit hook, async::Deadline deadline) = 0;
  virtual async::Task<Result<GroupChange>> leave(MemberAct act, AfterCommit hook, async::Deadline deadline) = 0;
  virtual async::Task<Result<GroupChange>> set_role(MemberAct act, Role role, AfterCommit hook,
                                                    async::Deadline deadline) = 0;

  virtual async::Task<Result<GroupChange>> edit(MemberAct act, GroupEdit edit, AfterCommit hook,
                                                async::Deadline deadline) = 0;
  virtual async::Task<Result<GroupChange>> edit_member(MemberAct act, MemberEdit edit, AfterCommit hook,
                                                       async::Deadline deadline) = 0;
  virtual async::Task<Result<GroupChange>> transfer(MemberAct act, AfterCommit hook, async::Deadline deadline) = 0;
  virtual async::Task<Result<GroupChange>> dissolve(MemberAct act, AfterCommit hook, async::Deadline deadline) = 0;

  // Nothing for strangers and for what is no group.
  virtual async::Task<Result<std::optional<GroupPlace>>> find(ConversationId group, UserId user,
                                                              async::Deadline deadline) = 0;
  // A present member; nothing for others.
  virtual async::Task<Result<std::optional<Member>>> member(ConversationId group, UserId user,
                                                            async::Deadline deadline) = 0;
  // Present members only.
  virtual async::Task<Result<std::vector<Member>>> members(ConversationId group, MemberQuery query,
                                                           async::Deadline deadline) = 0;
};

}  // namespace hongyan::conversation
