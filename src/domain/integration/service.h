// API keys and hooks as other servers use them.
#pragma once

#include "domain/integration/api.h"
#include "domain/integration/ports.h"

namespace hongyan::integration {

// The use cases are described in api.h. Thread-safe. Owned by Module; what it is made with must outlive it.
class Service final : public Api {
 public:
  explicit Service(const Ports& ports) : ports_(ports) {}

  async::Task<Result<KeyIdentity>> authenticate(std::string key, std::string ip, async::Deadline deadline) override;
  async::Task<Result<HookTarget>> find_hook(std::string token, std::string ip, async::Deadline deadline) override;
  async::Task<Result<message::SendAck>> post(HookTarget target, HookPost post, async::Deadline deadline) override;

  // Creates an account for a person. Not safe to repeat: the second time it is already_exists. Errors: invalid_argument,
  // weak_password, already_exists, unavailable, timeout.
  async::Task<Result<account::CreatedUser>> create_user(account::NewUser user, async::Deadline deadline);

 private:
  const Ports& ports_;
};

}  // namespace hongyan::integration
