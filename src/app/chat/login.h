// The session behind one run: made by login or registration, kept fresh, ended with the run.
#pragma once

#include <string>

#include "app/chat/link/backoff.h"
#include "app/chat/link/server_address.h"
#include "app/chat/notes.h"
#include "base/result.h"
#include "hongyan/v1/auth.pb.h"
#include "infra/async/task.h"

namespace hongyan::chat {

// Who logs in.
struct Credentials {
  std::string user;
  std::string password;
  // Create the account first.
  bool register_account = false;
  // Of a new account; the username when empty.
  std::string nickname;
};

// Owns the tokens of the run. Lives as long as the run, used by its one coroutine.
class Login {
 public:
  Login(ServerAddress address, Credentials credentials, Notes& notes, Backoff backoff);

  // Logs in or registers, and tries again while the server is away. The password is forgotten afterwards. Errors: the
  // server's; unavailable or timeout at the deadline.
  async::Task<Result<void>> begin(async::Deadline deadline);

  // A token that is good now; a stale one is traded first. Errors: as the server refuses to trade it, unavailable, timeout.
  async::Task<Result<std::string>> access_token(async::Deadline deadline);
  // The server says that the token has expired, whatever our clock says.
  void token_expired() { fresh_until_ = {}; }
  // When access_token() will trade the token: a good time to show the server a new one.
  async::Deadline fresh_until() const { return fresh_until_; }

  // Logs out, so that runs do not pile up devices. A failure changes nothing for the caller: the session lapses by itself.
  async::Task<void> end(async::Deadline deadline);

  // Whose session it is, after begin().
  const v1::Me& me() const { return me_; }

 private:
  async::Task<Result<v1::LoginResponse>> log_in(async::Deadline deadline);
  async::Task<Result<v1::LoginResponse>> sign_up(async::Deadline deadline);
  async::Task<Result<v1::LoginResponse>> attempt(bool outcome_unknown, async::Deadline deadline);
  void keep(std::string access, std::string refresh, std::int64_t expires_in_ms);

  const ServerAddress address_;
  Credentials credentials_;
  Notes& notes_;
  Backoff backoff_;
  v1::Me me_;
  std::string access_;
  std::string refresh_;
  async::Deadline fresh_until_{};
};

}  // namespace hongyan::chat
