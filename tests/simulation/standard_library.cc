// The parts of the standard library by which programs meet time and each other, as the machine has them. They take the place of
// libstdc++'s own when this program is linked: the same symbols, found first.
#include <bits/atomic_futex.h>
#include <pthread.h>
#include <sys/timerfd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/assert.h"
#include "simulation/machine.h"

namespace {

using hongyan::simulation::Machine;

Machine& machine() {
  HY_CHECK(Machine::current() != nullptr);
  return *Machine::current();
}

// Nobody else can run in between, so letting go of the lock and waiting is one step.
template <class Lock>
bool wait_without(Lock& lock, const void* address, Machine::Time deadline) {
  lock.unlock();
  const bool woken = machine().wait(address, deadline);
  lock.lock();
  return woken;
}

struct RawLock {
  pthread_mutex_t* mutex;
  void lock() const { HY_CHECK(pthread_mutex_lock(mutex) == 0); }
  void unlock() const { HY_CHECK(pthread_mutex_unlock(mutex) == 0); }
};

Machine::Time time_of(std::chrono::seconds seconds, std::chrono::nanoseconds rest) {
  return Machine::Time(std::chrono::duration_cast<Machine::Time::duration>(seconds + rest));
}

bool await_change(const unsigned* address, unsigned value, Machine::Time deadline) {
  while (__atomic_load_n(address, __ATOMIC_ACQUIRE) == value) {
    if (!machine().wait(address, deadline)) return false;
  }
  return true;
}

}  // namespace

namespace std {

chrono::steady_clock::time_point chrono::steady_clock::now() noexcept {
  return Machine::current() == nullptr ? time_point() : Machine::current()->now();
}

void condition_variable::wait(unique_lock<mutex>& lock) { wait_without(lock, this, Machine::Time::max()); }
void condition_variable::notify_one() noexcept {
  if (Machine::current() != nullptr) Machine::current()->wake(this, false);
}
void condition_variable::notify_all() noexcept {
  if (Machine::current() != nullptr) Machine::current()->wake(this, true);
}

void thread::_M_start_thread(_State_ptr state, void (*)()) {
  _M_id = id(machine().begin([state = std::move(state)] { state->_M_run(); }));
}
void thread::join() {
  machine().join(_M_id._M_thread);
  _M_id = id();
}

// What futures wait with.
bool __atomic_futex_unsigned_base::_M_futex_wait_until(unsigned* address, unsigned value, bool timed, chrono::seconds,
                                                       chrono::nanoseconds) {
  // By the wall clock, which nobody here waits by.
  HY_CHECK(!timed);
  return await_change(address, value, Machine::Time::max());
}
bool __atomic_futex_unsigned_base::_M_futex_wait_until_steady(unsigned* address, unsigned value, bool timed,
                                                              chrono::seconds seconds, chrono::nanoseconds rest) {
  return await_change(address, value, timed ? time_of(seconds, rest) : Machine::Time::max());
}
void __atomic_futex_unsigned_base::_M_futex_notify_all(unsigned* address) {
  if (Machine::current() != nullptr) Machine::current()->wake(address, true);
}

}  // namespace std

extern "C" {

// What condition variables wait with until a point of the steady clock. Their address is that of their native handle.
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t, const timespec* until) {
  RawLock lock{mutex};
  const auto deadline = time_of(std::chrono::seconds(until->tv_sec), std::chrono::nanoseconds(until->tv_nsec));
  return wait_without(lock, condition, deadline) ? 0 : ETIMEDOUT;
}

// Asio would have the kernel's clock end its waits; without it, it looks at the steady clock.
int timerfd_create(int, int) noexcept {
  errno = ENOSYS;
  return -1;
}

}  // extern "C"
