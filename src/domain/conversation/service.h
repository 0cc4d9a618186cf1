// The use cases of conversations.
#pragma once

#include "base/clock.h"
#include "base/id_generator.h"
#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/conversation/store.h"

namespace hongyan::conversation {

// Thread-safe. Owned by Module; its collaborators outlive it.
class Service final : public Api {
 public:
  Service(Store& store, account::Api& accounts, IdGenerator& ids, const Clock& clock)
      : store_(store), accounts_(accounts), ids_(ids), clock_(clock) {}

  async::Task<Result<Membership>> open_direct(UserId user, UserId peer, async::Deadline deadline) override;
  async::Task<Result<SendGuard>> send_guard(ConversationId conversation, UserId sender,
                                            async::Deadline deadline) override;
  async::Task<Result<Membership>> membership(ConversationId conversation, UserId user,
                                             async::Deadline deadline) override;
  async::Task<Result<std::vector<Membership>>> memberships_of(UserId user, async::Deadline deadline) override;
  async::Task<Result<PlaceIds>> place_ids(UserId user, async::Deadline deadline) override;
  async::Task<Result<Places>> places_in(UserId user, std::vector<ConversationId> conversations,
                                        async::Deadline deadline) override;
  async::Task<Result<std::vector<UserId>>> acquainted(UserId user, std::vector<UserId> others,
                                                      async::Deadline deadline) override;
  async::Task<Result<std::vector<UserId>>> member_ids(ConversationId conversation, async::Deadline deadline) override;

 private:
  async::Task<Result<ConversationId>> create_direct(UserId user, UserId peer, async::Deadline deadline);

  Store& store_;
  account::Api& accounts_;
  IdGenerator& ids_;
  const Clock& clock_;
};

}  // namespace hongyan::conversation
