// API keys and hooks in the relational database.
#pragma once

#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/integration/store.h"
#include "infra/sql/database.h"

namespace hongyan::integration {

// Tables api_keys and hooks. Thread-safe. Owned by Module; what it is made with must outlive it.
class SqlStore final : public Store {
 public:
  SqlStore(sql::Database& database, account::Bots& bots, conversation::GroupsInside& groups)
      : database_(database), bots_(bots), groups_(groups) {}

  async::Task<Result<void>> add_key(NewApiKey key, async::Deadline deadline) override;
  async::Task<Result<std::optional<ApiKey>>> key_of(std::string secret_hash, async::Deadline deadline) override;
  async::Task<Result<std::vector<ApiKey>>> keys(std::int64_t limit, async::Deadline deadline) override;
  async::Task<Result<void>> touch_key(ApiKeyId key, TimeMs now, async::Deadline deadline) override;
  async::Task<Result<void>> revoke_key(ApiKeyId key, TimeMs now, async::Deadline deadline) override;
  async::Task<Result<conversation::OutboxId>> add_hook(NewHook hook, AfterCommit after_commit,
                                                       async::Deadline deadline) override;
  async::Task<Result<std::optional<Hook>>> hook_of(std::string secret_hash, async::Deadline deadline) override;
  async::Task<Result<std::vector<Hook>>> hooks(std::int64_t limit, async::Deadline deadline) override;
  async::Task<Result<void>> touch_hook(HookId hook, TimeMs now, async::Deadline deadline) override;
  async::Task<Result<Hook>> revoke_hook(HookId hook, TimeMs now, async::Deadline deadline) override;

 private:
  sql::Database& database_;
  account::Bots& bots_;
  conversation::GroupsInside& groups_;
};

}  // namespace hongyan::integration
