// The use cases of sending and of marks, and what other slices may ask.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/message/api.h"
#include "domain/message/commands/references.h"
#include "domain/message/ports.h"

namespace hongyan::message {

// A message to send.
struct SendRequest {
  ConversationId conversation;
  std::string client_msg_id;
  v1::Content content;
  // Moves the sender's read mark as well, after the message is durable.
  std::optional<Seq> read;
  // The message it answers.
  std::optional<Seq> quote;
  std::optional<v1::Mentions> mentions;
};

// Owned by the message module. Thread-safe; coroutines run on the caller's executor and never block it.
class Service final : public Api {
 public:
  Service(const ServicePorts& ports, const ServiceOptions& options)
      : ports_(ports), options_(options), references_(ports_) {}

  // Success means the message is durable. Commands of one caller for one conversation reach the sequencer in the order of
  // the calls, whatever has to be checked before. A repeat of the same request is harmless and gives the first answer.
  // Errors: invalid_argument, too_large, not_found for strangers and for what the message refers to, message_recalled for
  // the quoted one, permission_denied for naming all, the other refusals of the conversation, content_rejected for a word,
  // conflict for another content under the same client_msg_id, unavailable and timeout (outcome unknown).
  async::Task<Result<SendAck>> send(UserId sender, SendRequest request, async::Deadline deadline);

  // Whether send_directly() may stand for send(): there is nothing to look up, no word in it and nobody to wait for.
  bool may_send_directly(const v1::SendRequest& request) const;
  // The same without a coroutine; `done` is called once, from any thread.
  void send_directly(UserId sender, SendRequest request, async::Deadline deadline,
                     std::move_only_function<void(Result<SendAck>)> done);

  async::Task<Result<std::vector<Summary>>> summaries(UserId user, std::vector<conversation::Membership> memberships,
                                                      async::Deadline deadline) override;
  async::Task<Result<Seq>> mark(MarkKind kind, UserId user, conversation::Membership membership, Seq seq,
                                async::Deadline deadline) override;
  async::Task<Result<Standings>> standings(UserId user, std::vector<conversation::Membership> memberships,
                                           async::Deadline deadline) override;
  async::Task<Result<Marks>> marks(conversation::Membership membership, async::Deadline deadline) override;
  async::Task<Result<SendAck>> append_system_line(SystemLine line, async::Deadline deadline) override;
  async::Task<Result<std::vector<std::optional<Bound>>>> bounds(std::vector<UserPlace> places,
                                                                async::Deadline deadline) override;
  bool ready() const override { return ports_.sink.ready(); }
  std::size_t max_content_bytes() const override { return options_.content.max_bytes; }
  std::string epoch() const override { return ports_.stores.messages.epoch(); }

 private:
  // Checks what can be checked without looking anything up.
  Result<sequencing::SendAction> action_of(SendRequest& request) const;
  async::Task<void> note_read(UserPlace place, Seq seq, std::vector<UserId> recipients, async::Deadline deadline);

  const ServicePorts ports_;
  const ServiceOptions options_;
  const commands::References references_;
};

}  // namespace hongyan::message
