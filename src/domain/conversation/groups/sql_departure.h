// Takes those whose account ends out of conversations.
#pragma once

#include <functional>
#include <vector>

#include "domain/account/api.h"
#include "domain/account/events.h"
#include "domain/conversation/api.h"
#include "infra/sql/database.h"

namespace hongyan::conversation {

// They leave their groups as everybody does who leaves; nobody can write in their 1:1s any more, and the other person is told why.
// What they have written stays. Tables conversations, members, conversation_settings. Thread-safe. Owned by Module; its
// collaborators must outlive it.
class SqlDeparture final : public account::DeletionStep {
 public:
  // `closed` hears of each 1:1 right after the commit that closed it, on the thread that wrote.
  SqlDeparture(sql::Database& database, account::Api& accounts, account::UserEvents& events, Groups& groups,
               std::function<void(ConversationId)> closed)
      : database_(database), accounts_(accounts), events_(events), groups_(groups), closed_(std::move(closed)) {}

  async::Task<Result<bool>> forget(UserId user, async::Deadline deadline) override;

 private:
  async::Task<Result<std::vector<ConversationId>>> some_groups(UserId user, async::Deadline deadline);
  Result<bool> close_directs(sql::Transaction& transaction, UserId user);
  Result<bool> drop_own(sql::Transaction& transaction, UserId user);

  sql::Database& database_;
  account::Api& accounts_;
  account::UserEvents& events_;
  Groups& groups_;
  const std::function<void(ConversationId)> closed_;
};

}  // namespace hongyan::conversation
