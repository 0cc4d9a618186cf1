#include "app/verify/cross_audit.h"

#include <fmt/format.h>

#include <algorithm>

namespace hongyan::app {
namespace {

using conversation::MemberState;
using conversation::OutboxId;
using conversation::State;
using conversation::Type;

constexpr std::size_t kPage = 1000;

std::string text_of(const message::UserPlace& place) {
  return fmt::format("user {} in conversation {}", place.user.value, place.conversation.value);
}

}  // namespace

Result<CrossAuditCounts> CrossAudit::run() {
  HY_TRY(counts_.users, ports_.accounts.count_users());
  HY_TRY(read_waiting());
  HY_TRY(read_bounds());
  HY_TRY(check_conversations());
  HY_TRY(check_histories());
  for (const auto& [place, bound] : bounds_) problem(text_of(place) + ": a bound, but no member");
  HY_TRY(check_senders());
  HY_TRY(check_cursors());
  HY_TRY(check_lines());
  HY_TRY(check_events());
  return counts_;
}

Result<void> CrossAudit::read_waiting() {
  OutboxId after;
  while (true) {
    HY_TRY(const auto page, ports_.conversations.outbox(after, kPage));
    for (const auto& item : page) {
      waiting_.insert(item.id);
      behind_.insert(item.conversation);
    }
    if (page.size() < kPage) return {};
    after = page.back().id;
  }
}

Result<void> CrossAudit::read_bounds() {
  return message::every_page([this](std::string_view after) { return ports_.inventory.bounds(after); },
                             [this](const auto& items) {
                               for (const auto& [place, bound] : items) bounds_.emplace(place, bound);
                               return Result<void>();
                             });
}

Result<void> CrossAudit::check_conversations() {
  HY_TRY(const auto orphans, ports_.conversations.orphaned_members(kPage));
  for (const ConversationId id : orphans) {
    problem(fmt::format("conversation {}: members, but no conversation", id.value));
  }
  ConversationId after;
  while (true) {
    HY_TRY(const auto page, ports_.conversations.conversations(after, kPage));
    std::vector<ConversationId> ids;
    for (const Item& item : page) ids.push_back(item.id);
    HY_TRY(const auto heads, ports_.messages.heads(ids));
    for (std::size_t i = 0; i < page.size(); ++i) HY_TRY(check_conversation(page[i], heads[i]));
    if (page.size() < kPage) return {};
    after = page.back().id;
  }
}

Result<void> CrossAudit::check_conversation(const Item& item, const message::Head& head) {
  ++counts_.conversations;
  known_.insert(item.id);
  HY_TRY(const Members members, members_of(item.id));
  for (const auto& member : members) {
    ++counts_.members;
    places_.insert({member.user, item.id});
    if (!member.known) problem(text_of({member.user, item.id}) + ": a member without an account");
  }
  if (item.type == Type::group) {
    if (!head.seq && !behind_.contains(item.id)) {
      problem(fmt::format("conversation {}: a group without a history", item.id.value));
    }
    check_group(item, members);
    check_bounds(item, members);
  } else {
    check_direct(item, members);
  }
  return {};
}

Result<CrossAudit::Members> CrossAudit::members_of(ConversationId conversation) {
  Members members;
  while (true) {
    const UserId after = members.empty() ? UserId() : members.back().user;
    HY_TRY(const auto page, ports_.conversations.members(conversation, after, kPage));
    members.insert(members.end(), page.begin(), page.end());
    if (page.size() < kPage) return members;
  }
}

void CrossAudit::check_group(const Item& item, const Members& members) {
  const auto wrong = [&](const std::string& what) { problem(fmt::format("conversation {}: {}", item.id.value, what)); };
  const auto present = std::ranges::count(members, MemberState::present, &conversation::MemberItem::state);
  if (present != item.member_count) {
    wrong(fmt::format("it counts {} members, but has {}", item.member_count, present));
  }
  if (item.state == State::dissolved) return;
  const auto is_owner = [](const auto& member) {
    return member.role == conversation::Role::owner && member.state == MemberState::present;
  };
  const auto owner = std::ranges::find_if(members, is_owner);
  if (std::ranges::count_if(members, is_owner) != 1) {
    wrong("not exactly one owner");
  } else if (item.owner != owner->user) {
    wrong("owned by somebody else than its owner");
  }
}

void CrossAudit::check_direct(const Item& item, const Members& members) {
  const auto has = [&](const std::optional<UserId>& user) {
    return user && std::ranges::count(members, *user, &conversation::MemberItem::user) == 1;
  };
  const std::size_t people = item.low == item.high ? 1 : 2;
  if (!has(item.low) || !has(item.high) || members.size() != people) {
    problem(fmt::format("conversation {}: its members are not its two people", item.id.value));
  }
}

void CrossAudit::check_bounds(const Item& item, const Members& members) {
  for (const auto& member : members) {
    const auto bound = bounds_.extract(message::UserPlace{member.user, item.id});
    // What their lines will say is not in the history yet.
    if (behind_.contains(item.id)) continue;
    const bool present = member.state == MemberState::present;
    if (bound.empty()) {
      problem(text_of({member.user, item.id}) + ": a member without a bound");
    } else if (present == static_cast<bool>(bound.mapped().left)) {
      problem(text_of({member.user, item.id}) +
              (present ? ": a member who has left" : ": left, but not in the history"));
    }
  }
}

Result<void> CrossAudit::check_histories() {
  ConversationId after;
  while (true) {
    HY_TRY(const auto page, ports_.inventory.conversations(after, kPage));
    for (const ConversationId id : page) {
      if (!known_.contains(id)) problem(fmt::format("conversation {}: a history, but no conversation", id.value));
    }
    if (page.size() < kPage) return {};
    after = page.back();
  }
}

Result<void> CrossAudit::check_senders() {
  std::set<message::UserPlace> strangers;
  HY_TRY(message::every_page([this](std::string_view after) { return ports_.inventory.own(after); },
                             [&](const auto& items) {
                               for (const message::OwnItem& item : items) {
                                 const message::UserPlace place{item.sender, item.place.conversation};
                                 if (!places_.contains(place)) strangers.insert(place);
                               }
                               return Result<void>();
                             }));
  for (const auto& place : strangers) problem(text_of(place) + ": messages, but no member");
  return {};
}

Result<void> CrossAudit::check_cursors() {
  return message::every_page([this](std::string_view after) { return ports_.inventory.cursors(after); },
                             [this](const auto& items) {
                               for (const auto& [place, cursor] : items) {
                                 if (!places_.contains(place)) problem(text_of(place) + ": a cursor, but no member");
                               }
                               return Result<void>();
                             });
}

// Each line is a message of the server's own, named after its number.
Result<void> CrossAudit::check_lines() {
  HY_TRY(const OutboxId last, ports_.conversations.last_line());
  std::vector<message::MessageKey> keys;
  for (std::int64_t id = 1; id <= last.value; ++id) {
    ++counts_.lines;
    keys.push_back({UserId(), fmt::format("sys-{}", id)});
    if (keys.size() < kPage && id < last.value) continue;
    HY_TRY(const auto entries, ports_.messages.find_keys(keys));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const OutboxId line(id - static_cast<std::int64_t>(keys.size() - i) + 1);
      if (!entries[i] && !waiting_.contains(line)) {
        problem(fmt::format("line {}: neither in a history nor waiting", line.value));
      }
    }
    keys.clear();
  }
  const message::MessageKey beyond{UserId(), fmt::format("sys-{}", last.value + 1)};
  HY_TRY(const auto entries, ports_.messages.find_keys(std::span(&beyond, 1)));
  if (entries.front()) problem(fmt::format("line {}: in a history, but never written", last.value + 1));
  return {};
}

Result<void> CrossAudit::check_events() {
  UserId after;
  while (true) {
    HY_TRY(const auto page, ports_.accounts.event_logs(after, kPage));
    for (const account::EventLogItem& item : page) {
      const auto wrong = [&](const std::string& what) { problem(fmt::format("user {}: {}", item.user.value, what)); };
      if (!item.known) wrong("changes, but no account");
      if (item.newest != item.version) {
        wrong(fmt::format("the newest change is {}, the counter {}", item.newest.value, item.version.value));
      }
      if (item.events != item.distinct_versions) wrong("two changes of one version");
    }
    if (page.size() < kPage) return {};
    after = page.back().user;
  }
}

void CrossAudit::problem(const std::string& what) {
  ++counts_.problems;
  report_(what);
}

}  // namespace hongyan::app
