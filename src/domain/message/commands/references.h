// What a message refers to: the one it answers, people it names, people it recommends, files.
#pragma once

#include <optional>

#include "domain/message/ports.h"

namespace hongyan::message::commands {

// Checks references before a message goes to the sequencer. Owned by a service, whose ports it uses. Thread-safe.
class References {
 public:
  explicit References(const ServicePorts& ports) : ports_(ports) {}

  // Whether there is anything to be looked up.
  static bool needs_check(const sequencing::SendAction& action);
  static bool needs_check(const v1::Content& content);

  // The first answer when the message was sent before: a repeat is answered whatever has become of what it refers to.
  // Errors: conflict for another content, unavailable, timeout.
  async::Task<Result<std::optional<SendAck>>> sent_before(MessageKey key, ContentHash hash,
                                                          async::Deadline deadline) const;

  // Errors: not_found for strangers, for files, persons and quoted messages that are not there or not to be seen,
  // invalid_argument naming `mentions.user_ids` for who is no member, unavailable, timeout.
  async::Task<Result<void>> check(UserPlace sender, const sequencing::SendAction& action,
                                  async::Deadline deadline) const;

 private:
  async::Task<Result<void>> check_members(const conversation::Membership& membership, const v1::Mentions& mentions,
                                          async::Deadline deadline) const;

  const ServicePorts& ports_;
};

}  // namespace hongyan::message::commands
