#include "domain/message/outbox/worker.h"

#include <boost/asio/post.hpp>
#include <stdexcept>
#include <utility>

#include "infra/async/use_task.h"
#include "infra/log/log.h"

namespace hongyan::message {
namespace {

// The name of a line for good: what tells that it is in the history already.
std::string name_of(conversation::OutboxId line) { return "sys-" + std::to_string(line.value); }

SystemLine to_message(const conversation::OutboxLine& waiting) {
  SystemLine line;
  line.conversation = waiting.conversation;
  line.client_msg_id = name_of(waiting.id);
  v1::SystemContent& content = *line.content.mutable_system();
  content.set_code(waiting.line.code);
  content.mutable_params()->insert(waiting.line.params.begin(), waiting.line.params.end());
  line.join = waiting.line.join;
  line.leave = waiting.line.leave;
  line.recipients = waiting.line.recipients;
  return line;
}

}  // namespace

OutboxWorker::OutboxWorker(conversation::Outbox& outbox, Api& messages, boost::asio::any_io_executor executor,
                           MessageMetrics metrics, OutboxWorkerOptions options)
    : outbox_(outbox),
      messages_(messages),
      executor_(std::move(executor)),
      metrics_(metrics),
      options_(options),
      sweeps_(executor_, [this] { return turn(); }) {
  outbox_.set_listener(*this);
}

void OutboxWorker::start() {
  if (!async::start(executor_, drain_all()).get()) {
    throw std::runtime_error("the lines that wait in the outbox cannot be brought into the history");
  }
  sweeps_.start(options_.sweep);
}

void OutboxWorker::stop() noexcept {
  boost::asio::post(executor_, [this] { stopping_ = true; });
  // Waits for whatever was posted before, too.
  sweeps_.stop(options_.stop);
  (void)scope_.close(options_.stop);
}

void OutboxWorker::lines_waiting(ConversationId conversation) { drain(conversation, {}); }

void OutboxWorker::drain(ConversationId conversation, Drained done) {
  boost::asio::post(executor_,
                    [this, conversation, done = std::move(done)]() mutable { begin(conversation, std::move(done)); });
}

void OutboxWorker::begin(ConversationId conversation, Drained done) {
  const auto [entry, fresh] = runs_.try_emplace(conversation);
  entry->second.again = true;
  if (done) entry->second.next.push_back(std::move(done));
  if (!fresh) return;
  if (!stopping_ && scope_.spawn(executor_, run(conversation))) return;
  auto refused = runs_.extract(entry);
  for (Drained& asked : refused.mapped().next) asked(false);
}

// Passes until one began after everybody had asked.
async::Task<void> OutboxWorker::run(ConversationId conversation) {
  // Stays where it is: nobody else takes it out.
  Run& current = runs_.at(conversation);
  while (std::exchange(current.again, false)) {
    std::vector<Drained> asked = std::exchange(current.next, {});
    const bool drained = co_await pass(conversation);
    for (Drained& one : asked) one(drained);
  }
  runs_.erase(conversation);
}

// Brings in everything that waits. False when something stands in the way; the sweeper comes again.
async::Task<bool> OutboxWorker::pass(ConversationId conversation) {
  while (!stopping_) {
    const auto lines = co_await outbox_.waiting_of(conversation, options_.lines, async::deadline_in(options_.step));
    if (!lines) {
      log::warn("outbox_not_read", {{"conversation", conversation}, {"detail", lines.error().detail}});
      co_return false;
    }
    if (lines->empty()) co_return true;
    std::vector<conversation::OutboxId> done;
    Fate fate = Fate::in_history;
    for (auto line = lines->begin(); line != lines->end() && fate != Fate::open; ++line) {
      fate = co_await append(*line);
      if (fate == Fate::in_history) done.push_back(line->id);
    }
    // Lines that are in the history but not forgotten are found there the next time.
    const auto forgotten = co_await outbox_.done(std::move(done), async::deadline_in(options_.step));
    if (!forgotten) log::warn("outbox_not_written", {{"detail", forgotten.error().detail}});
    if (fate == Fate::open || !forgotten) co_return false;
  }
  co_return false;
}

async::Task<OutboxWorker::Fate> OutboxWorker::append(const conversation::OutboxLine& line) {
  const auto appended = co_await messages_.append_system_line(to_message(line), async::deadline_in(options_.step));
  if (appended) {
    metrics_.lines.Increment();
    co_return Fate::in_history;
  }
  const Error& error = appended.error();
  if (error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout) co_return Fate::open;
  metrics_.dead_lines.Increment();
  log::error("outbox_line_dead", {{"line", line.id}, {"conversation", line.conversation}, {"detail", error.detail}});
  const std::string reason = std::string(error_name(error.code)) + ": " + error.detail;
  const auto put_aside = co_await outbox_.dead(line.id, reason, async::deadline_in(options_.step));
  co_return put_aside ? Fate::dead : Fate::open;
}

// Begins to drain every conversation of which lines wait; answers how many those are.
async::Task<Result<std::size_t>> OutboxWorker::sweep() {
  HY_CO_TRY(const auto waiting, co_await outbox_.waiting(options_.conversations, async::deadline_in(options_.step)));
  for (const ConversationId conversation : waiting) begin(conversation, {});
  co_return waiting.size();
}

async::Task<bool> OutboxWorker::drain_all() {
  constexpr std::chrono::milliseconds kLookAgain{10};
  const auto deadline = async::deadline_in(options_.start);
  boost::asio::steady_timer timer(executor_);
  while (std::chrono::steady_clock::now() < deadline) {
    const auto waiting = co_await sweep();
    if (waiting && *waiting == 0 && runs_.empty()) co_return true;
    timer.expires_after(kLookAgain);
    co_await timer.async_wait(async::use_task);
  }
  co_return false;
}

async::Task<std::chrono::milliseconds> OutboxWorker::turn() {
  if (const auto swept = co_await sweep(); !swept) {
    log::warn("outbox_not_read", {{"detail", swept.error().detail}});
  }
  co_return options_.sweep;
}

}  // namespace hongyan::message
