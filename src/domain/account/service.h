// The slice as others see it.
#pragma once

#include "domain/account/access/authenticator.h"
#include "domain/account/access/last_seen.h"
#include "domain/account/admin/admin_service.h"
#include "domain/account/admin/initial_admin.h"
#include "domain/account/api.h"
#include "domain/account/rules.h"
#include "domain/account/store.h"

namespace hongyan::account {

// Puts the services that others need behind the one interface they know. Thread-safe. Owned by Module.
class Service final : public Api {
 public:
  Service(Authenticator& authenticator, LastSeen& last_seen, UserStore& users, AdminService& admin,
          InitialAdmin& initial_admin)
      : authenticator_(authenticator),
        last_seen_(last_seen),
        users_(users),
        admin_(admin),
        initial_admin_(initial_admin) {}

  async::Task<Result<Identity>> authenticate(std::string access_token, async::Deadline deadline) override {
    return authenticator_.authenticate(std::move(access_token), deadline);
  }
  async::Task<Result<bool>> still_valid(UserId user, DeviceId device, async::Deadline deadline) override {
    return authenticator_.still_valid(user, device, deadline);
  }
  void seen(DeviceId device, std::string ip) override { last_seen_.note(device, std::move(ip)); }
  async::Task<Result<std::vector<UserCard>>> users(std::vector<UserId> users, async::Deadline deadline) override {
    return users_.cards(std::move(users), deadline);
  }
  Result<std::vector<UserCard>> users_in(sql::Session& session, std::span<const UserId> users) override {
    return users_.cards_in(session, users);
  }
  async::Task<Result<std::optional<UserCard>>> named(std::string username, async::Deadline deadline) override {
    const auto folded = fold_username(username);
    if (!folded) co_return std::optional<UserCard>();
    HY_CO_TRY(auto found, co_await users_.credentials(*folded, std::nullopt, deadline));
    co_return found ? std::optional(std::move(found->user.card)) : std::nullopt;
  }
  async::Task<Result<std::vector<UserCard>>> sounding_like(std::string text, std::size_t limit,
                                                           async::Deadline deadline) override {
    return users_.sounding_like(std::move(text), limit, deadline);
  }
  async::Task<Result<CreatedUser>> create_user(NewUser user, async::Deadline deadline) override {
    return admin_.create_user(std::move(user), deadline);
  }
  async::Task<Result<std::string>> reset_password(std::string username, async::Deadline deadline) override {
    return admin_.reset_password(std::move(username), deadline);
  }
  async::Task<Result<void>> disable_user(std::string username, async::Deadline deadline) override {
    return admin_.set_enabled(std::move(username), false, deadline);
  }
  async::Task<Result<void>> enable_user(std::string username, async::Deadline deadline) override {
    return admin_.set_enabled(std::move(username), true, deadline);
  }
  Result<std::optional<std::string>> ensure_initial_admin() override { return initial_admin_.ensure(); }

 private:
  Authenticator& authenticator_;
  LastSeen& last_seen_;
  UserStore& users_;
  AdminService& admin_;
  InitialAdmin& initial_admin_;
};

}  // namespace hongyan::account
