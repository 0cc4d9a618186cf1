#include "domain/message/commands/arrival_order.h"

#include <utility>

#include "domain/message/await_answer.h"

namespace hongyan::message::commands {

ArrivalOrder::Turn ArrivalOrder::enter(const UserPlace& place) {
  auto waiter = std::make_shared<Waiter>(Waiter{.place = place, .first = false, .wake = {}});
  ++in_line_;
  const std::lock_guard lock(mutex_);
  auto& line = lines_[place];
  waiter->first = line.empty();
  line.push_back(waiter);
  return Turn(*this, std::move(waiter));
}

async::Task<Result<void>> ArrivalOrder::Turn::come(async::Deadline deadline) {
  if (order_->is_first(*waiter_)) co_return Result<void>();
  auto begin = [order = order_, waiter = waiter_](Wake wake) { order->await(*waiter, std::move(wake)); };
  HY_CO_TRY(co_await await_answer<bool>(deadline, std::move(begin)));
  co_return Result<void>();
}

void ArrivalOrder::Turn::leave() {
  if (const auto waiter = std::exchange(waiter_, nullptr)) order_->leave(waiter);
}

bool ArrivalOrder::is_first(const Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  return waiter.first;
}

void ArrivalOrder::await(Waiter& waiter, Wake wake) {
  {
    const std::lock_guard lock(mutex_);
    if (!waiter.first) {
      waiter.wake = std::move(wake);
      return;
    }
  }
  wake(true);
}

void ArrivalOrder::leave(const std::shared_ptr<Waiter>& waiter) {
  Wake wake;
  {
    const std::lock_guard lock(mutex_);
    const auto found = lines_.find(waiter->place);
    std::erase(found->second, waiter);
    if (found->second.empty()) {
      lines_.erase(found);
    } else if (waiter->first) {
      Waiter& next = *found->second.front();
      next.first = true;
      wake = std::exchange(next.wake, {});
    }
  }
  --in_line_;
  if (wake) wake(true);
}

}  // namespace hongyan::message::commands
