// Loads guards from the conversation slice.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "domain/conversation/api.h"
#include "domain/message/sequencing/guards.h"
#include "infra/async/scope.h"

namespace hongyan::message::sequencing {

// Brings the lines that wait for a conversation into its history, then calls back, from any thread: whether all are there.
using DrainLines = std::function<void(ConversationId, std::move_only_function<void(bool)>)>;

// Runs each load as a coroutine on `executor`. Where lines wait, it drains them before it answers: nothing that is sent
// under the guard may come before them. Thread-safe. Owned by the message module; close() it after the sequencer has stopped
// and before that is destroyed.
class GuardLoader final : public GuardSource {
 public:
  GuardLoader(conversation::Api& conversations, DrainLines drain, boost::asio::any_io_executor executor,
              std::chrono::milliseconds timeout)
      : conversations_(conversations), drain_(std::move(drain)), executor_(std::move(executor)), timeout_(timeout) {}

  void load(UserPlace place, std::move_only_function<void(Result<conversation::SendGuard>)> done) override;

  // Refuses further loads and waits for those under way. A repeat does nothing.
  void close() noexcept { (void)scope_.close(timeout_ + std::chrono::seconds(1)); }

 private:
  using Done = std::move_only_function<void(Result<conversation::SendGuard>)>;
  async::Task<void> run(UserPlace place, std::shared_ptr<Done> done);
  async::Task<Result<conversation::SendGuard>> guard_of(UserPlace place, async::Deadline deadline);

  conversation::Api& conversations_;
  const DrainLines drain_;
  const boost::asio::any_io_executor executor_;
  const std::chrono::milliseconds timeout_;
  async::Scope scope_;
};

}  // namespace hongyan::message::sequencing
