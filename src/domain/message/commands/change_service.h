// The use cases of changing messages.
#pragma once

#include <string>

#include "domain/message/ports.h"

namespace hongyan::message::commands {

// Owned by the message module. Thread-safe; coroutines run on the caller's executor and never block it. Each call answers
// the message after the change, once that is durable; a repeat changes nothing and answers the current state. Errors of
// all: not_found for strangers and for messages the user may not see, not_member for former members, the refusals of the
// conversation, unavailable and timeout (outcome unknown).
class ChangeService {
 public:
  ChangeService(const ServicePorts& ports, const ServiceOptions& options) : ports_(ports), options_(options) {}

  // Errors: permission_denied, recall_window_passed.
  async::Task<Result<sequencing::Changed>> recall(UserId user, Place place, async::Deadline deadline) const;

  // Errors: invalid_argument, too_large, content_rejected for a word, permission_denied, edit_window_passed,
  // message_recalled.
  async::Task<Result<sequencing::Changed>> edit(UserId user, Place place, v1::Content content,
                                                async::Deadline deadline) const;

  // Adds a reaction or takes it back. Errors: invalid_argument, message_recalled, quota_exceeded.
  async::Task<Result<sequencing::Changed>> react(UserId user, Place place, std::string emoji, bool add,
                                                 async::Deadline deadline) const;

  // Pins or unpins. Errors: permission_denied, invalid_argument, message_recalled, quota_exceeded.
  async::Task<Result<sequencing::Changed>> pin(UserId user, Place place, bool on, async::Deadline deadline) const;

 private:
  async::Task<Result<sequencing::Changed>> change(UserPlace actor, sequencing::Action action,
                                                  async::Deadline deadline) const;
  async::Task<Result<StoredMessage>> find(UserId user, Place place, async::Deadline deadline) const;

  const ServicePorts ports_;
  const ServiceOptions options_;
};

}  // namespace hongyan::message::commands
