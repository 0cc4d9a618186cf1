#include "domain/conversation/groups/service.h"

#include <algorithm>
#include <set>

#include "domain/conversation/rules.h"
#include "infra/async/announcement.h"

namespace hongyan::conversation {
namespace {

// Of one query for people.
constexpr std::size_t kMaxCards = 1000;

// Each once, in the order given.
std::vector<UserId> distinct(std::span<const UserId> users, std::optional<UserId> but) {
  std::set<UserId> seen;
  if (but) seen.insert(*but);
  std::vector<UserId> once;
  for (const UserId user : users) {
    if (seen.insert(user).second) once.push_back(user);
  }
  return once;
}

}  // namespace

async::Task<Result<GroupChange>> GroupService::create(NewGroup group, async::Deadline deadline) {
  GroupChange change;
  HY_CO_TRY(const auto users, co_await known(distinct(group.members, group.owner), change.failed, deadline));
  HY_CO_TRY(const auto fresh, ports_.ids.next());
  const ConversationId id(fresh);
  // The owner has a place of the first transaction, and one of the group.
  const std::size_t first =
      std::min({users.size(), GroupStore::kMaxUsers - 1, std::max<std::size_t>(group.max_members, 1) - 1});
  const auto [head, rest] = std::pair(std::span(users).first(first), std::span(users).subspan(first));
  GroupRow row{id, group.owner, std::move(group.name), {head.begin(), head.end()}, ports_.clock.now()};
  auto insert = [this, row = std::move(row), deadline](AfterCommit hook) mutable {
    return ports_.store.create(std::move(row), std::move(hook), deadline);
  };
  HY_CO_TRY(GroupChange created, co_await commit(id, std::move(insert), deadline));
  change.group = std::move(created.group);
  change.line = created.line;
  co_await add_rest({id, group.owner, {}, static_cast<std::int64_t>(group.max_members), {}}, rest, change, deadline);
  co_return change;
}

async::Task<Result<GroupChange>> GroupService::add(MemberAddition addition, async::Deadline deadline) {
  // Before anything is asked about these users: a stranger learns nothing.
  HY_CO_TRY(const auto place, co_await ports_.store.find(addition.group, addition.by, deadline));
  HY_CO_TRY(may_act(place ? std::optional(place->place) : std::nullopt));
  GroupChange change;
  change.group = place->group;
  HY_CO_TRY(const auto users, co_await known(distinct(addition.users, std::nullopt), change.failed, deadline));
  if (users.empty()) co_return change;
  const std::size_t first = std::min(users.size(), GroupStore::kMaxUsers);
  MemberRows rows{addition.group,
                  addition.by,
                  {users.begin(), users.begin() + static_cast<std::ptrdiff_t>(first)},
                  static_cast<std::int64_t>(addition.max_members),
                  ports_.clock.now()};
  auto insert = [this, rows, deadline](AfterCommit hook) { return ports_.store.add(rows, std::move(hook), deadline); };
  HY_CO_TRY(GroupChange added, co_await commit(addition.group, std::move(insert), deadline));
  change.group = std::move(added.group);
  change.line = added.line;
  change.failed.insert(change.failed.end(), added.failed.begin(), added.failed.end());
  co_await add_rest(std::move(rows), std::span(users).subspan(first), change, deadline);
  co_return change;
}

// Adds the users beyond the first transaction, some at a time. What fails no longer undoes what is done: it is told.
async::Task<void> GroupService::add_rest(MemberRows rows, std::span<const UserId> rest, GroupChange& change,
                                         async::Deadline deadline) {
  while (!rest.empty()) {
    const auto part = rest.first(std::min(rest.size(), GroupStore::kMaxUsers));
    rest = rest.subspan(part.size());
    rows.users.assign(part.begin(), part.end());
    rows.now = ports_.clock.now();
    auto insert = [this, rows, deadline](AfterCommit hook) {
      return ports_.store.add(rows, std::move(hook), deadline);
    };
    auto added = co_await commit(rows.group, std::move(insert), deadline);
    if (!added) {
      for (const UserId user : part) change.failed.push_back({user, added.error().code});
      continue;
    }
    change.group = std::move(added->group);
    if (added->line) change.line = added->line;
    change.failed.insert(change.failed.end(), added->failed.begin(), added->failed.end());
  }
}

async::Task<Result<GroupChange>> GroupService::remove(ConversationId group, UserId by, UserId user,
                                                      async::Deadline deadline) {
  const MemberAct act{group, by, user, ports_.clock.now()};
  auto change = [this, act, deadline](AfterCommit hook) { return ports_.store.remove(act, std::move(hook), deadline); };
  co_return co_await commit(group, std::move(change), deadline);
}

async::Task<Result<GroupChange>> GroupService::leave(ConversationId group, UserId user, async::Deadline deadline) {
  const MemberAct act{group, user, user, ports_.clock.now()};
  auto change = [this, act, deadline](AfterCommit hook) { return ports_.store.leave(act, std::move(hook), deadline); };
  co_return co_await commit(group, std::move(change), deadline);
}

async::Task<Result<GroupChange>> GroupService::set_role(ConversationId group, UserId by, UserId user, Role role,
                                                        async::Deadline deadline) {
  const MemberAct act{group, by, user, ports_.clock.now()};
  auto change = [this, act, role, deadline](AfterCommit hook) {
    return ports_.store.set_role(act, role, std::move(hook), deadline);
  };
  co_return co_await commit(group, std::move(change), deadline);
}

async::Task<Result<GroupChange>> GroupService::edit(ConversationId group, UserId by, GroupEdit edit,
                                                    async::Deadline deadline) {
  const MemberAct act{group, by, by, ports_.clock.now()};
  auto change = [this, act, edit = std::move(edit), deadline](AfterCommit hook) {
    return ports_.store.edit(act, edit, std::move(hook), deadline);
  };
  co_return co_await commit(group, std::move(change), deadline);
}

async::Task<Result<GroupChange>> GroupService::edit_member(ConversationId group, UserId by, UserId user,
                                                           MemberEdit edit, async::Deadline deadline) {
  const MemberAct act{group, by, user, ports_.clock.now()};
  auto change = [this, act, edit = std::move(edit), deadline](AfterCommit hook) {
    return ports_.store.edit_member(act, edit, std::move(hook), deadline);
  };
  co_return co_await commit(group, std::move(change), deadline);
}

async::Task<Result<GroupChange>> GroupService::transfer(ConversationId group, UserId by, UserId user,
                                                        async::Deadline deadline) {
  const MemberAct act{group, by, user, ports_.clock.now()};
  auto change = [this, act, deadline](AfterCommit hook) {
    return ports_.store.transfer(act, std::move(hook), deadline);
  };
  co_return co_await commit(group, std::move(change), deadline);
}

async::Task<Result<GroupChange>> GroupService::dissolve(ConversationId group, UserId by, async::Deadline deadline) {
  const MemberAct act{group, by, by, ports_.clock.now()};
  auto change = [this, act, deadline](AfterCommit hook) {
    return ports_.store.dissolve(act, std::move(hook), deadline);
  };
  co_return co_await commit(group, std::move(change), deadline);
}

async::Task<Result<Member>> GroupService::member(ConversationId group, UserId by, UserId user,
                                                 async::Deadline deadline) {
  HY_CO_TRY(co_await get(group, by, deadline));
  HY_CO_TRY(auto found, co_await ports_.store.member(group, user, deadline));
  if (!found) co_return fail(ErrorCode::not_found, "no member");
  co_return *std::move(found);
}

async::Task<Result<Group>> GroupService::get(ConversationId group, UserId user, async::Deadline deadline) {
  HY_CO_TRY(auto found, co_await ports_.store.find(group, user, deadline));
  HY_CO_TRY(may_see(found ? std::optional(found->place) : std::nullopt));
  co_return std::move(found->group);
}

async::Task<Result<std::vector<Member>>> GroupService::members(ConversationId group, UserId user, MemberQuery query,
                                                               async::Deadline deadline) {
  HY_CO_TRY(co_await get(group, user, deadline));
  co_return co_await ports_.store.members(group, std::move(query), deadline);
}

// Runs one transaction and waits until no sequencer acts on what was true before it. The bump is posted by the writer, so
// it comes also when nobody waits here any more.
async::Task<Result<GroupChange>> GroupService::commit(ConversationId group, Change change, async::Deadline deadline) {
  async::Announcement bumped(co_await async::this_loop(), deadline);
  AfterCommit hook = [this, group, done = bumped.announce()]() mutable {
    ports_.permissions.bump_conversation(group, std::move(done));
    ports_.committed(group);
  };
  HY_CO_TRY(GroupChange changed, co_await change(std::move(hook)));
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  co_return changed;
}

// Those who can be added to anything; the others stand in `failed`.
async::Task<Result<std::vector<UserId>>> GroupService::known(std::vector<UserId> users, std::vector<NotAdded>& failed,
                                                             async::Deadline deadline) {
  std::set<UserId> enabled;
  for (std::size_t begin = 0; begin < users.size(); begin += kMaxCards) {
    const auto part = std::span(users).subspan(begin, std::min(kMaxCards, users.size() - begin));
    HY_CO_TRY(const auto cards, co_await ports_.accounts.users({part.begin(), part.end()}, deadline));
    for (const account::UserCard& card : cards) {
      if (card.enabled) enabled.insert(card.user_id);
    }
  }
  std::vector<UserId> found;
  for (const UserId user : users) {
    if (enabled.contains(user)) {
      found.push_back(user);
    } else {
      failed.push_back({user, ErrorCode::not_found});
    }
  }
  co_return found;
}

}  // namespace hongyan::conversation
