// Where accounts, devices and refresh tokens are kept. Each call is one transaction.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/account/rules.h"
#include "domain/account/types.h"
#include "infra/async/task.h"
#include "infra/sql/session.h"

namespace hongyan::account {

// Runs right after the commit, whether or not the caller still waits; see sql::Transaction::after_commit.
template <class... Args>
using AfterCommit = std::move_only_function<void(Args...)>;

// An account as a login sees it.
struct Credentials {
  User user;
  std::string password_hash;
  // The device that was asked about is the user's own and not revoked.
  bool device_known = false;
};

// A login's device and its first refresh token.
struct NewSession {
  // Used when the wanted device is not the user's own or was revoked, or when none is wanted.
  DeviceId fresh_device;
  std::optional<DeviceId> wanted_device;
  std::string device_name;
  Platform platform = v1::PLATFORM_UNSPECIFIED;
  std::string ip;
  TimeMs now;
  TimeMs expires;
  std::string refresh_hash;
  std::int64_t max_devices = 20;
  DevicePolicy policy = DevicePolicy::any;
};

struct OpenedSession {
  DeviceId device;
  std::int64_t generation = 0;
  // Devices that had to make room; revoked in the same transaction.
  std::vector<DeviceId> evicted;
};

// A new account, and the session it logs in with when it registered itself.
struct NewAccount {
  User user;
  std::string password_hash;
  TimeMs created;
  std::optional<NewSession> session;
  // Hash of the token of the invite that lets it be made; empty where none is needed.
  std::string invite_hash = {};
};

// Lets people register.
struct NewInvite {
  std::uint64_t id = 0;
  std::string token_hash;
  TimeMs created;
  TimeMs expires;
  // Accounts it may make, 0 for any number.
  std::int64_t max_uses = 0;
};

// Absent fields stay.
struct ProfileChange {
  std::optional<std::string> nickname;
  std::optional<std::string> signature;
  std::optional<std::string> gender;
  std::optional<std::string> region;
  std::optional<std::string> birthday;
};

struct PasswordChange {
  std::string hash;
  // Refused with `conflict` when another change came first.
  std::optional<std::string> expected_hash;
  bool must_change = false;
  // The one device that stays logged in.
  std::optional<DeviceId> keep_device;
  TimeMs now;
};

// The people. Thread-safe. Errors beside those named: unavailable, timeout, internal.
class UserStore {
 public:
  virtual ~UserStore() = default;

  // not_found when there is none.
  virtual async::Task<Result<User>> find(UserId user, async::Deadline deadline) = 0;
  // By fold_account(): username, e-mail address or phone number; nothing when there is none. `device` is looked up too.
  virtual async::Task<Result<std::optional<Credentials>>> credentials(std::string account,
                                                                      std::optional<DeviceId> device,
                                                                      async::Deadline deadline) = 0;
  virtual async::Task<Result<std::optional<Credentials>>> credentials_of(UserId user, async::Deadline deadline) = 0;
  virtual async::Task<Result<std::vector<UserCard>>> cards(std::vector<UserId> users, async::Deadline deadline) = 0;
  // On the caller's connection. Blocks.
  virtual Result<std::vector<UserCard>> cards_in(sql::Session& session, std::span<const UserId> users) = 0;
  // See Api.
  virtual async::Task<Result<std::vector<UserCard>>> sounding_like(std::string text, std::size_t limit,
                                                                   async::Deadline deadline) = 0;
  // already_exists when the username, e-mail address or phone number is taken, request_expired when its invite is no good (any more).
  virtual async::Task<Result<std::optional<OpenedSession>>> create(NewAccount account, async::Deadline deadline) = 0;
  // The account after the change; not_found.
  virtual async::Task<Result<User>> update_profile(UserId user, ProfileChange change, async::Deadline deadline) = 0;
  // Revokes all devices but the kept one; without a kept one also all access tokens. Errors: not_found, conflict.
  virtual async::Task<Result<void>> set_password(UserId user, PasswordChange change, AfterCommit<> after_commit,
                                                 async::Deadline deadline) = 0;
  // Disabling also revokes all access tokens. A repeat changes nothing but runs the hook. Error: not_found.
  virtual async::Task<Result<void>> set_enabled(UserId user, bool enabled, AfterCommit<> after_commit,
                                                async::Deadline deadline) = 0;
  // At start-up, blocking: whether there is any account, and create() without a session.
  virtual Result<bool> any_user() = 0;
  virtual Result<void> create_now(NewAccount account) = 0;
};

// Invites to register. Thread-safe. Errors as above.
class InviteStore {
 public:
  virtual ~InviteStore() = default;

