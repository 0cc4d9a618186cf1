// What later slices, the edges and the administration may ask of accounts.
#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/account/types.h"
#include "infra/async/task.h"
#include "infra/sql/session.h"

namespace hongyan::account {

// Thread-safe; lives as long as the process's modules. Every async call also answers unavailable or timeout.
class Api {
 public:
  virtual ~Api() = default;

  // Who the access token speaks for. Answered from memory for devices seen before. A repeat is safe. Errors:
  // unauthenticated (no access token, or not one of ours), token_expired, token_revoked, account_disabled.
  virtual async::Task<Result<Identity>> authenticate(std::string access_token, async::Deadline deadline) = 0;

  // Whether a device that authenticated before may go on, for sockets that outlive their access token: false once it is
  // revoked, the account disabled or the session lapsed. Answered from memory as a rule.
  virtual async::Task<Result<bool>> still_valid(UserId user, DeviceId device, async::Deadline deadline) = 0;

  // Notes that the device is in use at `ip`, for the list of devices. Never blocks or fails; writes at most once a minute
  // a device.
  virtual void seen(DeviceId device, std::string ip) = 0;

  // The cards of these users, at most 1,000; unknown ones are left out, the order is open. One query.
  virtual async::Task<Result<std::vector<UserCard>>> users(std::vector<UserId> users, async::Deadline deadline) = 0;
  // The same inside another slice's read or transaction. Blocks.
  virtual Result<std::vector<UserCard>> users_in(sql::Session& session, std::span<const UserId> users) = 0;
  // The account with exactly this username, in any case, also a disabled one; nothing when there is none.
  virtual async::Task<Result<std::optional<UserCard>>> named(std::string username, async::Deadline deadline) = 0;

  // Enabled accounts whose nickname begins with the text, or sounds like it does, in the order of names; at most `limit`.
  virtual async::Task<Result<std::vector<UserCard>>> sounding_like(std::string text, std::size_t limit,
                                                                   async::Deadline deadline) = 0;

  // Creates an account. Errors: invalid_argument (username, nickname, email, phone), weak_password, already_exists.
  virtual async::Task<Result<CreatedUser>> create_user(NewUser user, async::Deadline deadline) = 0;

  // Sets a one-time password that must be changed at the next login, revokes all devices and answers the password.
  // Errors: not_found, invalid_argument for a bot.
  virtual async::Task<Result<std::string>> reset_password(std::string username, async::Deadline deadline) = 0;

  // Ends everything the account may do: when it returns, tokens are refused, sockets are closing and no sequencer accepts
  // a message of the user any more. A repeat is harmless. Errors: not_found.
  virtual async::Task<Result<void>> disable_user(std::string username, async::Deadline deadline) = 0;
  // Undoes disable_user; access tokens from before stay refused, sessions can be refreshed. A repeat is harmless. Errors:
  // not_found.
  virtual async::Task<Result<void>> enable_user(std::string username, async::Deadline deadline) = 0;

  // At start-up, before the first request: makes the account `admin` when there is no account at all, and answers its
  // one-time password, which also stands in DATA/initial-admin-password until it was changed. Blocks. Answers nothing when
  // there are accounts already.
  virtual Result<std::optional<std::string>> ensure_initial_admin() = 0;
};

// Invites to register, for administrators. Thread-safe; lives as long as the process's modules.
class Invites {
 public:
  virtual ~Invites() = default;

  // Makes one and answers its token, which is told only here. Errors: invalid_argument (uses, days), unavailable, timeout.
  virtual async::Task<Result<std::string>> invite(InviteWish wish, async::Deadline deadline) = 0;
};

// Accounts that programs act as. Thread-safe; lives as long as the process's modules.
class Bots {
 public:
  virtual ~Bots() = default;

  // Makes one in another slice's transaction: no password logs in to it, and nobody can ask it to become a contact. Blocks.
  // Errors: invalid_argument (username, nickname), already_exists (the username is taken), unavailable, internal.
  virtual Result<void> create_in(sql::Transaction& transaction, const NewBot& bot) = 0;
};

// What users let others know and do, for those who show something of them. Thread-safe; lives as long as the process's
// modules.
class Privacy {
 public:
  virtual ~Privacy() = default;

  // The settings of each user, in order. From memory for those asked for lately, else from the database: blocks, so call it
  // on threads that may. What a user has changed holds from when they are answered. Errors: unavailable, internal.
  virtual Result<std::vector<Settings>> of(std::span<const UserId> users) = 0;
  // The same for coroutines, without blocking. Errors also: timeout.
  virtual async::Task<Result<std::vector<Settings>>> look_up(std::vector<UserId> users, async::Deadline deadline) = 0;
};

// One slice's part in the end of an account. Thread-safe; outlives the worker that calls it.
class DeletionStep {
 public:
  virtual ~DeletionStep() = default;

  // Takes the user, who can do nothing any more, out of what the slice keeps: some of it at a time, true when nothing is left.
  // Called until then, and again from the beginning after a crash, so a repeat changes nothing. Errors: any; it is tried again.
  virtual async::Task<Result<bool>> forget(UserId user, async::Deadline deadline) = 0;
};

// The ends of accounts. Lives as long as the process's modules.
class Deletions {
 public:
  virtual ~Deletions() = default;

  // At start-up, before the first request. Steps are taken in the order in which they came.
  virtual void add(DeletionStep& step) = 0;
};

// Some lines of an export.
struct ExportPart {
  // Whole lines, each a v1::ExportLine in JSON.
  std::string text;
  std::int64_t lines = 0;
  // Where the next part begins, in words of the slice; absent on the last.
  std::optional<std::string> next;

  void add(const google::protobuf::Message& line);
};

// What one slice keeps about people, for their copy of it. Thread-safe; outlives the worker that calls it.
class ExportSource {
 public:
  // A part that has grown so large ends.
  static constexpr std::size_t kPartBytes = 64 * 1024;

  virtual ~ExportSource() = default;

  // A bounded part of it from a place on; empty: from the beginning. A repeat is safe. Errors: any; it is tried again.
  virtual async::Task<Result<ExportPart>> read(UserId user, std::string from, async::Deadline deadline) = 0;
};

// The exports. Lives as long as the process's modules.
class Exports {
 public:
  virtual ~Exports() = default;

  // At start-up, before the first request. Lines come in the order in which the sources did.
  virtual void add(ExportSource& source) = 0;
};

}  // namespace hongyan::account
