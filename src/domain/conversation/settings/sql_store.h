// What users have set for conversations, in the relational database.
#pragma once

#include "domain/account/events.h"
#include "domain/conversation/api.h"
#include "infra/sql/database.h"

namespace hongyan::conversation {

// Table conversation_settings. Thread-safe. Owned by Module; its collaborators must outlive it.
class SqlSettingsStore final : public SettingsStore {
 public:
  SqlSettingsStore(sql::Database& database, account::UserEvents& events) : database_(database), events_(events) {}

  async::Task<Result<std::map<ConversationId, Settings>>> all_of(UserId user, async::Deadline deadline) override;
  async::Task<Result<Settings>> update(UserId user, ConversationId conversation, SettingsChange change,
                                       async::Deadline deadline) override;

 private:
  sql::Database& database_;
  account::UserEvents& events_;
};

}  // namespace hongyan::conversation
