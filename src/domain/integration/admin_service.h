// API keys and hooks as administrators make and revoke them.
#pragma once

#include "domain/integration/api.h"
#include "domain/integration/ports.h"

namespace hongyan::integration {

// The use cases are described in api.h. Thread-safe. Owned by Module; what it is made with must outlive it.
class AdminService final : public Admin {
 public:
  explicit AdminService(const Ports& ports) : ports_(ports) {}

  async::Task<Result<Fresh<ApiKey>>> create_key(ApiKeyWish wish, async::Deadline deadline) override;
  async::Task<Result<std::vector<ApiKey>>> keys(async::Deadline deadline) override;
  async::Task<Result<void>> revoke_key(ApiKeyId key, async::Deadline deadline) override;
  async::Task<Result<Fresh<Hook>>> create_hook(HookWish wish, async::Deadline deadline) override;
  async::Task<Result<std::vector<Hook>>> hooks(async::Deadline deadline) override;
  async::Task<Result<void>> revoke_hook(HookId hook, async::Deadline deadline) override;

 private:
  async::Task<Result<std::optional<account::UserCard>>> bot_named(std::string username, async::Deadline deadline);

  const Ports& ports_;
};

}  // namespace hongyan::integration
