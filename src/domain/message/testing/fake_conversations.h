// Conversations by heart, for tests.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "domain/conversation/api.h"

namespace hongyan::message::testing {

// 1:1s between two users each, and groups; answers at once on the caller's executor. Thread-safe.
class FakeConversations final : public conversation::Api {
 public:
  void add_direct(ConversationId conversation, UserId one, UserId other) {
    const std::lock_guard lock(mutex_);
    members_[conversation] = {one, other};
  }
  void add_group(ConversationId conversation, std::map<UserId, conversation::Role> members) {
    const std::lock_guard lock(mutex_);
    for (const auto& [user, role] : members) members_[conversation].push_back(user);
    roles_[conversation] = std::move(members);
  }
  // They were in the group and are no longer.
  void put_out(ConversationId conversation, UserId user) {
    const std::lock_guard lock(mutex_);
    former_.insert({conversation, user});
  }
  void disable(UserId user) {
    const std::lock_guard lock(mutex_);
    disabled_.push_back(user);
  }

  // From now on guards say that lines wait in the outbox.
  void let_lines_wait() {
    const std::lock_guard lock(mutex_);
    lines_wait_ = true;
  }

  async::Task<Result<conversation::SendGuard>> send_guard(ConversationId conversation, UserId sender,
                                                          async::Deadline) override {
    const std::lock_guard lock(mutex_);
    conversation::SendGuard guard;
    const auto members = members_of(conversation, sender);
    if (members.empty()) {
      guard.refusal = Error(ErrorCode::not_found);
      co_return guard;
    }
    for (const UserId member : members) {
      if (std::ranges::find(disabled_, member) != disabled_.end()) guard.refusal = Error(ErrorCode::account_disabled);
    }
    guard.depends_on = members;
    guard.lines_waiting = lines_wait_;
    const auto group = roles_.find(conversation);
    if (group == roles_.end()) {
      guard.recipients.assign(members.begin(), members.end());
      co_return guard;
    }
    guard.type = conversation::Type::group;
    guard.role = group->second.at(sender);
    if (former_.contains({conversation, sender})) guard.refusal = Error(ErrorCode::not_member);
    co_return guard;
  }

  async::Task<Result<conversation::Membership>> membership(ConversationId conversation, UserId user,
                                                           async::Deadline) override {
    const std::lock_guard lock(mutex_);
    const auto members = members_of(conversation, user);
    if (members.empty()) co_return fail(ErrorCode::not_found);
    co_return place(conversation, user, members);
  }

  async::Task<Result<std::vector<conversation::Membership>>> memberships_of(UserId user, async::Deadline) override {
    const std::lock_guard lock(mutex_);
    std::vector<conversation::Membership> all;
    for (const auto& [conversation, members] : members_) {
      if (std::ranges::find(members, user) != members.end()) all.push_back(place(conversation, user, members));
    }
    co_return all;
  }

  async::Task<Result<conversation::PlaceIds>> place_ids(UserId user, async::Deadline deadline) override {
    HY_CO_TRY(const auto memberships, co_await memberships_of(user, deadline));
    conversation::PlaceIds places;
    for (const conversation::Membership& one : memberships) {
      if (!one.former) places.conversations.push_back(one.conversation);
    }
    co_return places;
  }

  async::Task<Result<conversation::Places>> places_in(UserId user, std::vector<ConversationId> conversations,
                                                      async::Deadline deadline) override {
    HY_CO_TRY(auto memberships, co_await memberships_of(user, deadline));
    std::erase_if(memberships, [&](const conversation::Membership& one) {
      return std::ranges::find(conversations, one.conversation) == conversations.end();
    });
    co_return conversation::Places{std::move(memberships), {}};
  }

  async::Task<Result<std::vector<UserId>>> acquainted(UserId user, std::vector<UserId> others,
                                                      async::Deadline) override {
    const std::lock_guard lock(mutex_);
    std::erase_if(others, [&](UserId other) {
      return std::ranges::none_of(members_, [&](const auto& one) {
        const auto& [conversation, members] = one;
        const auto present = [&](UserId who) {
          return std::ranges::find(members, who) != members.end() && !former_.contains({conversation, who});
        };
        return present(user) && present(other);
      });
    });
    co_return others;
  }

  async::Task<Result<std::vector<UserId>>> member_ids(ConversationId conversation, async::Deadline) override {
    const std::lock_guard lock(mutex_);
    std::vector<UserId> members = members_[conversation];
    std::erase_if(members, [&](UserId user) { return former_.contains({conversation, user}); });
    std::ranges::sort(members);
    co_return members;
  }

  // The one added with add_direct.
  async::Task<Result<conversation::Membership>> open_direct(UserId user, UserId peer, async::Deadline) override {
    const std::lock_guard lock(mutex_);
    for (const auto& [conversation, members] : members_) {
      if (std::ranges::is_permutation(members, std::vector{user, peer})) co_return place(conversation, user, members);
    }
    co_return fail(ErrorCode::not_found);
  }

 private:
  // Empty for strangers.
  std::vector<UserId> members_of(ConversationId conversation, UserId user) const {
    const auto found = members_.find(conversation);
    if (found == members_.end() || std::ranges::find(found->second, user) == found->second.end()) return {};
    return found->second;
  }
  conversation::Membership place(ConversationId conversation, UserId user, const std::vector<UserId>& members) const {
    conversation::Membership membership;
    membership.conversation = conversation;
    membership.user = user;
    if (const auto group = roles_.find(conversation); group != roles_.end()) {
      membership.type = conversation::Type::group;
      membership.role = group->second.at(user);
      membership.former = former_.contains({conversation, user});
      membership.member_count = static_cast<std::int64_t>(members.size());
      return membership;
    }
    membership.peer = members[0] == user ? members[1] : members[0];
    return membership;
  }

  std::mutex mutex_;
  std::map<ConversationId, std::vector<UserId>> members_;
  std::map<ConversationId, std::map<UserId, conversation::Role>> roles_;
  std::set<std::pair<ConversationId, UserId>> former_;
  std::vector<UserId> disabled_;
  bool lines_wait_ = false;
};

}  // namespace hongyan::message::testing
