// The outbox: system lines that are durable but have no seq yet. They are written in the transaction of what they tell, and
// whoever sequences messages drains them.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/conversation/types.h"
#include "infra/async/task.h"

namespace hongyan::conversation {

// A line of the server's own, to be shown in a conversation. Value type.
struct SystemLine {
  // Of the closed list in docs/protocol.md; `params` as the code says.
  std::string code;
  std::map<std::string, std::string> params;
  // Members from this line on, and up to it.
  std::vector<UserId> join;
  std::vector<UserId> leave;
  // The two of a 1:1; empty for a group, which has a topic of its own.
  std::vector<UserId> recipients = {};
  bool operator==(const SystemLine&) const = default;
};

struct OutboxLine {
  OutboxId id;
  ConversationId conversation;
  SystemLine line;
};

// Hears of lines. Thread-safe; must not block.
class OutboxListener {
 public:
  virtual ~OutboxListener() = default;
  // Lines of the conversation may wait. Called right after their commit, on the thread that wrote.
  virtual void lines_waiting(ConversationId conversation) = 0;
};

// Thread-safe; lives as long as the process's modules. Errors of every call: unavailable, timeout, internal.
class Outbox {
 public:
  virtual ~Outbox() = default;

  // The one who drains, set at start-up before the first request.
  virtual void set_listener(OutboxListener& listener) = 0;

  // Conversations of which lines wait, those with the oldest line first.
  virtual async::Task<Result<std::vector<ConversationId>>> waiting(std::size_t limit, async::Deadline deadline) = 0;
  // The lines of one conversation that wait, lowest id first: they must be sequenced in this order.
  virtual async::Task<Result<std::vector<OutboxLine>>> waiting_of(ConversationId conversation, std::size_t limit,
                                                                  async::Deadline deadline) = 0;

  // These lines are in the history: wakes who waits for them, then forgets them. A repeat is harmless.
  virtual async::Task<Result<void>> done(std::vector<OutboxId> lines, async::Deadline deadline) = 0;
  // This line was refused for good: it is kept with the reason and never tried again.
  virtual async::Task<Result<void>> dead(OutboxId line, std::string reason, async::Deadline deadline) = 0;

  // Waits until the line is in the history or refused. False when the deadline came first.
  virtual async::Task<Result<bool>> settled(OutboxId line, async::Deadline deadline) = 0;
};

}  // namespace hongyan::conversation
