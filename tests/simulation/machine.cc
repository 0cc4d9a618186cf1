#include "simulation/machine.h"

#include <sys/mman.h>

#include <algorithm>
#include <stdexcept>

#include "base/assert.h"

namespace hongyan::simulation {
namespace {

constexpr std::size_t kStackBytes = 512 * 1024;
// What a turn takes at most.
constexpr std::size_t kLongestTurnUs = 40;
// How far the clock moves when nobody can do anything: further each time.
constexpr std::chrono::microseconds kFirstStride{200};
constexpr std::chrono::microseconds kLongestStride{100'000};
// Longer than any deadline of the server.
constexpr std::chrono::minutes kHang{30};

Machine* the_machine = nullptr;

// Stacks of fibers that have ended, for the next ones.
std::vector<void*>& free_stacks() {
  static std::vector<void*> stacks;
  return stacks;
}

void* take_stack() {
  if (!free_stacks().empty()) {
    void* stack = free_stacks().back();
    free_stacks().pop_back();
    return stack;
  }
  void* stack = ::mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  HY_CHECK(stack != MAP_FAILED);
  return stack;
}

}  // namespace

struct Machine::Fiber {
  Fiber() : stack(take_stack()) {}
  ~Fiber() { free_stacks().push_back(stack); }
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  ThreadId id = 0;
  std::move_only_function<void()> body;
  void* const stack;
  ucontext_t context;
  // What it waits at; null while it can run.
  const void* address = nullptr;
  Time deadline = Time::max();
  bool woken = false;
  bool ended = false;
};

Machine::Machine(std::uint64_t seed) : random_(seed), now_(std::chrono::hours(1)) {
  HY_CHECK(the_machine == nullptr);
  the_machine = this;
}

Machine::~Machine() {
  HY_CHECK(fibers_.empty());
  the_machine = nullptr;
}

Machine* Machine::current() { return the_machine; }

void Machine::run_until(const std::function<bool()>& done) {
  const Time hang = now_ + kHang;
  while (!done()) turn(hang);
}

void Machine::turn(Time hang) {
  if (now_ > hang) throw std::runtime_error("something hangs");
  if (step()) {
    stride_ = kFirstStride;
    now_ += std::chrono::microseconds(random_.below(kLongestTurnUs));
  } else {
    pass_time();
  }
}

// One turn of somebody who has something to do; false when nobody has.
bool Machine::step() {
  HY_CHECK(running_ == nullptr && !in_source_);
  std::vector<Fiber*> ready;
  for (const auto& fiber : fibers_) {
    if (fiber->address == nullptr) ready.push_back(fiber.get());
  }
  std::vector<Source*> sources;
  for (Source& source : sources_) sources.push_back(&source);
  while (!ready.empty() || !sources.empty()) {
    const std::size_t at = random_.below(ready.size() + sources.size());
    if (at < ready.size()) {
      resume(*ready[at]);
      return true;
    }
    const auto chosen = sources.begin() + static_cast<std::ptrdiff_t>(at - ready.size());
    in_source_ = true;
    const bool worked = (**chosen)();
    in_source_ = false;
    if (worked) return true;
    sources.erase(chosen);
  }
  return false;
}

void Machine::resume(Fiber& fiber) {
  running_ = &fiber;
  ::swapcontext(&root_, &fiber.context);
  running_ = nullptr;
  if (fiber.ended) wake(&fiber, true);
}

// To where the next one waits for, but in strides: timers of an io_context are not known here.
void Machine::pass_time() {
  Time next = now_ + stride_;
  for (const auto& fiber : fibers_) {
    if (fiber->address != nullptr) next = std::min(next, std::max(now_, fiber->deadline));
  }
  now_ = next;
  stride_ = std::clamp(stride_ * 2, kFirstStride, kLongestStride);
  for (const auto& fiber : fibers_) {
    if (fiber->address != nullptr && fiber->deadline <= now_) fiber->address = nullptr;
  }
}

Machine::ThreadId Machine::begin(std::move_only_function<void()> body) {
  auto fiber = std::make_unique<Fiber>();
  fiber->id = ++last_thread_;
  fiber->body = std::move(body);
  ::getcontext(&fiber->context);
  fiber->context.uc_stack.ss_sp = fiber->stack;
  fiber->context.uc_stack.ss_size = kStackBytes;
  fiber->context.uc_link = nullptr;
  ::makecontext(&fiber->context, &Machine::enter, 0);
  fibers_.push_back(std::move(fiber));
  return last_thread_;
}

void Machine::enter() {
  Machine& machine = *the_machine;
  Fiber& self = *machine.running_;
  self.body();
  self.body = nullptr;
  self.ended = true;
  // Never to be resumed: join() takes it away.
  self.address = &self.ended;
  ::swapcontext(&self.context, &machine.root_);
}

Machine::Fiber* Machine::find(ThreadId thread) {
  const auto found = std::ranges::find(fibers_, thread, [](const auto& fiber) { return fiber->id; });
  return found == fibers_.end() ? nullptr : found->get();
}

void Machine::join(ThreadId thread) {
  Fiber* fiber = find(thread);
  HY_CHECK(fiber != nullptr);
  while (!fiber->ended) wait(fiber, Time::max());
  std::erase_if(fibers_, [fiber](const auto& one) { return one.get() == fiber; });
}

bool Machine::wait(const void* address, Time deadline) {
  // Who waits on an io thread holds up everybody else's requests, so nobody may.
  HY_CHECK(!in_source_);
  if (running_ == nullptr) return wait_as_root(address, deadline);
  Fiber& self = *running_;
  self.address = address;
  self.deadline = deadline;
  self.woken = false;
  ::swapcontext(&self.context, &root_);
  return self.woken;
}

bool Machine::wait_as_root(const void* address, Time deadline) {
  RootWait wait{address};
  root_waits_.push_back(&wait);
  const Time hang = now_ + kHang;
  while (!wait.woken && now_ < deadline) turn(hang);
  std::erase(root_waits_, &wait);
  return wait.woken;
}

void Machine::wake(const void* address, bool all) {
  std::vector<Fiber*> waiting;
  for (const auto& fiber : fibers_) {
    if (fiber->address == address) waiting.push_back(fiber.get());
  }
  if (!all && waiting.size() > 1) waiting = {random_.pick(waiting)};
  for (Fiber* fiber : waiting) {
    fiber->address = nullptr;
    fiber->woken = true;
  }
  if (!all && !waiting.empty()) return;
  for (RootWait* wait : root_waits_) wait->woken = wait->woken || wait->address == address;
}

}  // namespace hongyan::simulation
