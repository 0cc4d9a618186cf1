// Where requests to come in, invites and notices are kept.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/group/types.h"
#include "infra/async/task.h"

namespace hongyan::group {

// Runs right after the commit, whether or not the caller still waits; see sql::Transaction::after_commit.
using AfterCommit = std::move_only_function<void()>;

// Somebody wants to come in.
struct JoinTry {
  ConversationId group;
  UserId user;
  // SHA-256 of the token of an invite, in base64url; empty for none.
  std::string token_hash;
  std::string message;
  std::int64_t max_members = 0;
  TimeMs now;
};

// The owner or an admin answers somebody who waits.
struct JoinAnswer {
  ConversationId group;
  UserId by;
  UserId user;
  std::int64_t max_members = 0;
  TimeMs now;
};

struct NewInvite {
  Invite invite;
  std::string token_hash;
};

struct NewNotice {
  ConversationId group;
  Notice notice;
  bool notify_all = false;
};

// A page of a list of one group, for one of its members.
struct PageOf {
  ConversationId group;
  UserId reader;
  std::size_t limit = 0;
};

// Storage port. Thread-safe. Each change is one transaction that holds everything, and what somebody may do is decided inside.
// The hook runs after every commit, also of one that changed nothing. Errors of every method: not_found for strangers and for
// what is no group, not_member for former members, unavailable, timeout, internal; of changes also group_disabled,
// group_dissolved, permission_denied.
class Store {
 public:
  // Requests of one group that wait.
  static constexpr std::int64_t kMaxRequests = 1000;
  // Invites of one group that are good.
  static constexpr std::int64_t kMaxInvites = 100;

  virtual ~Store() = default;

  // Errors: group_full, request_expired (the invite is good no more), quota_exceeded (too many wait).
  virtual async::Task<Result<Joined>> join(JoinTry wish, AfterCommit hook, async::Deadline deadline) = 0;
  // Lets them in. Who is in it by then stays so. Errors: group_full, not_found when they have not asked.
  virtual async::Task<Result<conversation::GroupChange>> accept(JoinAnswer answer, AfterCommit hook,
                                                                async::Deadline deadline) = 0;
  // Errors: not_found when they have not asked.
  virtual async::Task<Result<void>> reject(JoinAnswer answer, async::Deadline deadline) = 0;
  // By user id, after this one.
  virtual async::Task<Result<std::vector<JoinRequest>>> requests(PageOf page, UserId after,
                                                                 async::Deadline deadline) = 0;

  // Errors: quota_exceeded.
  virtual async::Task<Result<void>> create_invite(NewInvite invite, async::Deadline deadline) = 0;
  // Those that are good, by id after this one: all for the owner and admins, their own for others.
  virtual async::Task<Result<std::vector<Invite>>> invites(PageOf page, InviteId after, TimeMs now,
                                                           async::Deadline deadline) = 0;
  // Who has made it, the owner and admins. Errors: not_found.
  virtual async::Task<Result<void>> revoke_invite(ConversationId group, UserId by, InviteId invite,
                                                  async::Deadline deadline) = 0;
  // Errors: not_found, request_expired.
  virtual async::Task<Result<InvitePreview>> preview(std::string token_hash, UserId reader, TimeMs now,
                                                     async::Deadline deadline) = 0;

  // With a line that tells of it.
  virtual async::Task<Result<conversation::OutboxId>> add_notice(NewNotice notice, AfterCommit hook,
                                                                 async::Deadline deadline) = 0;
  // The newest first, before this one; none (0) for the newest of all.
  virtual async::Task<Result<std::vector<Notice>>> notices(PageOf page, NoticeId before, async::Deadline deadline) = 0;
};

}  // namespace hongyan::group
