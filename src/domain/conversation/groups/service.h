// The use cases of groups.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/id_generator.h"
#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/conversation/store.h"
#include "wire/permission_hub.h"

namespace hongyan::conversation {

// What the service works with; all must outlive it.
struct GroupPorts {
  GroupStore& store;
  account::Api& accounts;
  IdGenerator& ids;
  const Clock& clock;
  const wire::PermissionHub& permissions;
  // Hears of each commit, right after it, on the thread that wrote.
  std::function<void(ConversationId)> committed;
};

// Thread-safe. Owned by Module.
class GroupService final : public Groups {
 public:
  explicit GroupService(GroupPorts ports) : ports_(std::move(ports)) {}

  async::Task<Result<GroupChange>> create(NewGroup group, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> add(MemberAddition addition, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> remove(ConversationId group, UserId by, UserId user,
                                          async::Deadline deadline) override;
  async::Task<Result<GroupChange>> leave(ConversationId group, UserId user, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> set_role(ConversationId group, UserId by, UserId user, Role role,
                                            async::Deadline deadline) override;
  async::Task<Result<GroupChange>> edit(ConversationId group, UserId by, GroupEdit edit,
                                        async::Deadline deadline) override;
  async::Task<Result<GroupChange>> edit_member(ConversationId group, UserId by, UserId user, MemberEdit edit,
                                               async::Deadline deadline) override;
  async::Task<Result<GroupChange>> transfer(ConversationId group, UserId by, UserId user,
                                            async::Deadline deadline) override;
  async::Task<Result<GroupChange>> dissolve(ConversationId group, UserId by, async::Deadline deadline) override;
  async::Task<Result<Member>> member(ConversationId group, UserId by, UserId user, async::Deadline deadline) override;
  async::Task<Result<Group>> get(ConversationId group, UserId user, async::Deadline deadline) override;
  async::Task<Result<std::vector<Member>>> members(ConversationId group, UserId user, MemberQuery query,
                                                   async::Deadline deadline) override;

 private:
  // One change of the store, with the hook it is given.
  using Change = std::move_only_function<async::Task<Result<GroupChange>>(AfterCommit)>;

  async::Task<Result<GroupChange>> commit(ConversationId group, Change change, async::Deadline deadline);
  async::Task<Result<std::vector<UserId>>> known(std::vector<UserId> users, std::vector<NotAdded>& failed,
                                                 async::Deadline deadline);
  async::Task<void> add_rest(MemberRows rows, std::span<const UserId> rest, GroupChange& change,
                             async::Deadline deadline);

  const GroupPorts ports_;
};

}  // namespace hongyan::conversation