  virtual async::Task<Result<void>> add(NewInvite invite, async::Deadline deadline) = 0;
};

// What users let others know and do. Thread-safe. Errors as above.
class SettingsStore {
 public:
  virtual ~SettingsStore() = default;

  // The defaults for who never chose.
  virtual async::Task<Result<Settings>> find(UserId user, async::Deadline deadline) = 0;
  // Of each user, in order.
  virtual async::Task<Result<std::vector<Settings>>> find_all(std::vector<UserId> users, async::Deadline deadline) = 0;
  // The same; blocks.
  virtual Result<std::vector<Settings>> find_now(std::span<const UserId> users) = 0;
  // The settings after the change. What differs is written with a user event of the same transaction; the hook runs then.
  virtual async::Task<Result<Settings>> update(UserId user, SettingsChange change, AfterCommit<> after_commit,
                                               async::Deadline deadline) = 0;
};

// What decides whether a token of a device is taken.
struct AuthState {
  bool user_enabled = true;
  bool must_change_password = false;
  std::int64_t token_version = 0;
  bool device_revoked = false;
  TimeMs session_expires;
  std::int64_t generation = 0;
  bool generation_used = false;
};

// A refresh token that was presented.
struct Rotation {
  std::string token_hash;
  std::string successor_hash;
  TimeMs now;
  // End of the session after a rotation, and how long traded tokens are remembered.
  std::chrono::milliseconds session{0};
  std::chrono::milliseconds grace{0};
  std::string ip;
};

struct Rotated {
  RefreshVerdict verdict = RefreshVerdict::unknown;
  UserId user;
  DeviceId device;
  std::int64_t token_version = 0;
  // Of the successor.
  std::int64_t generation = 0;
};

// Which devices of a user to revoke.
struct DeviceChoice {
  std::optional<DeviceId> only;
  std::optional<DeviceId> except;
};

// The devices and their refresh tokens. Thread-safe. Errors as above.
class DeviceStore {
 public:
  virtual ~DeviceStore() = default;

  // Nothing when the user has no such device (any more).
  virtual async::Task<Result<std::optional<AuthState>>> auth_state(UserId user, DeviceId device,
                                                                   async::Deadline deadline) = 0;
  // Starts a session: on the wanted device or a fresh one; evicts those that the policy does not let stay, and the longest
  // inactive ones beyond the limit.
  virtual async::Task<Result<OpenedSession>> open(UserId user, NewSession session,
                                                  AfterCommit<const OpenedSession&> after_commit,
                                                  async::Deadline deadline) = 0;
  // Judges the token and does what the verdict asks for, in one transaction: `reuse` has revoked the device.
  virtual async::Task<Result<Rotated>> rotate(Rotation rotation, AfterCommit<const Rotated&> after_commit,
                                              async::Deadline deadline) = 0;
  // Notes that the refresh token in force, or an access token issued with it, was used. A repeat is harmless.
  virtual async::Task<Result<void>> mark_used(DeviceId device, std::int64_t generation, async::Deadline deadline) = 0;
  // Moves last_active of each forward; an empty `ip` leaves the address.
  virtual async::Task<Result<void>> touch(std::vector<SeenDevice> devices, async::Deadline deadline) = 0;
  // Neither revoked nor lapsed, last active first, at most `limit`.
  virtual async::Task<Result<std::vector<Device>>> list(UserId user, TimeMs now, std::int64_t limit,
                                                        async::Deadline deadline) = 0;
  // How many were revoked now.
  virtual async::Task<Result<std::int64_t>> revoke(UserId user, DeviceChoice choice, TimeMs now,
                                                   AfterCommit<> after_commit, async::Deadline deadline) = 0;
};

}  // namespace hongyan::account
