// The use case of catching up.
#pragma once

#include <string>
#include <vector>

#include "domain/account/api.h"
#include "domain/account/events.h"
#include "domain/conversation/api.h"
#include "domain/message/api.h"
#include "domain/sync/pull.h"
#include "wire/cursor.h"

namespace hongyan::sync {

// What the service works with; all must outlive it.
struct PullPorts {
  account::Api& accounts;
  account::UserEvents& events;
  conversation::Api& conversations;
  conversation::SettingsStore& settings;
  message::Api& messages;
  const wire::CursorSigner& cursors;
};

// Thread-safe. Owned by Module. Every call also answers unavailable or timeout.
class PullService {
 public:
  explicit PullService(const PullPorts& ports) : ports_(ports) {}

  // What has moved for the user since what the request says they know. Errors: invalid_argument for a cursor that is not
  // this user's or too old, and for too many conversations.
  async::Task<Result<v1::PullResponse>> pull(UserId user, v1::PullRequest request, async::Deadline deadline);

 private:
  // One answer in the making.
  struct Draft;

  async::Task<Result<void>> add_events(Draft& draft, account::UserVersion known, async::Deadline deadline);
  async::Task<Result<void>> add_conversations(Draft& draft, std::size_t limit, async::Deadline deadline);
  async::Task<Result<void>> look_again(const Draft& draft, const std::vector<message::Standing>& standings,
                                       std::vector<conversation::Membership>& memberships, async::Deadline deadline);

  const PullPorts ports_;
};

}  // namespace hongyan::sync
