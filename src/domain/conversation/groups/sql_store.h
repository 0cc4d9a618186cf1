// Groups and their members in the relational database.
#pragma once

#include "domain/account/events.h"
#include "domain/conversation/store.h"
#include "infra/sql/database.h"

namespace hongyan::conversation {

// Tables conversations, members, outbox, and through account the user events. Thread-safe. Owned by Module; its
// collaborators must outlive it.
class SqlGroupStore final : public GroupStore {
 public:
  SqlGroupStore(sql::Database& database, account::UserEvents& events) : database_(database), events_(events) {}

  async::Task<Result<GroupChange>> create(GroupRow group, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> add(MemberRows rows, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> remove(MemberAct act, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> leave(MemberAct act, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> set_role(MemberAct act, Role role, AfterCommit hook,
                                            async::Deadline deadline) override;
  async::Task<Result<std::optional<GroupPlace>>> find(ConversationId group, UserId user,
                                                      async::Deadline deadline) override;
  async::Task<Result<std::optional<Member>>> member(ConversationId group, UserId user,
                                                    async::Deadline deadline) override;
  async::Task<Result<std::vector<Member>>> members(ConversationId group, std::optional<MemberPosition> after,
                                                   std::size_t limit, async::Deadline deadline) override;

 private:
  sql::Database& database_;
  account::UserEvents& events_;
};

}  // namespace hongyan::conversation
