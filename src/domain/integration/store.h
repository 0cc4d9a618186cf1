// Where API keys and hooks are kept. Each call is one transaction.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/account/types.h"
#include "domain/conversation/types.h"
#include "domain/integration/types.h"
#include "infra/async/task.h"

namespace hongyan::integration {

// Runs right after the commit, whether or not the caller still waits; see sql::Transaction::after_commit.
using AfterCommit = std::move_only_function<void()>;

struct NewApiKey {
  ApiKey key;
  std::string secret_hash;
  // The bot, when it is to be made.
  std::optional<account::NewBot> bot;
};

struct NewHook {
  Hook hook;
  std::string secret_hash;
  account::NewBot bot;
  // Of the group.
  std::int64_t max_members = 0;
};

// Storage port. Thread-safe. Errors beside those named: unavailable, timeout, internal.
class Store {
 public:
  virtual ~Store() = default;

  // Errors: those of account::Bots.
  virtual async::Task<Result<void>> add_key(NewApiKey key, async::Deadline deadline) = 0;
  // Also a revoked one; nothing when there is none.
  virtual async::Task<Result<std::optional<ApiKey>>> key_of(std::string secret_hash, async::Deadline deadline) = 0;
  // The newest first; at most `limit`.
  virtual async::Task<Result<std::vector<ApiKey>>> keys(std::int64_t limit, async::Deadline deadline) = 0;
  // Moves the time of its last use forward.
  virtual async::Task<Result<void>> touch_key(ApiKeyId key, TimeMs now, async::Deadline deadline) = 0;
  // Errors: not_found.
  virtual async::Task<Result<void>> revoke_key(ApiKeyId key, TimeMs now, async::Deadline deadline) = 0;

  // Makes the bot, brings it into the group and keeps the hook. Answers the line that tells of it. Errors: those of
  // account::Bots and conversation::GroupsInside, not_found for what is no group.
  virtual async::Task<Result<conversation::OutboxId>> add_hook(NewHook hook, AfterCommit after_commit,
                                                               async::Deadline deadline) = 0;
  virtual async::Task<Result<std::optional<Hook>>> hook_of(std::string secret_hash, async::Deadline deadline) = 0;
  virtual async::Task<Result<std::vector<Hook>>> hooks(std::int64_t limit, async::Deadline deadline) = 0;
  virtual async::Task<Result<void>> touch_hook(HookId hook, TimeMs now, async::Deadline deadline) = 0;
  // The hook as it was. Errors: not_found.
  virtual async::Task<Result<Hook>> revoke_hook(HookId hook, TimeMs now, async::Deadline deadline) = 0;
};

}  // namespace hongyan::integration
