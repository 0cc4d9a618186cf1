// What is asked of the sequencer, and the port it is asked through.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/message/types.h"
#include "infra/async/task.h"

namespace hongyan::message::sequencing {

// A checked request to send a message. Value type without references, so that it can travel.
struct Command {
  ConversationId conversation;
  UserId sender;
  std::string client_msg_id;
  v1::Content content;
  // Of what the client supplied.
  ContentHash hash{};
  // Refused with `timeout` when it is older than this before it got its seq.
  async::Deadline deadline;
};

// What became of it.
struct Outcome {
  SendAck ack;
  // Whose topics got the message of a 1:1; empty for a repeat and for groups.
  std::vector<UserId> recipients;
};

// The answer for what cannot be done now: come back in a second.
inline Error unavailable(std::string detail) { return Error::later(ErrorCode::unavailable, 1000, std::move(detail)); }

// Called exactly once, from any thread; must not block.
using Done = std::move_only_function<void(Result<Outcome>)>;

// The way to the sequencer of a conversation.
class CommandSink {
 public:
  virtual ~CommandSink() = default;

  // Hands the command on; commands of one conversation are taken in the order of the calls. Thread-safe, never blocks.
  // Success means the message is durable; a repeat of (sender, client_msg_id) gives the first outcome again. Errors: the
  // guard's refusal; conflict for another content under the same id; unavailable and timeout, after which the outcome is
  // unknown and the same command may be repeated.
  virtual void submit(Command command, Done done) = 0;

  // Whether commands can be accepted now. Thread-safe.
  virtual bool ready() const = 0;
};

}  // namespace hongyan::message::sequencing
