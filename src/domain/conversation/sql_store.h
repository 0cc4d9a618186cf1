// Conversations in the relational database.
#pragma once

#include "domain/conversation/store.h"
#include "infra/sql/database.h"

namespace hongyan::conversation {

// Tables conversations, direct_pairs, members. Thread-safe. The database must outlive it.
class SqlStore final : public Store {
 public:
  explicit SqlStore(sql::Database& database) : database_(database) {}

  async::Task<Result<std::optional<ConversationId>>> find_direct(Pair pair, async::Deadline deadline) override;
  async::Task<Result<ConversationId>> create_direct(Pair pair, ConversationId fresh, TimeMs now,
                                                    async::Deadline deadline) override;
  async::Task<Result<std::optional<Membership>>> membership(ConversationId conversation, UserId user,
                                                            async::Deadline deadline) override;
  async::Task<Result<std::vector<Membership>>> memberships_of(UserId user, async::Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace hongyan::conversation
