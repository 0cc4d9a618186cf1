#include "domain/account/exports/service.h"

#include "infra/log/log.h"

namespace hongyan::account {

async::Task<Result<Export>> ExportService::begin(PasswordProof proof, async::Deadline deadline) {
  const UserId user = proof.user;
  HY_CO_TRY(const auto found, co_await ports_.users.credentials_of(user, deadline));
  if (!found) co_return fail(ErrorCode::token_revoked, "the account is gone");
  HY_CO_TRY(co_await ports_.passwords.verify({found->user.card.username, std::move(proof.ip), proof.device},
                                             found->password_hash, std::move(proof.password), deadline));
  HY_CO_TRY(const std::uint64_t id, ports_.ids.next());
  const Export fresh{ExportId(id), user, v1::EXPORT_STATE_RUNNING, ports_.tokens.now()};
  HY_CO_TRY(auto begun, co_await ports_.store.begin(fresh, daily_, deadline));
  if (begun.id == fresh.id) log::info("export_asked", {{"user", user}, {"export", begun.id}});
  ports_.worker.wake();
  co_return begun;
}

async::Task<Result<Export>> ExportService::last(UserId user, async::Deadline deadline) {
  HY_CO_TRY(const auto found, co_await ports_.store.last(user, deadline));
  if (!found || (found->expires && *found->expires <= ports_.tokens.now())) {
    co_return fail(ErrorCode::not_found, "no export");
  }
  co_return *found;
}

async::Task<Result<ExportText>> ExportService::read(UserId user, ExportId id, std::int64_t offset,
                                                    async::Deadline deadline) {
  if (offset < 0) co_return fail(Error::invalid("offset", "negative"));
  HY_CO_TRY(const Export found, co_await last(user, deadline));
  if (found.id != id) co_return fail(ErrorCode::not_found, "not the last one of theirs");
  if (found.state != v1::EXPORT_STATE_READY) co_return fail(ErrorCode::conflict, "not ready");
  ExportText part;
  HY_CO_TRY(part.text,
            co_await ports_.pool.run(deadline, [&files = ports_.files, id, offset] { return files.read(id, offset); }));
  const std::int64_t next = offset + std::ssize(part.text);
  if (next < found.bytes) part.next_offset = next;
  co_return part;
}

}  // namespace hongyan::account
