// Changes that concern single users, for their own devices: written in the transaction of the change, followed by version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "infra/async/task.h"
#include "infra/sql/session.h"

namespace hongyan::v1 {
class UserEvent;
}  // namespace hongyan::v1

namespace hongyan::account {

// Number of a change of one user: dense, from 1; 0 before the first.
using UserVersion = Strong<struct UserVersionTag, std::int64_t>;

// The new state of one thing of one user. A newer one of the same kind and key takes its place.
struct UserEvent {
  UserId user;
  // The field of v1::UserEventState that holds the state: "group", "settings", "cleared", "deleted".
  std::string kind;
  // Which one of its kind: an id; empty where everybody has one only.
  std::string key;
  // A protobuf message, by kind.
  std::string state;
  bool operator==(const UserEvent&) const = default;
};

// An event with the version at which the state was written.
struct VersionedEvent {
  UserVersion version;
  UserEvent event;
};

// As devices see it. A kind that is not known here has no state.
v1::UserEvent to_proto(const VersionedEvent& stored);

// What happened to a user since a version.
struct UserEventPage {
  // By version. Empty when `reset`.
  std::vector<VersionedEvent> events;
  // The newest version: where to go on from once `events` are applied, or the lists were read again.
  UserVersion version;
  // Too much has happened since, or the caller knows versions that do not exist: read the lists again.
  bool reset = false;
};

// Told of events once they are durable. Called right after the commit on the thread that writes, in the order of versions, once
// a transaction that appended any; it must not block or throw. A commit whose outcome is unknown is told to nobody: the next
// version shows the hole. Thread-safe; outlives all transactions.
class UserEventListener {
 public:
  virtual ~UserEventListener() = default;
  virtual void appended(const std::vector<VersionedEvent>& events) = 0;
};

// The log of user events. Thread-safe; lives as long as the process's modules. Errors: unavailable, timeout, internal.
class UserEvents {
 public:
  // More users are split over several transactions, so that none holds the writer for long.
  static constexpr std::size_t kMaxUsers = 200;
  // Who is further behind gets `reset`.
  static constexpr std::int64_t kMaxBehind = 1000;

  virtual ~UserEvents() = default;

  // Set at start-up, before the first request; there is one.
  virtual void set_listener(UserEventListener& listener) = 0;

  // Gives the events their versions, dense for each user, in the order given. Counters are locked in the order of user ids,
  // so that two transactions cannot wait for each other. At most kMaxUsers different users.
  virtual Result<void> append(sql::Transaction& transaction, std::vector<UserEvent> events) = 0;

  // append() in a transaction of its own. Not safe to repeat: it counts as another change. Errors also: unavailable (outcome
  // unknown).
  virtual async::Task<Result<void>> record(std::vector<UserEvent> events, async::Deadline deadline) = 0;

  // The user's newest version, as the transaction of the session sees it.
  virtual Result<UserVersion> version_in(sql::Session& session, UserId user) = 0;

  // What happened since `since`. A repeat is safe.
  virtual async::Task<Result<UserEventPage>> since(UserId user, UserVersion since, async::Deadline deadline) = 0;
};

}  // namespace hongyan::account
