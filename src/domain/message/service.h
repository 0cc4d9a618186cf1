// The use cases: sending, reading history, marks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/conversation/api.h"
#include "domain/message/api.h"
#include "domain/message/cursors/cursor_merger.h"
#include "domain/message/history.h"
#include "domain/message/rules.h"
#include "domain/message/sequencing/command.h"
#include "infra/async/blocking_pool.h"

namespace hongyan::message {

struct ServiceOptions {
  ContentLimits content;
  // A page of history ends early beyond this.
  std::size_t page_bytes = 256 * 1024;
};

// What the service works with; all must outlive it. `store_pool` is where the store is read.
struct ServicePorts {
  conversation::Api& conversations;
  MessageStore& messages;
  CursorStore& cursors;
  CursorMerger& merger;
  sequencing::CommandSink& sink;
  async::BlockingPool& store_pool;
};

// A message to send.
struct SendRequest {
  ConversationId conversation;
  std::string client_msg_id;
  v1::Content content;
  // Moves the sender's read mark as well, after the message is durable.
  std::optional<Seq> read;
};

// Owned by the message module. Thread-safe; coroutines run on the caller's executor and never block it.
class Service final : public Api {
 public:
  Service(const ServicePorts& ports, const ServiceOptions& options) : ports_(ports), options_(options) {}

  // Success means the message is durable. Commands of one caller reach the sequencer in the order of the calls: nothing is
  // awaited before. A repeat of the same request is harmless and gives the first answer. Errors: invalid_argument,
  // too_large, not_found for strangers, the other refusals of the conversation, conflict for another content under the
  // same client_msg_id, unavailable and timeout (outcome unknown).
  async::Task<Result<SendAck>> send(UserId sender, SendRequest request, async::Deadline deadline);

  // Errors: not_found for strangers, unavailable, timeout.
  async::Task<Result<HistoryPage>> list(UserId user, ConversationId conversation, PageRequest request,
                                        async::Deadline deadline);

  async::Task<Result<std::vector<Summary>>> summaries(UserId user, std::vector<conversation::Membership> memberships,
                                                      async::Deadline deadline) override;
  async::Task<Result<Seq>> mark(MarkKind kind, UserId user, conversation::Membership membership, Seq seq,
                                async::Deadline deadline) override;
  async::Task<Result<Standings>> standings(UserId user, std::vector<conversation::Membership> memberships,
                                           async::Deadline deadline) override;
  async::Task<Result<std::vector<Cursor>>> cursors(std::vector<UserPlace> places, async::Deadline deadline) override;
  async::Task<Result<SendAck>> append_system_line(SystemLine line, async::Deadline deadline) override;
  async::Task<Result<std::vector<std::optional<Bound>>>> bounds(std::vector<UserPlace> places,
                                                                async::Deadline deadline) override;
  bool ready() const override { return ports_.sink.ready(); }
  std::size_t max_content_bytes() const override { return options_.content.max_bytes; }
  std::string epoch() const override { return ports_.messages.epoch(); }

 private:
  async::Task<Result<sequencing::Outcome>> submit(sequencing::Command command);
  async::Task<void> note_read(UserPlace place, Seq seq, std::vector<UserId> recipients, async::Deadline deadline);

  const ServicePorts ports_;
  const ServiceOptions options_;
};

}  // namespace hongyan::message
