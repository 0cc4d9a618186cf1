// Conversations in the relational database.
#pragma once

#include "domain/conversation/store.h"
#include "infra/sql/database.h"

namespace hongyan::conversation {

// Tables conversations, direct_pairs, members; reads outbox. Thread-safe. Its collaborators must outlive it.
class SqlStore final : public Store {
 public:
  SqlStore(sql::Database& database, account::UserEvents& events) : database_(database), events_(events) {}

  // At start-up; see Directs.
  void set_relations(Relations& relations) { relations_ = &relations; }

  async::Task<Result<std::optional<ConversationId>>> find_direct(Pair pair, async::Deadline deadline) override;
  async::Task<Result<ConversationId>> create_direct(Pair pair, ConversationId fresh, TimeMs now,
                                                    async::Deadline deadline) override;
  async::Task<Result<std::optional<Membership>>> membership(ConversationId conversation, UserId user,
                                                            async::Deadline deadline) override;
  async::Task<Result<GuardFacts>> guard_facts(ConversationId conversation, UserId user,
                                              async::Deadline deadline) override;
  async::Task<Result<std::vector<Membership>>> memberships_of(UserId user, async::Deadline deadline) override;
  async::Task<Result<PlaceIds>> place_ids(UserId user, async::Deadline deadline) override;
  async::Task<Result<Places>> places_in(UserId user, std::vector<ConversationId> conversations,
                                        async::Deadline deadline) override;
  async::Task<Result<std::vector<UserId>>> acquainted(UserId user, std::vector<UserId> others,
                                                      async::Deadline deadline) override;
  async::Task<Result<std::vector<UserId>>> member_ids(ConversationId conversation, async::Deadline deadline) override;

 private:
  sql::Database& database_;
  account::UserEvents& events_;
  Relations* relations_ = nullptr;
};

// For the slice's other stores: the 1:1 of the pair, nothing when there is none, and making it.
Result<std::optional<ConversationId>> select_direct(sql::Session& session, const Pair& pair);
Result<ConversationId> insert_direct(sql::Transaction& transaction, const Pair& pair, ConversationId fresh, TimeMs now);

// The user's place in the conversation, for the slice's other stores; nothing for strangers.
Result<std::optional<Membership>> select_membership(sql::Session& session, ConversationId conversation, UserId user);

}  // namespace hongyan::conversation
