// Keeps commands in the order in which they came while some of them are still being checked.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/result.h"
#include "domain/message/types.h"
#include "infra/async/task.h"

namespace hongyan::message::commands {

// One line for each caller in each conversation. Who wants to hand a command to the sequencer takes a place in it before
// anything else, awaits the turn after the checks, and leaves once the command is handed over: so a command that needs no
// check does not overtake one that does. Owned by the message module, outlives all turns. Thread-safe.
class ArrivalOrder {
  struct Waiter;

 public:
  // A place in a line; leaves it at the end. Used by one coroutine.
  class Turn {
   public:
    Turn(Turn&& other) noexcept = default;
    Turn& operator=(Turn&& other) = delete;
    ~Turn() { leave(); }

    // Returns, without suspending for the first, once all who came before have left. Errors: timeout.
    async::Task<Result<void>> come(async::Deadline deadline);

    // Lets the next one have its turn. A repeat does nothing.
    void leave();

   private:
    friend class ArrivalOrder;
    Turn(ArrivalOrder& order, std::shared_ptr<Waiter> waiter) : order_(&order), waiter_(std::move(waiter)) {}

    ArrivalOrder* order_;
    std::shared_ptr<Waiter> waiter_;
  };

  // Takes the last place in the line.
  Turn enter(const UserPlace& place);

  // Whether nobody is in line anywhere: who needs no check then is next without taking a place.
  bool empty() const { return in_line_ == 0; }

 private:
  using Wake = std::move_only_function<void(Result<bool>)>;
  struct Waiter {
    UserPlace place;
    bool first = false;
    // Called when its turn has come; empty until it awaits that.
    Wake wake;
  };

  bool is_first(const Waiter& waiter);
  void await(Waiter& waiter, Wake wake);
  void leave(const std::shared_ptr<Waiter>& waiter);

  std::atomic<std::size_t> in_line_{0};
  std::mutex mutex_;
  std::unordered_map<UserPlace, std::deque<std::shared_ptr<Waiter>>> lines_;
};

}  // namespace hongyan::message::commands
