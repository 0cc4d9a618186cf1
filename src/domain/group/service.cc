#include "domain/group/service.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/numbers.h"
#include "base/text.h"
#include "domain/group/rules.h"

namespace hongyan::group {
namespace {

using conversation::FoundGroup;
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
  HY_CO_TRY(text::refuse_words(ports_.words, name, "name"));
  HY_CO_TRY(auto change, co_await ports_.groups.create({.owner = owner,
                                                        .name = std::move(name),
                                                        .members = std::move(members),
                                                        .max_members = static_cast<std::size_t>(max_members_)},
                                                       deadline));
  co_await await_line(change.line, deadline);
  co_return change;
}

async::Task<Result<conversation::Group>> Service::get(ConversationId group, UserId user, async::Deadline deadline) {
  return ports_.groups.get(group, user, deadline);
}

async::Task<Result<MemberPage>> Service::members(ConversationId group, UserId user, std::size_t limit, std::string text,
                                                 std::string cursor, async::Deadline deadline) {
  if (!text.empty()) {
    HY_CO_TRY(text, check_line(text, 0, kMaxName, "q"));
  }
  const std::string query = query_of(group, user) + ":" + text;
  std::optional<MemberPosition> after;
  if (!cursor.empty()) {
    HY_CO_TRY(const std::string position, ports_.cursors.open(query, cursor));
    after = position_from(position);
    if (!after) co_return fail(Error::invalid("cursor", "no position"));
  }
  MemberPage page;
  // One more tells whether there is another page.
  HY_CO_TRY(page.items, co_await ports_.groups.members(group, user, {after, limit + 1, std::move(text)}, deadline));
  if (page.items.size() > limit) {
    page.items.resize(limit);
    const Member& last = page.items.back();
    page.next_cursor = ports_.cursors.seal(query, to_text({last.role, last.joined, last.user}));
  }
  std::vector<UserId> people;
  for (const Member& member : page.items) people.push_back(member.user);
  HY_CO_TRY(page.users, co_await ports_.accounts.users(std::move(people), deadline));
  co_return page;
}

async::Task<Result<GroupPage>> Service::list(UserId user, std::optional<UserId> other, std::size_t limit,
                                             std::string cursor, async::Deadline deadline) {
  const std::string query = fmt::format("group.list:{}:{}", user.value, other.value_or(UserId()).value);
  ConversationId after;
  if (!cursor.empty()) {
    HY_CO_TRY(const std::string text, ports_.cursors.open(query, cursor));
    const auto id = number_from<std::uint64_t>(text);
    if (!id) co_return fail(Error::invalid("cursor", "no position"));
    after = ConversationId(*id);
  }
  GroupPage page;
  HY_CO_TRY(page.items, co_await ports_.lists.groups_of(user, other, after, limit + 1, deadline));
  if (page.items.size() > limit) {
    page.items.resize(limit);
    page.next_cursor = ports_.cursors.seal(query, std::to_string(page.items.back().id.value));
  }
  co_return page;
}

async::Task<Result<std::vector<FoundGroup>>> Service::search(UserId user, std::string text, std::size_t limit,
                                                             async::Deadline deadline) {
  HY_CO_TRY(text, check_line(text, 1, kMaxName, "q"));
  std::vector<FoundGroup> all;
  if (const auto id = number_from<std::uint64_t>(text)) {
    HY_CO_TRY(auto found, co_await ports_.lists.group_by_id(user, ConversationId(*id), deadline));
    if (found && is_shown(*found)) all.push_back(*std::move(found));
  }
  HY_CO_TRY(auto named, co_await ports_.lists.groups_named(user, std::move(text), limit, deadline));
  for (conversation::Group& group : named) {
    const bool is_there = !all.empty() && all.front().group.id == group.id;
    if (!is_there && all.size() < limit) all.push_back({std::move(group), true});
  }
  co_return all;
}

async::Task<Result<conversation::Group>> Service::edit(ConversationId group, UserId by, conversation::GroupEdit edit,
                                                       async::Deadline deadline) {
  if (edit.name) {
    HY_CO_TRY(edit.name, check_line(*edit.name, 0, kMaxName, "name"));
    HY_CO_TRY(text::refuse_words(ports_.words, *edit.name, "name"));
  }
  HY_CO_TRY(auto change, co_await ports_.groups.edit(group, by, std::move(edit), deadline));
  co_await await_line(change.line, deadline);
  co_return std::move(change.group);
}

async::Task<Result<void>> Service::dissolve(ConversationId group, UserId by, async::Deadline deadline) {
  HY_CO_TRY(const auto change, co_await ports_.groups.dissolve(group, by, deadline));
  co_await await_line(change.line, deadline);
  co_return Result<void>();
}

async::Task<Result<conversation::Group>> Service::transfer(ConversationId group, UserId by, UserId user,
                                                           async::Deadline deadline) {
  HY_CO_TRY(auto change, co_await ports_.groups.transfer(group, by, user, deadline));
  co_await await_line(change.line, deadline);
  co_return std::move(change.group);
}

async::Task<Result<GroupChange>> Service::add(ConversationId group, UserId by, std::vector<UserId> users,
                                              async::Deadline deadline) {
  if (users.empty()) co_return fail(Error::invalid("user_ids", "nobody"));
  HY_CO_TRY(
      auto change,
      co_await ports_.groups.add(
          {.group = group, .by = by, .users = std::move(users), .max_members = static_cast<std::size_t>(max_members_)},
          deadline));
  co_await await_line(change.line, deadline);
  co_return change;
}

async::Task<Result<void>> Service::remove(ConversationId group, UserId by, UserId user, async::Deadline deadline) {
  HY_CO_TRY(const auto change, co_await ports_.groups.remove(group, by, user, deadline));
  co_await await_line(change.line, deadline);
  co_return Result<void>();
}

async::Task<Result<Member>> Service::update(ConversationId group, UserId by, UserId user,
                                            std::optional<conversation::Role> wanted, conversation::MemberEdit edit,
                                            async::Deadline deadline) {
  if (edit.nickname) {
    HY_CO_TRY(edit.nickname, check_line(*edit.nickname, 0, kMaxName, "nickname"));
    HY_CO_TRY(text::refuse_words(ports_.words, *edit.nickname, "nickname"));
  }
  if (wanted) {
    HY_CO_TRY(const auto change, co_await ports_.groups.set_role(group, by, user, *wanted, deadline));
    co_await await_line(change.line, deadline);
  }
  if (edit.nickname || edit.muted_until) {
    HY_CO_TRY(const auto change, co_await ports_.groups.edit_member(group, by, user, std::move(edit), deadline));
    co_await await_line(change.line, deadline);
  }
  co_return co_await ports_.groups.member(group, by, user, deadline);
}

async::Task<Result<void>> Service::leave(ConversationId group, UserId user, async::Deadline deadline) {
  HY_CO_TRY(const auto change, co_await ports_.groups.leave(group, user, deadline));
  co_await await_line(change.line, deadline);
  co_return Result<void>();
}

// Whatever comes of it, the change is durable and its line follows.
async::Task<void> Service::await_line(conversation::OutboxId line, async::Deadline deadline) {
  if (line) (void)co_await ports_.outbox.settled(line, std::min(deadline, async::deadline_in(kLinePatience)));
}

}  // namespace hongyan::group
