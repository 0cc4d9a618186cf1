// Codes in the relational database.
#pragma once

#include "domain/account/codes/store.h"
#include "infra/sql/database.h"

namespace hongyan::account {

// Tables codes and code_budgets, and columns email and phone of users. Thread-safe. The database must outlive it. Owned by
// Module.
class SqlCodeStore final : public CodeStore {
 public:
  explicit SqlCodeStore(sql::Database& database) : database_(database) {}

  async::Task<Result<void>> issue(NewCode code, CodeLimits limits, async::Deadline deadline) override;
  async::Task<Result<CodeVerdict>> redeem(ShownCode shown, async::Deadline deadline) override;
  async::Task<Result<User>> give_target(UserId user, Target target, async::Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace hongyan::account
