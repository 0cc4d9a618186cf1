// Where it is kept which exports there are. Each call is one transaction.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "hongyan/v1/user.pb.h"
#include "infra/async/task.h"

namespace hongyan::account {

using ExportId = Strong<struct ExportIdTag, std::uint64_t>;
using ExportState = v1::ExportState;

// A copy of what is kept about a user. Value type.
struct Export {
  ExportId id;
  UserId user;
  ExportState state = v1::EXPORT_STATE_UNSPECIFIED;
  TimeMs created;
  // When its file goes; absent while it is being written.
  std::optional<TimeMs> expires = {};
  std::int64_t bytes = 0;
  std::int64_t lines = 0;
  bool operator==(const Export&) const = default;
};

v1::Export to_proto(const Export& one);

// Thread-safe. Errors beside those named: unavailable, timeout, internal.
class ExportStore {
 public:
  virtual ~ExportStore() = default;

  // Keeps a new one, in place of the last, or answers the one that is running. Error: rate_limited with retry_after_ms after `daily` within a day.
  virtual async::Task<Result<Export>> begin(Export fresh, std::int64_t daily, async::Deadline deadline) = 0;
  // The user's last one; nothing when there is none (any more).
  virtual async::Task<Result<std::optional<Export>>> last(UserId user, async::Deadline deadline) = 0;
  // Those that are being written, the oldest first.
  virtual async::Task<Result<std::vector<Export>>> running(std::size_t limit, async::Deadline deadline) = 0;
  // How far a running one has got; its end is told to the user's devices. False when there is no such running one any more.
  virtual async::Task<Result<bool>> advance(Export one, async::Deadline deadline) = 0;

  // Those of the ids, at most 500, whose file somebody may still read or is being written.
  virtual async::Task<Result<std::vector<ExportId>>> living(std::vector<ExportId> ids, async::Deadline deadline) = 0;

  // Drops those whose time is over, or in whose place another one is, at most `limit`; answers them.
  virtual async::Task<Result<std::vector<Export>>> drop_expired(TimeMs now, std::size_t limit,
                                                                async::Deadline deadline) = 0;
  // Drops all of the user's; answers them.
  virtual async::Task<Result<std::vector<Export>>> drop_all(UserId user, async::Deadline deadline) = 0;
};

}  // namespace hongyan::account
