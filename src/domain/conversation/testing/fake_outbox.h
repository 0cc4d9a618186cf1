// An outbox for tests of those who wait for lines.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "domain/conversation/events.h"

namespace hongyan::conversation::testing {

// Notes which lines are waited for, and until when.
class FakeOutbox final : public Outbox {
 public:
  void set_listener(OutboxListener&) override {}
  async::Task<Result<std::vector<ConversationId>>> waiting(std::size_t, async::Deadline) override {
    co_return std::vector<ConversationId>();
  }
  async::Task<Result<std::vector<OutboxLine>>> waiting_of(ConversationId, std::size_t, async::Deadline) override {
    co_return std::vector<OutboxLine>();
  }
  async::Task<Result<void>> done(std::vector<OutboxId>, async::Deadline) override { co_return Result<void>(); }
  async::Task<Result<void>> dead(OutboxId, std::string, async::Deadline) override { co_return Result<void>(); }
  async::Task<Result<bool>> settled(OutboxId line, async::Deadline deadline) override {
    awaited.emplace_back(line, deadline);
    co_return fail(ErrorCode::unavailable);
  }

  std::vector<std::pair<OutboxId, async::Deadline>> awaited;
};

}  // namespace hongyan::conversation::testing
