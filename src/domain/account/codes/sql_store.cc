#include "domain/account/codes/sql_store.h"

#include "domain/account/sql_store.h"
#include "infra/crypto/hash.h"

namespace hongyan::account {
namespace {

using sql::Transaction;

// How long codes are kept beyond their end, so that who shows one is told that it is over.
constexpr std::int64_t kKeepExpiredMs = std::int64_t{3600} * 1000;

Result<void> spend_budget(Transaction& transaction, const std::string& subject, TimeMs now, std::int64_t daily,
                          std::chrono::milliseconds pause) {
  HY_TRY(const auto row,
         (transaction.query_one<TimeMs, TimeMs, std::int64_t>(
             "SELECT began_ms, last_ms, used FROM code_budgets WHERE subject_hash = :subject", subject)));
  CodeBudget before;
  if (row) before = {std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)};
  HY_TRY(const CodeBudget after, spend(before, now, daily, pause));
  if (row) {
    HY_TRY(
        transaction.execute("UPDATE code_budgets SET began_ms = :began, last_ms = :last, used = :used"
                            " WHERE subject_hash = :subject",
                            after.began, after.last, after.used, subject));
    return {};
  }
  HY_TRY(
      transaction.execute("INSERT INTO code_budgets (subject_hash, began_ms, last_ms, used)"
                          " VALUES (:subject, :began, :last, :used)",
                          subject, after.began, after.last, after.used));
  return {};
}

// Forgets what decides nothing any more.
Result<void> prune_codes(Transaction& transaction, TimeMs now) {
  HY_TRY(transaction.execute("DELETE FROM codes WHERE expires_ms < :before", TimeMs(now.value - kKeepExpiredMs)));
  // Twice a day: also of who asked again at its end.
  HY_TRY(transaction.execute("DELETE FROM code_budgets WHERE began_ms < :before",
                             TimeMs(now.value - 2 * kCodeDay.count())));
  return {};
}

// How many there were: one or none.
Result<std::int64_t> drop_code(Transaction& transaction, Purpose purpose, const std::string& target_hash,
                               DeviceId device) {
  return transaction.execute(
      "DELETE FROM codes WHERE purpose = :purpose AND target_hash = :target"
      " AND device_id = :device",
      purpose, target_hash, device);
}

Result<void> keep_code(Transaction& transaction, const NewCode& code) {
  const DeviceId device = code.device.value_or(DeviceId());
  HY_TRY(drop_code(transaction, code.purpose, code.target_hash, device));
  HY_TRY(
      transaction.execute("INSERT INTO codes (purpose, target_hash, device_id, code_hash, expires_ms)"
                          " VALUES (:purpose, :target, :device, :code, :expires)",
                          code.purpose, code.target_hash, device, code.code_hash, code.expires));
  return {};
}

using CodeRow = std::tuple<DeviceId, std::string, TimeMs>;

// What the code may be compared with.
Result<std::vector<CodeRow>> codes_for(Transaction& transaction, const ShownCode& shown) {
  return transaction.query<DeviceId, std::string, TimeMs>(
      "SELECT device_id, code_hash, expires_ms FROM codes WHERE purpose = :purpose AND target_hash = :target"
      " AND (device_id = 0 OR device_id = :device) AND tries < :tries ORDER BY device_id LIMIT 2",
      shown.purpose, shown.target_hash, shown.device.value_or(DeviceId()), shown.tries);
}

Result<CodeVerdict> judge_code(Transaction& transaction, const ShownCode& shown) {
  HY_TRY(const auto rows, codes_for(transaction, shown));
  CodeVerdict verdict = CodeVerdict::wrong;
  for (const auto& [device, hash, expires] : rows) {
    if (!crypto::equal_constant_time(hash, shown.code_hash)) {
      HY_TRY(
          transaction.execute("UPDATE codes SET tries = tries + 1 WHERE purpose = :purpose AND target_hash = :target"
                              " AND device_id = :device",
                              shown.purpose, shown.target_hash, device));
    } else if (expires <= shown.now) {
      verdict = CodeVerdict::expired;
    } else {
      HY_TRY(const std::int64_t used_up, drop_code(transaction, shown.purpose, shown.target_hash, device));
      return used_up == 1 ? CodeVerdict::right : CodeVerdict::wrong;
    }
  }
  return verdict;
}

}  // namespace

async::Task<Result<void>> SqlCodeStore::issue(NewCode code, CodeLimits limits, async::Deadline deadline) {
  return database_.write(deadline, [code = std::move(code), limits](Transaction& transaction) -> Result<void> {
    HY_TRY(prune_codes(transaction, code.now));
    HY_TRY(spend_budget(transaction, code.network_hash, code.now, limits.daily_per_address, {}));
    HY_TRY(spend_budget(transaction, code.target_hash, code.now, limits.daily_per_target, limits.resend));
    return keep_code(transaction, code);
  });
}

async::Task<Result<CodeVerdict>> SqlCodeStore::redeem(ShownCode shown, async::Deadline deadline) {
  return database_.write(
      deadline, [shown = std::move(shown)](Transaction& transaction) { return judge_code(transaction, shown); });
}

async::Task<Result<User>> SqlCodeStore::give_target(UserId user, Target target, async::Deadline deadline) {
  return database_.write(deadline, [user, target = std::move(target)](Transaction& transaction) -> Result<User> {
    HY_TRY(target.kind == v1::CODE_TARGET_EMAIL
               ? transaction.execute("UPDATE users SET email = :email WHERE user_id = :user AND deleted = 0",
                                     target.text, user)
               : transaction.execute("UPDATE users SET phone = :phone WHERE user_id = :user AND deleted = 0",
                                     target.text, user));
    return require_user(transaction, user);
  });
}

}  // namespace hongyan::account
