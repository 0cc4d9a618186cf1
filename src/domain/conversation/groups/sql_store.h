// Groups and their members in the relational database.
#pragma once

#include "domain/account/events.h"
#include "domain/conversation/store.h"
#include "infra/sql/database.h"

namespace hongyan::conversation {

// Tables conversations, members, outbox, and through account the user events. Thread-safe. Owned by Module; its
// collaborators must outlive it.
class SqlGroupStore final : public GroupStore, public GroupsInside, public GroupLists {
 public:
  SqlGroupStore(sql::Database& database, account::UserEvents& events) : database_(database), events_(events) {}

  async::Task<Result<GroupChange>> create(GroupRow group, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> add(MemberRows rows, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> remove(MemberAct act, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> leave(MemberAct act, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> set_role(MemberAct act, Role role, AfterCommit hook,
                                            async::Deadline deadline) override;
  async::Task<Result<GroupChange>> edit(MemberAct act, GroupEdit edit, AfterCommit hook,
                                        async::Deadline deadline) override;
  async::Task<Result<GroupChange>> edit_member(MemberAct act, MemberEdit edit, AfterCommit hook,
                                               async::Deadline deadline) override;
  async::Task<Result<GroupChange>> transfer(MemberAct act, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<GroupChange>> dissolve(MemberAct act, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<std::optional<GroupPlace>>> find(ConversationId group, UserId user,
                                                      async::Deadline deadline) override;
  async::Task<Result<std::optional<Member>>> member(ConversationId group, UserId user,
                                                    async::Deadline deadline) override;
  async::Task<Result<std::vector<Member>>> members(ConversationId group, MemberQuery query,
                                                   async::Deadline deadline) override;

  Result<std::optional<Group>> group_in(sql::Session& session, ConversationId group) override;
  Result<std::optional<Membership>> place_in(sql::Session& session, ConversationId group, UserId user) override;
  Result<std::vector<UserId>> leaders_in(sql::Session& session, ConversationId group) override;
  Result<GroupChange> join_in(sql::Transaction& transaction, const Joining& joining) override;
  Result<OutboxId> tell_in(sql::Transaction& transaction, ConversationId group, const SystemLine& line,
                           TimeMs now) override;

  async::Task<Result<std::vector<Group>>> groups_of(UserId user, std::optional<UserId> other, ConversationId after,
                                                    std::size_t limit, async::Deadline deadline) override;
  async::Task<Result<std::vector<Group>>> groups_named(UserId user, std::string text, std::size_t limit,
                                                       async::Deadline deadline) override;
  async::Task<Result<std::optional<FoundGroup>>> group_by_id(UserId user, ConversationId group,
                                                             async::Deadline deadline) override;

 private:
  sql::Database& database_;
  account::UserEvents& events_;
};

}  // namespace hongyan::conversation
