// Devices and refresh tokens in the relational database.
#pragma once

#include "domain/account/store.h"
#include "infra/sql/database.h"

namespace hongyan::account {

// Tables devices and refresh_tokens. Thread-safe. The database must outlive it.
class SqlDeviceStore final : public DeviceStore {
 public:
  explicit SqlDeviceStore(sql::Database& database) : database_(database) {}

  async::Task<Result<std::optional<AuthState>>> auth_state(UserId user, DeviceId device,
                                                           async::Deadline deadline) override;
  async::Task<Result<OpenedSession>> open(UserId user, NewSession session,
                                          AfterCommit<const OpenedSession&> after_commit,
                                          async::Deadline deadline) override;
  async::Task<Result<Rotated>> rotate(Rotation rotation, AfterCommit<const Rotated&> after_commit,
                                      async::Deadline deadline) override;
  async::Task<Result<void>> mark_used(DeviceId device, std::int64_t generation, async::Deadline deadline) override;
  async::Task<Result<void>> touch(std::vector<SeenDevice> devices, async::Deadline deadline) override;
  async::Task<Result<std::vector<Device>>> list(UserId user, TimeMs now, std::int64_t limit,
                                                async::Deadline deadline) override;
  async::Task<Result<std::int64_t>> revoke(UserId user, DeviceChoice choice, TimeMs now, AfterCommit<> after_commit,
                                           async::Deadline deadline) override;

 private:
  sql::Database& database_;
};

// For transactions that change the account with its devices.
// Starts a session as DeviceStore::open does.
Result<OpenedSession> open_session(sql::Transaction& transaction, UserId user, const NewSession& session);
// Revokes as DeviceStore::revoke does.
Result<std::int64_t> revoke_devices(sql::Transaction& transaction, UserId user, const DeviceChoice& choice, TimeMs now);

}  // namespace hongyan::account
