// What the edges and the administration may ask of API keys and hooks.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/integration/types.h"
#include "domain/message/types.h"
#include "infra/async/task.h"

namespace hongyan::integration {

// API keys and hooks as they are used. Thread-safe; lives as long as the process's modules. Nothing is kept in memory, so what
// was revoked is refused from the moment of that answer on. Every call also answers unavailable or timeout.
class Api {
 public:
  virtual ~Api() = default;

  // Who the key speaks for. A repeat is safe. Errors: unauthenticated, token_revoked, account_disabled, permission_denied
  // from an address that the key is not for.
  virtual async::Task<Result<KeyIdentity>> authenticate(std::string key, std::string ip, async::Deadline deadline) = 0;

  // Where the hook with this token leads. A repeat is safe. Errors: not_found, also for a revoked one; permission_denied from an
  // address that it is not for.
  virtual async::Task<Result<HookTarget>> find_hook(std::string token, std::string ip, async::Deadline deadline) = 0;

  // Posts what was sent to a hook as a message of its bot. Success means that it is durable. A repeat under the same
  // idempotency_key gives the first answer. Errors: invalid_argument, unsupported_media, and those of message::Api::send.
  virtual async::Task<Result<message::SendAck>> post(HookTarget target, HookPost post, async::Deadline deadline) = 0;
};

// What administrators do with them. Thread-safe; lives as long as the process's modules. Every call also answers unavailable or
// timeout.
class Admin {
 public:
  virtual ~Admin() = default;

  // Errors: invalid_argument (name, scopes, networks, as), already_exists when the bot's username was taken meanwhile.
  virtual async::Task<Result<Fresh<ApiKey>>> create_key(ApiKeyWish wish, async::Deadline deadline) = 0;
  // All of them, also revoked ones, the newest first; at most kMaxListed.
  virtual async::Task<Result<std::vector<ApiKey>>> keys(async::Deadline deadline) = 0;
  // From its answer on the key is refused. A repeat is harmless. Errors: not_found.
  virtual async::Task<Result<void>> revoke_key(ApiKeyId key, async::Deadline deadline) = 0;

  // Makes a hook, whose bot comes into the group. Errors: invalid_argument (name, networks), not_found for what is no group,
  // group_full, group_disabled, group_dissolved.
  virtual async::Task<Result<Fresh<Hook>>> create_hook(HookWish wish, async::Deadline deadline) = 0;
  // As keys().
  virtual async::Task<Result<std::vector<Hook>>> hooks(async::Deadline deadline) = 0;
  // From its answer on nothing is posted; its bot leaves the group. A repeat is harmless. Errors: not_found.
  virtual async::Task<Result<void>> revoke_hook(HookId hook, async::Deadline deadline) = 0;

  static constexpr std::int64_t kMaxListed = 1000;
};

}  // namespace hongyan::integration
