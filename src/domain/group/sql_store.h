// Requests, invites and notices in the relational database.
#pragma once

#include "domain/account/api.h"
#include "domain/account/events.h"
#include "domain/conversation/api.h"
#include "domain/group/store.h"
#include "hongyan/v1/group.pb.h"
#include "infra/sql/database.h"

namespace hongyan::group {

// Tables group_requests, group_invites, group_notices; through conversation groups and members, through account the user
// events. Thread-safe. Owned by Module; its collaborators must outlive it.
class SqlStore final : public Store, public account::DeletionStep {
 public:
  SqlStore(sql::Database& database, account::UserEvents& events, conversation::GroupsInside& groups)
      : database_(database), events_(events), groups_(groups) {}

  async::Task<Result<Joined>> join(JoinTry wish, AfterCommit hook, async::Deadline deadline) override;
  async::Task<Result<conversation::GroupChange>> accept(JoinAnswer answer, AfterCommit hook,
                                                        async::Deadline deadline) override;
  async::Task<Result<void>> reject(JoinAnswer answer, async::Deadline deadline) override;
  async::Task<Result<std::vector<JoinRequest>>> requests(PageOf page, UserId after, async::Deadline deadline) override;
  async::Task<Result<void>> create_invite(NewInvite invite, async::Deadline deadline) override;
  async::Task<Result<std::vector<Invite>>> invites(PageOf page, InviteId after, TimeMs now,
                                                   async::Deadline deadline) override;
  async::Task<Result<void>> revoke_invite(ConversationId group, UserId by, InviteId invite,
                                          async::Deadline deadline) override;
  async::Task<Result<InvitePreview>> preview(std::string token_hash, UserId reader, TimeMs now,
                                             async::Deadline deadline) override;
  async::Task<Result<conversation::OutboxId>> add_notice(NewNotice notice, AfterCommit hook,
                                                         async::Deadline deadline) override;
  async::Task<Result<std::vector<Notice>>> notices(PageOf page, NoticeId before, async::Deadline deadline) override;

  // They wait nowhere any more, and their invites bring nobody in. What they have announced stays.
  async::Task<Result<bool>> forget(UserId user, async::Deadline deadline) override;

 private:
  Result<Joined> let_in(sql::Transaction& transaction, const conversation::Joining& joining);
  Result<Joined> wait(sql::Transaction& transaction, const JoinTry& wish);
  Result<void> settle(sql::Transaction& transaction, ConversationId group, UserId user, v1::JoinRequestState state);
  Result<void> tell(sql::Transaction& transaction, ConversationId group, UserId user, v1::JoinRequestState state);
  Result<conversation::Membership> reader(sql::Session& session, ConversationId group, UserId user);
  Result<conversation::Membership> leader(sql::Session& session, ConversationId group, UserId user);

  sql::Database& database_;
  account::UserEvents& events_;
  conversation::GroupsInside& groups_;
};

}  // namespace hongyan::group
