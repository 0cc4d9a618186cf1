// Brings the lines of the outbox into the history.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "domain/conversation/events.h"
#include "domain/message/api.h"
#include "domain/message/metrics.h"
#include "infra/async/periodic.h"
#include "infra/async/scope.h"

namespace hongyan::message {

struct OutboxWorkerOptions {
  // How often is looked for lines that nobody announced, or that could not be brought in.
  std::chrono::milliseconds sweep{500};
  // Lines read at a time, of one conversation, and conversations at a time.
  std::size_t lines = 100;
  std::size_t conversations = 1000;
  // Of one read, write or line.
  std::chrono::milliseconds step{10'000};
  // What was left when the process ended is brought in within this, or the process does not start.
  std::chrono::milliseconds start{60'000};
  // What is under way at the end may take this long; what is left then is brought in by the next run.
  std::chrono::milliseconds stop{2'000};
};

// Drains each conversation by one coroutine at a time, always the lowest id first; a line whose outcome is not known is tried
// again, under the same name, before any later one. A line refused for good is put aside and counted. All state belongs to
// `executor`, which runs one handler at a time. Thread-safe. Owned by the message module.
class OutboxWorker final : public conversation::OutboxListener {
 public:
  // Called once: whether everything that waited when it was asked is in the history.
  using Drained = std::move_only_function<void(bool)>;

  OutboxWorker(conversation::Outbox& outbox, Api& messages, boost::asio::any_io_executor executor,
               MessageMetrics metrics, OutboxWorkerOptions options = {});

  // Brings in what is left of an earlier run, then begins to sweep. Blocks; not from the executor's thread. Throws when
  // that takes too long: what happens in a group must not overtake what happened before.
  void start();
  // Begins nothing more and waits for what is under way. Blocks. A repeat does nothing.
  void stop() noexcept;

  void lines_waiting(ConversationId conversation) override;
  // Drains the conversation, then calls `done`, on the executor.
  void drain(ConversationId conversation, Drained done);

 private:
  // A conversation that is being drained.
  struct Run {
    // Asked again meanwhile.
    bool again = false;
    // Who is told by the next pass.
    std::vector<Drained> next;
  };

  void begin(ConversationId conversation, Drained done);
  async::Task<void> run(ConversationId conversation);
  async::Task<bool> pass(ConversationId conversation);
  // What became of a line; `open` when that is not known, or not yet.
  enum class Fate { in_history, dead, open };
  async::Task<Fate> append(const conversation::OutboxLine& line);
  async::Task<Result<std::size_t>> sweep();
  // Resolves with the pause until the next one.
  async::Task<std::chrono::milliseconds> turn();
  async::Task<bool> drain_all();

  conversation::Outbox& outbox_;
  Api& messages_;
  const boost::asio::any_io_executor executor_;
  MessageMetrics metrics_;
  const OutboxWorkerOptions options_;
  std::unordered_map<ConversationId, Run> runs_;
  bool stopping_ = false;
  async::Periodic sweeps_;
  async::Scope scope_;
};

}  // namespace hongyan::message
