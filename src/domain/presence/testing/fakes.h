// Stand-ins for what the services work with; each answers at once on the caller's executor.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "domain/contact/api.h"
#include "domain/conversation/api.h"
#include "domain/presence/store.h"
#include "wire/topics.h"

namespace hongyan::presence::testing {

// Times by heart.
class MemoryStore final : public Store {
 public:
  async::Task<Result<void>> write(std::vector<LastSeen> rows, async::Deadline) override {
    if (failing) co_return fail(ErrorCode::unavailable);
    ++writes;
    for (const auto& [user, time] : rows) times[user] = time;
    co_return Result<void>();
  }
  async::Task<Result<std::vector<LastSeen>>> read(std::vector<UserId> users, async::Deadline) override {
    if (failing) co_return fail(ErrorCode::unavailable);
    std::vector<LastSeen> rows;
    for (const UserId user : users) {
      if (const auto found = times.find(user); found != times.end()) rows.push_back({user, found->second});
    }
    co_return rows;
  }
  async::Task<Result<void>> drop(UserId user, async::Deadline) override {
    if (failing) co_return fail(ErrorCode::unavailable);
    times.erase(user);
    co_return Result<void>();
  }

  std::map<UserId, TimeMs> times;
  int writes = 0;
  bool failing = false;
};

// People who know each other, and one guard for all.
class FakeConversations final : public conversation::Api {
 public:
  void introduce(UserId one, UserId other) {
    pairs.insert({one, other});
    pairs.insert({other, one});
  }

  async::Task<Result<std::vector<UserId>>> acquainted(UserId user, std::vector<UserId> others,
                                                      async::Deadline) override {
    if (failing) co_return fail(ErrorCode::unavailable);
    ++looks;
    std::erase_if(others, [&](UserId other) { return !pairs.contains({user, other}); });
    // In no particular order.
    std::ranges::reverse(others);
    co_return others;
  }
  async::Task<Result<conversation::SendGuard>> send_guard(ConversationId, UserId, async::Deadline) override {
    ++looks;
    co_return guard;
  }
  async::Task<Result<conversation::Membership>> open_direct(UserId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::not_found);
  }
  async::Task<Result<conversation::Membership>> membership(ConversationId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::not_found);
  }
  async::Task<Result<std::vector<conversation::Membership>>> memberships_of(UserId, async::Deadline) override {
    co_return std::vector<conversation::Membership>();
  }
  async::Task<Result<conversation::PlaceIds>> place_ids(UserId, async::Deadline) override {
    co_return conversation::PlaceIds();
  }
  async::Task<Result<conversation::Places>> places_in(UserId, std::vector<ConversationId>, async::Deadline) override {
    co_return conversation::Places();
  }
  async::Task<Result<std::vector<UserId>>> member_ids(ConversationId, async::Deadline) override {
    co_return std::vector<UserId>();
  }

  std::set<std::pair<UserId, UserId>> pairs;
  conversation::SendGuard guard;
  int looks = 0;
  bool failing = false;
};

// Who has whom on their list, and who blocks whom, as the test says.
class FakeContacts final : public contact::Api {
 public:
  async::Task<Result<std::vector<contact::Standing>>> standings(UserId user, std::vector<UserId> others,
                                                                async::Deadline) override {
    std::vector<contact::Standing> standings;
    for (const UserId other : others) {
      standings.push_back({other, lists.contains({other, user}), blocks.contains({user, other})});
    }
    co_return standings;
  }
  async::Task<Result<void>> befriend(UserId, UserId, async::Deadline) override { co_return fail(ErrorCode::internal); }

  // Whose list, and who is on it.
  std::set<std::pair<UserId, UserId>> lists;
  // Both ways round.
  std::set<std::pair<UserId, UserId>> blocks;
};

// One group, with these members.
class FakeGroups final : public conversation::Groups {
 public:
  async::Task<Result<std::vector<conversation::Member>>> members(ConversationId, UserId,
                                                                 conversation::MemberQuery query,
                                                                 async::Deadline) override {
    std::vector<conversation::Member> page;
    for (const UserId user : people) {
      if (page.size() < query.limit) page.push_back({.user = user, .muted_until = {}, .joined = {}, .invited_by = {}});
    }
    co_return page;
  }
  async::Task<Result<conversation::GroupChange>> create(conversation::NewGroup, async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::GroupChange>> add(conversation::MemberAddition, async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::GroupChange>> remove(ConversationId, UserId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::GroupChange>> leave(ConversationId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::GroupChange>> set_role(ConversationId, UserId, UserId, conversation::Role,
                                                          async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::GroupChange>> edit(ConversationId, UserId, conversation::GroupEdit,
                                                      async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::GroupChange>> edit_member(ConversationId, UserId, UserId, conversation::MemberEdit,
                                                             async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::GroupChange>> transfer(ConversationId, UserId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::GroupChange>> dissolve(ConversationId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::Member>> member(ConversationId, UserId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }
  async::Task<Result<conversation::Group>> get(ConversationId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::internal);
  }

  std::vector<UserId> people;
};

// What was published, topic by topic, as JSON.
class NotedTopics final : public wire::Topics {
 public:
  void publish(std::vector<wire::Publication> batch) override {
    for (const wire::Publication& one : batch) {
      const std::string& frame = *one.push->frame(wire::json_frames());
      all.emplace_back(one.topic, frame.substr(frame.find('{')));
    }
  }
  // Since the last call.
  std::vector<std::pair<wire::Topic, std::string>> take() { return std::exchange(all, {}); }

  std::vector<std::pair<wire::Topic, std::string>> all;
};

}  // namespace hongyan::presence::testing
