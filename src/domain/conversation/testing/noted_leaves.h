// Groups for tests of those who only leave some.
#pragma once

#include <utility>
#include <vector>

#include "domain/conversation/api.h"

namespace hongyan::conversation::testing {

// Notes who leaves what; answers what it was told to.
class NotedLeaves final : public Groups {
 public:
  async::Task<Result<GroupChange>> leave(ConversationId group, UserId user, async::Deadline) override {
    left.emplace_back(group, user);
    if (refusal != ErrorCode::internal) co_return fail(refusal);
    co_return GroupChange();
  }
  async::Task<Result<GroupChange>> create(NewGroup, async::Deadline) override { return no(); }
  async::Task<Result<GroupChange>> add(MemberAddition, async::Deadline) override { return no(); }
  async::Task<Result<GroupChange>> remove(ConversationId, UserId, UserId, async::Deadline) override { return no(); }
  async::Task<Result<GroupChange>> set_role(ConversationId, UserId, UserId, Role, async::Deadline) override {
    return no();
  }
  async::Task<Result<GroupChange>> edit(ConversationId, UserId, GroupEdit, async::Deadline) override { return no(); }
  async::Task<Result<GroupChange>> edit_member(ConversationId, UserId, UserId, MemberEdit, async::Deadline) override {
    return no();
  }
  async::Task<Result<GroupChange>> transfer(ConversationId, UserId, UserId, async::Deadline) override { return no(); }
  async::Task<Result<GroupChange>> dissolve(ConversationId, UserId, async::Deadline) override { return no(); }
  async::Task<Result<Member>> member(ConversationId, UserId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<Group>> get(ConversationId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<Member>>> members(ConversationId, UserId, MemberQuery, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }

  std::vector<std::pair<ConversationId, UserId>> left;
  // What a leave is answered; internal: it is done.
  ErrorCode refusal = ErrorCode::internal;

 private:
  static async::Task<Result<GroupChange>> no() { co_return fail(ErrorCode::unimplemented); }
};

}  // namespace hongyan::conversation::testing
