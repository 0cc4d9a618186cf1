// The use cases of presence.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "domain/account/api.h"
#include "domain/contact/api.h"
#include "domain/conversation/api.h"
#include "domain/presence/api.h"
#include "domain/presence/attendance.h"
#include "domain/presence/config.h"
#include "domain/presence/followers.h"
#include "domain/presence/rules.h"
#include "domain/presence/store.h"
#include "infra/kv/leases/lease_store.h"
#include "infra/metrics/metrics.h"
#include "wire/topics.h"

namespace hongyan::presence {

// Who of a group is here.
struct OnlineMembers {
  std::int64_t count = 0;
  // The first kMaxPeople of them, in the order of members.
  std::vector<UserId> first;
};

// What the service works with; all must outlive it.
struct Ports {
  conversation::Api& conversations;
  conversation::Groups& groups;
  contact::Api& contacts;
  account::Privacy& privacy;
  Store& store;
  kv::LeaseStore& leases;
  wire::Topics& topics;
  const Clock& clock;
};

// A user is online while their lease is held: every process renews those of its sockets' users, and shortens it to the grace
// when the last socket goes. Nobody announces changes: whoever has followers looks at the leases once an interval, so a
// process that dies is noticed like a socket that does. Thread-safe. Owned by Module, which calls tick().
class Service final : public Api, public account::DeletionStep {
 public:
  Service(const Ports& ports, const Config& config, metrics::Metrics& metrics);

  void came(Attendee attendee) override;
  void went(Attendee attendee, Parting parting) override;

  // How these people stand, in their order, without those the viewer may not know of. Errors: invalid_argument for too many,
  // unavailable, timeout.
  async::Task<Result<std::vector<Standing>>> get(UserId viewer, std::vector<UserId> users, async::Deadline deadline);

  // Which members of a group are online, without those with whom there is a block. Errors: not_found for strangers,
  // not_member for former members, unavailable, timeout.
  async::Task<Result<OnlineMembers>> online_members(UserId viewer, ConversationId group, async::Deadline deadline);

  // The same as get(); the socket follows them instead of whom it followed, until it goes. Without a socket (none) that is all. A
  // repeat is harmless. Errors: as get(), and then it follows whom it did.
  async::Task<Result<std::vector<Standing>>> subscribe(Attendee follower, std::vector<UserId> users,
                                                       async::Deadline deadline);

  // Drops when they were last here. Errors also: unavailable while a socket of theirs is still closing.
  async::Task<Result<bool>> forget(UserId user, async::Deadline deadline) override;

  // What is due: renews leases, tells followers, writes when people went. Once an interval, never two at once.
  async::Task<void> tick();
  // Writes when people went, and of those who are here that they are. For the end.
  async::Task<void> write_all();

 private:
  using Times = std::unordered_map<UserId, TimeMs>;
  using Acquaintances = std::unordered_map<UserId, Acquaintance>;
  // How somebody stands, and whom they let see when they were last here.
  struct Known {
    Standing standing;
    account::Audience see_last_seen = {};
  };

  std::chrono::milliseconds grace_of(Parting parting) const;
  // Those of the users whom the viewer may know of.
  async::Task<Result<Acquaintances>> acquaintances(UserId viewer, std::vector<UserId> users, async::Deadline deadline);
  void renew(TimeMs now);
  async::Task<Result<std::vector<bool>>> online(std::span<const UserId> users, async::Deadline deadline);
  async::Task<Result<Times>> last_seen(std::vector<UserId> users, async::Deadline deadline);
  async::Task<Result<std::vector<Known>>> standings(std::vector<UserId> users, async::Deadline deadline);
  async::Task<Result<void>> tell(async::Deadline deadline);
  async::Task<Result<void>> drop_strangers(std::vector<Notice>& notices, async::Deadline deadline);
  async::Task<Result<std::vector<wire::Publication>>> pushes_of(const std::vector<Notice>& notices,
                                                                async::Deadline deadline);
  async::Task<Result<void>> write_departures(TimeMs by, async::Deadline deadline);
  async::Task<Result<void>> write_attendance(TimeMs now, async::Deadline deadline);

  const Ports ports_;
  const Config config_;
  metrics::Gauge& online_;
  metrics::Counter& told_;
  Attendance attendance_;
  Followers followers_;
  // Of tick() alone, and of write_all() once there are no more ticks.
  TimeMs renewed_;
  TimeMs attendance_written_;
  bool telling_fails_ = false;
  bool writing_fails_ = false;
};

}  // namespace hongyan::presence
