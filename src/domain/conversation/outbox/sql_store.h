// The outbox in the relational database.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "domain/conversation/events.h"
#include "infra/sql/database.h"

namespace hongyan::conversation {

// Table outbox. Thread-safe. Owned by Module; the database must outlive it.
class SqlOutbox final : public Outbox {
 public:
  explicit SqlOutbox(sql::Database& database) : database_(database) {}

  void set_listener(OutboxListener& listener) override { listener_ = &listener; }
  async::Task<Result<std::vector<ConversationId>>> waiting(std::size_t limit, async::Deadline deadline) override;
  async::Task<Result<std::vector<OutboxLine>>> waiting_of(ConversationId conversation, std::size_t limit,
                                                          async::Deadline deadline) override;
  async::Task<Result<void>> done(std::vector<OutboxId> lines, async::Deadline deadline) override;
  async::Task<Result<void>> dead(OutboxId line, std::string reason, async::Deadline deadline) override;
  async::Task<Result<bool>> settled(OutboxId line, async::Deadline deadline) override;

  // Adds a line in the transaction of what it tells, which must have raised the conversation's guard before.
  static Result<OutboxId> append(sql::Transaction& transaction, ConversationId conversation, const SystemLine& line,
                                 TimeMs now);
  // Tells the listener, from an after-commit hook.
  void announce(ConversationId conversation) const {
    if (listener_ != nullptr) listener_->lines_waiting(conversation);
  }

 private:
  using Waiter = std::move_only_function<void()>;
  using Waiters = std::multimap<OutboxId, std::shared_ptr<Waiter>>;
  class Waiting;

  void wake(std::span<const OutboxId> lines);

  sql::Database& database_;
  OutboxListener* listener_ = nullptr;
  std::mutex mutex_;
  // As many as requests that wait for their line; each takes itself out.
  Waiters waiters_;
};

}  // namespace hongyan::conversation
