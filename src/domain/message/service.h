// The use cases of sending and of marks, and what other slices may ask.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/message/api.h"
#include "domain/message/commands/references.h"
#include "domain/message/ports.h"

namespace hongyan::message {

// Owned by the message module. Thread-safe; coroutines run on the caller's executor and never block it.
class Service final : public Api {
 public:
  Service(const ServicePorts& ports, const ServiceOptions& options)
      : ports_(ports), options_(options), references_(ports_) {}

  async::Task<Result<SendAck>> send(UserId sender, SendRequest request, async::Deadline deadline) override;

  // Whether send_directly() may stand for send(): nothing is missing, there is nothing to look up, no word in it and nobody to
  // wait for.
  bool may_send_directly(const v1::SendRequest& request) const;
  // The same without a coroutine; `done` is called once, from any thread, with the ack of the message.
  void send_directly(UserId sender, SendRequest request, async::Deadline deadline, sequencing::Done done);

  async::Task<Result<std::vector<Summary>>> summaries(UserId user, std::vector<conversation::Membership> memberships,
                                                      async::Deadline deadline) override;
  async::Task<Result<Seq>> mark(MarkKind kind, UserId user, conversation::Membership membership, Seq seq,
                                async::Deadline deadline) override;
  async::Task<Result<Stamp>> stamp(UserId user, async::Deadline deadline) override;
  async::Task<Result<std::vector<Standing>>> standings(UserId user, std::vector<conversation::Membership> memberships,
                                                       async::Deadline deadline) override;
  async::Task<Result<Marks>> marks(conversation::Membership membership, async::Deadline deadline) override;
  async::Task<Result<SendAck>> append_system_line(SystemLine line, async::Deadline deadline) override;
  async::Task<Result<std::vector<std::optional<Bound>>>> bounds(std::vector<UserPlace> places,
                                                                async::Deadline deadline) override;
  async::Task<Result<std::vector<GroupBound>>> bounds_of(UserId user, async::Deadline deadline) override;
  bool ready() const override { return ports_.sink.ready(); }
  std::size_t max_content_bytes() const override { return options_.content.max_bytes; }
  std::string epoch() const override { return ports_.stores.messages.epoch(); }

 private:
  // Checks what can be checked without looking anything up.
  Result<sequencing::SendAction> action_of(SendRequest& request) const;
  async::Task<void> note_read(UserPlace place, Seq seq, conversation::Recipients recipients, async::Deadline deadline);

  const ServicePorts ports_;
  const ServiceOptions options_;
  const commands::References references_;
};

}  // namespace hongyan::message
