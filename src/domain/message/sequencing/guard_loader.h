// Loads guards from the conversation slice.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>

#include "domain/conversation/api.h"
#include "domain/message/sequencing/guards.h"
#include "infra/async/scope.h"

namespace hongyan::message::sequencing {

// Runs each load as a coroutine on `executor`. Thread-safe. Owned by the message module; close() it after the sequencer
// has stopped and before that is destroyed.
class GuardLoader final : public GuardSource {
 public:
  GuardLoader(conversation::Api& conversations, boost::asio::any_io_executor executor,
              std::chrono::milliseconds timeout)
      : conversations_(conversations), executor_(std::move(executor)), timeout_(timeout) {}

  void load(UserPlace place, std::move_only_function<void(Result<conversation::SendGuard>)> done) override;

  // Refuses further loads and waits for those under way. A repeat does nothing.
  void close() noexcept { (void)scope_.close(timeout_ + std::chrono::seconds(1)); }

 private:
  using Done = std::move_only_function<void(Result<conversation::SendGuard>)>;
  async::Task<void> run(UserPlace place, std::shared_ptr<Done> done);

  conversation::Api& conversations_;
  const boost::asio::any_io_executor executor_;
  const std::chrono::milliseconds timeout_;
  async::Scope scope_;
};

}  // namespace hongyan::message::sequencing
