#include "domain/account/deletion/service.h"

#include "infra/log/log.h"

namespace hongyan::account {

async::Task<Result<TimeMs>> DeletionService::schedule(PasswordProof proof, async::Deadline deadline) {
  const UserId user = proof.user;
  HY_CO_TRY(const auto found, co_await users_.credentials_of(user, deadline));
  if (!found) co_return fail(ErrorCode::token_revoked, "the account is gone");
  HY_CO_TRY(co_await passwords_.verify({found->user.card.username, std::move(proof.ip), proof.device},
                                       found->password_hash, std::move(proof.password), deadline));
  const TimeMs now = tokens_.now();
  const auto after_commit = [this, user] {
    ender_.ended({.user = user, .device = {}, .except = {}}, v1::KICK_REASON_REVOKED);
  };
  HY_CO_TRY(const TimeMs at,
            co_await store_.schedule(user, TimeMs(now.value + undo_.count()), now, after_commit, deadline));
  log::info("account_deletion_asked", {{"user", user}, {"at_ms", at.value}});
  co_return at;
}

}  // namespace hongyan::account
