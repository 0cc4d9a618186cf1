// Invites to register, in SQL.
#pragma once

#include <string>
#include <string_view>

#include "domain/account/store.h"
#include "infra/sql/database.h"

namespace hongyan::account {

// Uses the invite with this hash for one account, in the transaction that makes the account. Errors: request_expired when
// there is none that is good: unknown, past its end and used up are not told apart.
Result<void> redeem_invite(sql::Transaction& transaction, std::string_view token_hash, TimeMs now);

// Thread-safe. Owned by Module.
class SqlInviteStore final : public InviteStore {
 public:
  explicit SqlInviteStore(sql::Database& database) : database_(database) {}

  async::Task<Result<void>> add(NewInvite invite, async::Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace hongyan::account
