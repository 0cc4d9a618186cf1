// 1:1s inside the transactions of other slices.
#pragma once

#include "domain/conversation/api.h"
#include "domain/conversation/outbox/sql_store.h"
#include "domain/conversation/sql_store.h"
#include "wire/permission_hub.h"

namespace hongyan::conversation {

// Tables conversations, direct_pairs, members, outbox. Thread-safe. Owned by Module; its collaborators must outlive it.
class SqlDirects final : public Directs {
 public:
  SqlDirects(SqlStore& store, SqlOutbox& outbox, const wire::PermissionHub& permissions)
      : store_(store), outbox_(outbox), permissions_(permissions) {}

  void set_relations(Relations& relations) override { store_.set_relations(relations); }
  Result<std::optional<ConversationId>> raise_in(sql::Transaction& transaction, UserId user, UserId peer) override;
  Result<ToldDirect> tell_in(sql::Transaction& transaction, UserId user, UserId peer, ConversationId fresh,
                             SystemLine line, TimeMs now) override;
  void committed(ConversationId conversation, std::move_only_function<void()> done) override;

 private:
  SqlStore& store_;
  SqlOutbox& outbox_;
  const wire::PermissionHub& permissions_;
};

}  // namespace hongyan::conversation
