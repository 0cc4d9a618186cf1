// How people get a copy of what is kept about them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/id_generator.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/deletion/service.h"
#include "domain/account/exports/config.h"
#include "domain/account/exports/files.h"
#include "domain/account/exports/store.h"
#include "domain/account/exports/worker.h"
#include "infra/async/blocking_pool.h"
#include "infra/async/task.h"

namespace hongyan::account {

// Whole lines of an export.
struct ExportText {
  std::string text;
  // Where the next part begins; absent on the last.
  std::optional<std::int64_t> next_offset;
};

// What the service works with; all must outlive it.
struct ExportPorts {
  UserStore& users;
  ExportStore& store;
  const ExportFiles& files;
  PasswordGate& passwords;
  IdGenerator& ids;
  const Tokens& tokens;
  ExportWorker& worker;
  // Where files are read.
  async::BlockingPool& pool;
};

// Thread-safe. Owned by Module. Every call also answers unavailable or timeout.
class ExportService {
 public:
  ExportService(const ExportPorts& ports, const ExportConfig& config) : ports_(ports), daily_(config.daily) {}

  // Begins one in place of the last, or answers the one that is running. Errors: wrong_credentials, rate_limited.
  async::Task<Result<Export>> begin(PasswordProof proof, async::Deadline deadline);
  // The user's last one. Error: not_found when there is none (any more).
  async::Task<Result<Export>> last(UserId user, async::Deadline deadline);
  // A part of the user's last one. Errors: not_found when it is another one, conflict while it is not ready, invalid_argument and
  // range_not_satisfiable for an offset that no answer has told.
  async::Task<Result<ExportText>> read(UserId user, ExportId id, std::int64_t offset, async::Deadline deadline);

 private:
  const ExportPorts ports_;
  const std::int64_t daily_;
};

}  // namespace hongyan::account
