#include "domain/group/service.h"

#include <algorithm>

#include "base/text.h"
#include "domain/group/rules.h"

namespace hongyan::group {
namespace {

using conversation::GroupChange;
using conversation::Member;
using conversation::MemberPosition;

std::string query_of(ConversationId group, UserId user) {
  return "group.members:" + std::to_string(group.value) + ":" + std::to_string(user.value);
}

}  // namespace

async::Task<Result<GroupChange>> Service::create(UserId owner, std::string name, std::vector<UserId> members,
                                                 async::Deadline deadline) {
  HY_CO_TRY(name, check_line(name, 0, kMaxName, "name"));
  HY_CO_TRY(auto change, co_await groups_.create({.owner = owner,
                                                  .name = std::move(name),
                                                  .members = std::move(members),
                                                  .max_members = static_cast<std::size_t>(max_members_)},
                                                 deadline));
  co_await await_line(change.line, deadline);
  co_return change;
}

async::Task<Result<conversation::Group>> Service::get(ConversationId group, UserId user, async::Deadline deadline) {
  return groups_.get(group, user, deadline);
}

async::Task<Result<MemberPage>> Service::members(ConversationId group, UserId user, std::size_t limit,
                                                 std::string cursor, async::Deadline deadline) {
  std::optional<MemberPosition> after;
  if (!cursor.empty()) {
    HY_CO_TRY(const std::string text, cursors_.open(query_of(group, user), cursor));
    after = position_from(text);
    if (!after) co_return fail(Error::invalid("cursor", "no position"));
  }
  MemberPage page;
  // One more tells whether there is another page.
  HY_CO_TRY(page.items, co_await groups_.members(group, user, after, limit + 1, deadline));
  if (page.items.size() > limit) {
    page.items.resize(limit);
    const Member& last = page.items.back();
    page.next_cursor = cursors_.seal(query_of(group, user), to_text({last.role, last.joined, last.user}));
  }
  co_return page;
}

async::Task<Result<GroupChange>> Service::add(ConversationId group, UserId by, std::vector<UserId> users,
                                              async::Deadline deadline) {
  if (users.empty()) co_return fail(Error::invalid("user_ids", "nobody"));
  HY_CO_TRY(
      auto change,
      co_await groups_.add(
          {.group = group, .by = by, .users = std::move(users), .max_members = static_cast<std::size_t>(max_members_)},
          deadline));
  co_await await_line(change.line, deadline);
  co_return change;
}

async::Task<Result<void>> Service::remove(ConversationId group, UserId by, UserId user, async::Deadline deadline) {
  HY_CO_TRY(const auto change, co_await groups_.remove(group, by, user, deadline));
  co_await await_line(change.line, deadline);
  co_return Result<void>();
}

async::Task<Result<Member>> Service::update(ConversationId group, UserId by, UserId user,
                                            std::optional<conversation::Role> wanted, async::Deadline deadline) {
  if (wanted) {
    HY_CO_TRY(const auto change, co_await groups_.set_role(group, by, user, *wanted, deadline));
    co_await await_line(change.line, deadline);
  }
  co_return co_await groups_.member(group, by, user, deadline);
}

async::Task<Result<void>> Service::leave(ConversationId group, UserId user, async::Deadline deadline) {
  HY_CO_TRY(const auto change, co_await groups_.leave(group, user, deadline));
  co_await await_line(change.line, deadline);
  co_return Result<void>();
}

// Whatever comes of it, the change is durable and its line follows.
async::Task<void> Service::await_line(conversation::OutboxId line, async::Deadline deadline) {
  if (line) (void)co_await outbox_.settled(line, std::min(deadline, async::deadline_in(kLinePatience)));
}

}  // namespace hongyan::group
