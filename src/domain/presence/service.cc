#include "domain/presence/service.h"

#include <algorithm>
#include <unordered_set>

#include "base/sort_unique.h"
#include "domain/presence/describe.h"
#include "domain/presence/rules.h"
#include "hongyan/v1/frame.pb.h"
#include "infra/log/log.h"

namespace hongyan::presence {
namespace {

// One turn of the clockwork may take this long; what it could not do is done by the next.
constexpr std::chrono::milliseconds kTick{10'000};
// Members of a group that are looked at together; no more than one question to contacts may name.
constexpr std::size_t kMembersAtOnce = 500;
// Who comes back within this time has cost no write.
constexpr std::chrono::milliseconds kWriteDepartures{5'000};
// After a crash, "last seen" of those who were here is wrong by this at most.
constexpr std::chrono::milliseconds kWriteAttendance{300'000};

bool is_due(TimeMs last, TimeMs now, std::chrono::milliseconds every) {
  // A clock that was set back makes everything due.
  return now < last || now.value - last.value >= every.count();
}

// What fails every second is logged once, until it has succeeded again.
void note_outcome(std::string_view event, const Result<void>& outcome, bool& fails) {
  if (!outcome && !fails) log::warn(event, {{"error", error_name(outcome.error().code)}});
  fails = !outcome;
}

std::vector<UserId> everybody_in(const std::vector<Notice>& notices) {
  std::vector<UserId> people;
  for (const Notice& notice : notices) people.insert(people.end(), notice.people.begin(), notice.people.end());
  sort_unique(people);
  return people;
}

}  // namespace

Service::Service(const Ports& ports, const Config& config, metrics::Metrics& metrics)
    : ports_(ports),
      config_(config),
      online_(metrics.gauge("hongyan_present_users", "Users with a socket in this process.")),
      told_(metrics.counter("hongyan_presence_pushes_total", "Pushes that told a socket who has come or gone.")),
      attendance_written_(ports.clock.now()) {}

void Service::came(Attendee attendee) {
  attendance_.came(attendee.user);
  followers_.add(attendee);
  ports_.leases.hold({lease_key(attendee.user)}, config_.grace);
}

void Service::went(Attendee attendee, Parting parting) {
  followers_.remove(attendee.session);
  if (!attendance_.went(attendee.user, ports_.clock.now())) return;
  ports_.leases.hold({lease_key(attendee.user)}, grace_of(parting));
  // Who came back at this very moment on another thread must not be left with the rest of a grace.
  if (attendance_.is_here(attendee.user)) ports_.leases.hold({lease_key(attendee.user)}, config_.grace);
}

std::chrono::milliseconds Service::grace_of(Parting parting) const {
  return parting == Parting::closed ? config_.close_grace : config_.grace;
}

async::Task<Result<std::vector<Standing>>> Service::get(UserId viewer, std::vector<UserId> users,
                                                        async::Deadline deadline) {
  HY_CO_TRY(users, people_of(std::move(users)));
  HY_CO_TRY(auto known, co_await acquaintances(viewer, users, deadline));
  HY_CO_TRY(const auto all, co_await standings(std::move(users), deadline));
  std::vector<Standing> visible;
  for (const auto& [standing, wish] : all) {
    if (const auto one = shown(known[standing.user], wish, standing)) visible.push_back(*one);
  }
  co_return visible;
}

async::Task<Result<OnlineMembers>> Service::online_members(UserId viewer, ConversationId group,
                                                           async::Deadline deadline) {
  OnlineMembers here;
  conversation::MemberQuery query{.after = std::nullopt, .limit = kMembersAtOnce, .text = {}};
  for (;;) {
    HY_CO_TRY(const auto page, co_await ports_.groups.members(group, viewer, query, deadline));
    std::vector<UserId> users;
    for (const conversation::Member& member : page) users.push_back(member.user);
    HY_CO_TRY(const auto held, co_await online(users, deadline));
    std::vector<UserId> present;
    for (std::size_t i = 0; i < users.size(); ++i) {
      if (held[i]) present.push_back(users[i]);
    }
    HY_CO_TRY(const auto ties, co_await ports_.contacts.standings(viewer, std::move(present), deadline));
    for (const contact::Standing& tie : ties) {
      if (tie.blocked) continue;
      ++here.count;
      if (here.first.size() < kMaxPeople) here.first.push_back(tie.user);
    }
    if (page.size() < kMembersAtOnce) co_return here;
    query.after = {page.back().role, page.back().joined, page.back().user};
  }
}

async::Task<Result<Service::Acquaintances>> Service::acquaintances(UserId viewer, std::vector<UserId> users,
                                                                   async::Deadline deadline) {
  HY_CO_TRY(auto known, co_await ports_.conversations.acquainted(viewer, std::move(users), deadline));
  HY_CO_TRY(const auto ties, co_await ports_.contacts.standings(viewer, std::move(known), deadline));
  Acquaintances acquaintances;
  for (const contact::Standing& tie : ties) {
    if (!tie.blocked) acquaintances.emplace(tie.user, Acquaintance{.acquainted = true, .contact = tie.knows_user});
  }
  co_return acquaintances;
}

async::Task<Result<std::vector<Standing>>> Service::subscribe(Attendee follower, std::vector<UserId> users,
                                                              async::Deadline deadline) {
  HY_CO_TRY(auto people, co_await get(follower.user, std::move(users), deadline));
  // Nothing is waited for from here on: the answer is queued on the socket before any push that follows from this.
  followers_.follow(follower.session, people, ports_.clock.now());
  co_return people;
}

async::Task<Result<std::vector<Service::Known>>> Service::standings(std::vector<UserId> users,
                                                                    async::Deadline deadline) {
  HY_CO_TRY(const auto held, co_await online(users, deadline));
  std::vector<UserId> away;
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (!held[i]) away.push_back(users[i]);
  }
  HY_CO_TRY(const auto times, co_await last_seen(std::move(away), deadline));
  HY_CO_TRY(const auto settings, co_await ports_.privacy.look_up(users, deadline));
  std::vector<Known> all;
  for (std::size_t i = 0; i < users.size(); ++i) {
    Standing standing{.user = users[i], .online = held[i], .last_seen = std::nullopt};
    if (const auto time = times.find(users[i]); time != times.end()) standing.last_seen = time->second;
    all.push_back({standing, settings[i].see_last_seen});
  }
  co_return all;
}

async::Task<Result<std::vector<bool>>> Service::online(std::span<const UserId> users, async::Deadline deadline) {
  std::vector<std::string> keys;
  keys.reserve(users.size());
  for (const UserId user : users) keys.push_back(lease_key(user));
  co_return co_await ports_.leases.held(std::move(keys), deadline);
}

// When each was last here. What waits to be written is newer than what is, and looked at first: it may be written meanwhile.
async::Task<Result<Service::Times>> Service::last_seen(std::vector<UserId> users, async::Deadline deadline) {
  Times times;
  for (const UserId user : users) {
    if (const auto departed = attendance_.departure(user)) times.emplace(user, *departed);
  }
  for (std::size_t begin = 0; begin < users.size(); begin += Store::kMaxPeople) {
    const std::size_t end = std::min(users.size(), begin + Store::kMaxPeople);
    const auto at = [&](std::size_t index) { return users.begin() + static_cast<std::ptrdiff_t>(index); };
    HY_CO_TRY(const auto rows, co_await ports_.store.read({at(begin), at(end)}, deadline));
    for (const auto& [user, time] : rows) times.emplace(user, time);
  }
  co_return times;
}

async::Task<void> Service::tick() {
  const TimeMs now = ports_.clock.now();
  const auto deadline = async::deadline_in(kTick);
  renew(now);
  note_outcome("presence_not_told", co_await tell(deadline), telling_fails_);
  auto written = co_await write_departures(TimeMs(now.value - kWriteDepartures.count()), deadline);
  if (written && is_due(attendance_written_, now, kWriteAttendance)) {
    attendance_written_ = now;
    written = co_await write_attendance(now, deadline);
  }
  note_outcome("last_seen_not_written", written, writing_fails_);
}

async::Task<void> Service::write_all() {
  const auto deadline = async::deadline_in(kTick);
  const TimeMs now = ports_.clock.now();
  auto written = co_await write_departures(now, deadline);
  if (written) written = co_await write_attendance(now, deadline);
  note_outcome("last_seen_not_written", written, writing_fails_);
}

// Who goes at this very moment keeps the longer grace at worst.
void Service::renew(TimeMs now) {
  if (!is_due(renewed_, now, renewal_of(config_.grace, config_.close_grace))) return;
  renewed_ = now;
  std::vector<std::string> keys;
  for (const UserId user : attendance_.users()) keys.push_back(lease_key(user));
  online_.Set(static_cast<double>(keys.size()));
  ports_.leases.hold(std::move(keys), config_.grace);
}

async::Task<Result<void>> Service::tell(async::Deadline deadline) {
  const std::vector<UserId> people = followers_.followed();
  if (people.empty()) co_return Result<void>();
  HY_CO_TRY(const auto held, co_await online(people, deadline));
  auto notices = followers_.note(people, held);
  if (notices.empty()) co_return Result<void>();
  const std::vector<UserId> changed = everybody_in(notices);
  Result<std::vector<wire::Publication>> pushes = std::vector<wire::Publication>();
  if (auto dropped = co_await drop_strangers(notices, deadline); dropped) {
    pushes = co_await pushes_of(notices, deadline);
  } else {
    pushes = std::unexpected(std::move(dropped).error());
  }
  if (!pushes) {
    followers_.owe(changed);
    co_return std::unexpected(std::move(pushes).error());
  }
  told_.Increment(static_cast<double>(pushes->size()));
  if (!pushes->empty()) ports_.topics.publish(*std::move(pushes));
  co_return Result<void>();
}

// Who has left the last conversation they shared with a follower is followed no longer; looked at before something is told,
// and not again for a while.
async::Task<Result<void>> Service::drop_strangers(std::vector<Notice>& notices, async::Deadline deadline) {
  const TimeMs now = ports_.clock.now();
  for (Notice& notice : notices) {
    if (!is_due(notice.checked, now, config_.recheck)) continue;
    const SessionId session = notice.follower.session;
    HY_CO_TRY(const auto known,
              co_await acquaintances(notice.follower.user, followers_.followed_by(session), deadline));
    std::erase_if(notice.people, [&](UserId person) { return !known.contains(person); });
    std::vector<UserId> remaining;
    for (const auto& [person, acquaintance] : known) remaining.push_back(person);
    followers_.retain(session, std::move(remaining), now);
  }
  std::erase_if(notices, [](const Notice& notice) { return notice.people.empty(); });
  co_return Result<void>();
}

async::Task<Result<std::vector<wire::Publication>>> Service::pushes_of(const std::vector<Notice>& notices,
                                                                       async::Deadline deadline) {
  HY_CO_TRY(const auto all, co_await standings(everybody_in(notices), deadline));
  std::unordered_map<UserId, Known> by_user;
  for (const Known& known : all) by_user.emplace(known.standing.user, known);
  std::vector<wire::Publication> pushes;
  for (const Notice& notice : notices) {
    // Only here it matters who is whose contact.
    std::vector<UserId> asked;
    for (const UserId person : notice.people) {
      const auto& [standing, wish] = by_user.at(person);
      if (!standing.online && wish == v1::AUDIENCE_CONTACTS) asked.push_back(person);
    }
    std::unordered_set<UserId> contacts;
    if (!asked.empty()) {
      HY_CO_TRY(const auto ties, co_await ports_.contacts.standings(notice.follower.user, std::move(asked), deadline));
      for (const contact::Standing& tie : ties) {
        if (tie.knows_user) contacts.insert(tie.user);
      }
    }
    v1::PresencePush push;
    for (const UserId person : notice.people) {
      const auto& [standing, wish] = by_user.at(person);
      const Acquaintance acquaintance{.acquainted = true, .contact = contacts.contains(person)};
      if (const auto one = shown(acquaintance, wish, standing)) *push.add_items() = to_proto(*one);
    }
    pushes.push_back({wire::Topic::presence(notice.follower.session), wire::make_push("presence", std::move(push))});
  }
  co_return pushes;
}

async::Task<Result<bool>> Service::forget(UserId user, async::Deadline deadline) {
  if (attendance_.is_here(user)) co_return fail(ErrorCode::unavailable, "a socket of theirs is still open");
  if (const auto time = attendance_.departure(user)) attendance_.written({{user, *time}});
  HY_CO_TRY(co_await ports_.store.drop(user, deadline));
  co_return true;
}

async::Task<Result<void>> Service::write_departures(TimeMs by, async::Deadline deadline) {
  for (;;) {
    auto some = attendance_.departures(by, Store::kMaxPeople);
    if (some.empty()) co_return Result<void>();
    HY_CO_TRY(co_await ports_.store.write(some, deadline));
    attendance_.written(some);
  }
}

// Of those who are here: they were seen now, should the process not live to see them go.
async::Task<Result<void>> Service::write_attendance(TimeMs now, async::Deadline deadline) {
  std::vector<LastSeen> rows;
  for (const UserId user : attendance_.users()) {
    rows.push_back({user, now});
    if (rows.size() < Store::kMaxPeople) continue;
    HY_CO_TRY(co_await ports_.store.write(std::exchange(rows, {}), deadline));
  }
  co_return co_await ports_.store.write(std::move(rows), deadline);
}

}  // namespace hongyan::presence
