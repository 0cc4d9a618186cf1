// What happens in memory once a session has ended in the database.
#pragma once

#include "base/ids.h"
#include "domain/account/access/auth_cache.h"
#include "wire/permission_hub.h"
#include "wire/sessions.h"

namespace hongyan::account {

// Called from after-commit hooks, so nothing here blocks. Thread-safe. Owned by Module.
class SessionEnder {
 public:
  SessionEnder(AuthCache& cache, wire::Sessions& sessions, const wire::PermissionHub& permissions)
      : cache_(cache), sessions_(sessions), permissions_(permissions) {}

  // Something of the user changed, nobody has to leave.
  void changed(UserId user) { cache_.drop(user); }

  // From now on the tokens are refused; the sockets close.
  void ended(const wire::KickTarget& target, v1::KickReason reason) {
    cache_.drop(target.user);
    sessions_.kick(target, reason);
  }

  // The account may do nothing any more; `done` runs once every sequencer knows.
  void disabled(UserId user, std::move_only_function<void()> done) {
    ended({.user = user, .device = {}, .except = {}}, v1::KICK_REASON_DISABLED);
    permissions_.bump_user(user, std::move(done));
  }

  // The account may act again; `done` as above.
  void enabled(UserId user, std::move_only_function<void()> done) {
    cache_.drop(user);
    permissions_.bump_user(user, std::move(done));
  }

 private:
  AuthCache& cache_;
  wire::Sessions& sessions_;
  const wire::PermissionHub& permissions_;
};

}  // namespace hongyan::account
