// What one device still has to send.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>

#include "infra/async/scope.h"
#include "simulation/ledger.h"
#include "simulation/link.h"

namespace hongyan::simulation {

// Unanswered sends are repeated in their order with the same client_msg_id, and nothing later of that conversation leaves before
// they are resolved. Owned by its device, over all connections.
class Outbox {
 public:
  // `window`: sends of a conversation that may be without an answer at once. `again`: how long one waits that was refused for
  // a while.
  Outbox(Ledger& ledger, async::Scope& scope, boost::asio::any_io_executor executor, std::size_t window,
         std::chrono::milliseconds again)
      : ledger_(ledger), scope_(scope), executor_(std::move(executor)), window_(window), again_(again) {}

  bool idle() const;
  void add(Sent& sent);
  // From now on by this link.
  void resume(std::shared_ptr<Link> link);
  // The connection is lost: what has no answer may or may not have happened.
  void suspend();

 private:
  enum class State : std::uint8_t { waiting, flying, unknown };
  struct Item {
    Sent* sent;
    State state = State::waiting;
  };
  using Lane = std::deque<Item>;

  void pump(std::uint64_t conversation);
  void fly(std::uint64_t conversation, Item& item);
  async::Task<void> transmit(std::uint64_t conversation, Sent& sent, std::shared_ptr<Link> link);
  void resolve(std::uint64_t conversation, const Sent& sent);

  Ledger& ledger_;
  async::Scope& scope_;
  const boost::asio::any_io_executor executor_;
  const std::size_t window_;
  const std::chrono::milliseconds again_;
  std::map<std::uint64_t, Lane> lanes_;
  std::shared_ptr<Link> link_;
};

// Refusals that say nothing about the outcome, or that pass: ask again.
bool passes(ErrorCode code);

// Waits on the machine's clock.
async::Task<void> pause(std::chrono::milliseconds length);

}  // namespace hongyan::simulation
