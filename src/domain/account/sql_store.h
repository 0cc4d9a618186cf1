// Accounts in the relational database.
#pragma once

#include "domain/account/store.h"
#include "infra/sql/database.h"

namespace hongyan::account {

// Table users. Thread-safe. The database must outlive it.
class SqlUserStore final : public UserStore {
 public:
  explicit SqlUserStore(sql::Database& database) : database_(database) {}

  async::Task<Result<User>> find(UserId user, async::Deadline deadline) override;
  async::Task<Result<std::optional<Credentials>>> credentials(std::string username, std::optional<DeviceId> device,
                                                              async::Deadline deadline) override;
  async::Task<Result<std::optional<Credentials>>> credentials_of(UserId user, async::Deadline deadline) override;
  async::Task<Result<std::vector<UserCard>>> cards(std::vector<UserId> users, async::Deadline deadline) override;
  Result<std::vector<UserCard>> cards_in(sql::Session& session, std::span<const UserId> users) override;
  async::Task<Result<std::optional<OpenedSession>>> create(NewAccount account, async::Deadline deadline) override;
  async::Task<Result<User>> update_profile(UserId user, ProfileChange change, async::Deadline deadline) override;
  async::Task<Result<void>> set_password(UserId user, PasswordChange change, AfterCommit<> after_commit,
                                         async::Deadline deadline) override;
  async::Task<Result<void>> set_enabled(UserId user, bool enabled, AfterCommit<> after_commit,
                                        async::Deadline deadline) override;
  Result<bool> any_user() override;
  Result<void> create_now(NewAccount account) override;

 private:
  sql::Database& database_;
};

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
  async::Task<Result<void>> touch(DeviceId device, TimeMs now, std::string ip, async::Deadline deadline) override;
  async::Task<Result<std::vector<Device>>> list(UserId user, TimeMs now, std::int64_t limit,
                                                async::Deadline deadline) override;
  async::Task<Result<std::int64_t>> revoke(UserId user, DeviceChoice choice, TimeMs now, AfterCommit<> after_commit,
                                           async::Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace hongyan::account
