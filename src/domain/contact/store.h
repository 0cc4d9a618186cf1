// Where contacts, requests and blocks are kept.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/contact/rules.h"
#include "domain/contact/types.h"
#include "domain/conversation/types.h"
#include "infra/async/task.h"
#include "infra/sql/session.h"

namespace hongyan::contact {

// Runs right after the commit, whether or not the caller still waits, with the 1:1 in which something else is allowed now, if
// there is one; see sql::Transaction::after_commit.
using AfterCommit = std::move_only_function<void(std::optional<ConversationId>)>;

// The ids that a change may need.
struct FreshIds {
  RequestId request;
  ConversationId conversation;
};

// Somebody asks. Texts are checked.
struct NewRequest {
  UserId from;
  UserId to;
  std::string message;
  Source source = v1::CONTACT_SOURCE_UNSPECIFIED;
  std::string remark;
  TimeMs now;
  TimeMs expires;
  FreshIds ids;
  // Only who is asked by the other, or still on their list, comes in.
  bool closed = false;
};

// Somebody answers a request they have received.
struct Answer {
  RequestId request;
  UserId by;
  // What they will call the other one; only when they accept.
  std::string remark;
  TimeMs now;
  ConversationId fresh;
};

// Two people become friends.
struct Pairing {
  // Who has asked, and what they will call the other one; empty leaves what they call them.
  UserId from;
  std::string from_remark;
  // Who has accepted.
  UserId to;
  std::string to_remark;
  // What was written with the request.
  std::string message;
  TimeMs now;
  // Id of their 1:1 when there is none.
  ConversationId fresh;
};

// How many contacts and unanswered requests of their own somebody may have.
struct Limits {
  std::int64_t contacts = 0;
  std::int64_t pending = 0;
};

enum class Direction { received, sent };

// Storage port. Thread-safe. Each change is one transaction that holds everything: the rows, the guard of the 1:1, the user
// events, and the line that tells of a new friendship. The hook runs after every commit, also of one that changed nothing.
// Errors beside those named: unavailable, timeout, internal.
class Store {
 public:
  virtual ~Store() = default;

  // Errors: blocked, already_exists (they are friends), permission_denied (closed), quota_exceeded.
  virtual async::Task<Result<Asked>> ask(NewRequest request, AfterCommit hook, async::Deadline deadline) = 0;
  // Errors: not_found, conflict, request_expired, blocked, quota_exceeded.
  virtual async::Task<Result<Friendship>> accept(Answer answer, AfterCommit hook, async::Deadline deadline) = 0;
  // With `block` who has asked is blocked as well. Errors: not_found, conflict, request_expired.
  virtual async::Task<Result<Request>> reject(Answer answer, bool block, AfterCommit hook,
                                              async::Deadline deadline) = 0;
  // Makes friends of two whom nobody asked; answers the line that tells of it, none when they are. Errors: quota_exceeded.
  virtual async::Task<Result<conversation::OutboxId>> befriend(Pairing pairing, AfterCommit hook,
                                                               async::Deadline deadline) = 0;

  // The contact afterwards. Errors: not_found.
  virtual async::Task<Result<Contact>> update(UserId user, UserId contact, ContactChange change,
                                              async::Deadline deadline) = 0;
  virtual async::Task<Result<void>> remove(UserId user, UserId contact, AfterCommit hook, async::Deadline deadline) = 0;
  // Blocks, or undoes it. A request of theirs that waits is rejected by a block.
  virtual async::Task<Result<void>> set_blocked(UserId user, UserId other, bool blocked, TimeMs now, AfterCommit hook,
                                                async::Deadline deadline) = 0;

  // At most `limit` after the position, by sort_key; only those called like `text`, unless it is empty.
  virtual async::Task<Result<std::vector<Contact>>> contacts(UserId user, std::string text,
                                                             std::optional<ContactPosition> after, std::size_t limit,
                                                             async::Deadline deadline) = 0;
  // At most `limit` after the position, the newest first.
  virtual async::Task<Result<std::vector<Request>>> requests(UserId user, Direction direction,
                                                             std::optional<RequestPosition> after, std::size_t limit,
                                                             async::Deadline deadline) = 0;
  // At most `limit` after this one, by id.
  virtual async::Task<Result<std::vector<Blocked>>> blocked(UserId user, UserId after, std::size_t limit,
                                                            async::Deadline deadline) = 0;

  // What each of the others, at most 500, is to the user, in their order.
  virtual async::Task<Result<std::vector<Standing>>> standings(UserId user, std::vector<UserId> others,
                                                               async::Deadline deadline) = 0;
  // What two people are to each other, on the caller's connection. Blocks.
  virtual Result<conversation::Relation> relation_in(sql::Session& session, UserId user, UserId peer) = 0;
};

}  // namespace hongyan::contact
