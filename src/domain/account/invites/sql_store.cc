#include "domain/account/invites/sql_store.h"

namespace hongyan::account {

Result<void> redeem_invite(sql::Transaction& transaction, std::string_view token_hash, TimeMs now) {
  HY_TRY(const std::int64_t used,
         transaction.execute("UPDATE registration_invites SET uses = uses + 1 WHERE token_hash = :hash"
                             " AND expires_ms > :now AND (max_uses = 0 OR uses < max_uses)",
                             std::string(token_hash), now));
  if (used == 0) return fail(ErrorCode::request_expired, "no good invite");
  return {};
}

async::Task<Result<void>> SqlInviteStore::add(NewInvite invite, async::Deadline deadline) {
  return database_.write(deadline, [invite = std::move(invite)](sql::Transaction& transaction) {
    return transaction.insert_rows(
        "registration_invites", {"invite_id", "token_hash", "created_ms", "expires_ms", "max_uses"},
        {sql::values(invite.id, invite.token_hash, invite.created, invite.expires, invite.max_uses)});
  });
}

}  // namespace hongyan::account
