// Stand-ins for what the slice works with.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/id_generator.h"
#include "base/testing/memory_ceiling.h"
#include "domain/message/sequencing/guards.h"
#include "wire/topics.h"

namespace hongyan::message::testing {

// Answers loads at once, or, while held, when it is told to. Thread-safe.
class FakeGuards final : public sequencing::GuardSource {
 public:
  using Answer = std::move_only_function<void(Result<conversation::SendGuard>)>;

  // The guard of everybody unless said otherwise: sends reach the sender and user 1000.
  static conversation::SendGuard open(const UserPlace& place) {
    conversation::SendGuard guard;
    guard.depends_on = {place.user, UserId(1000)};
    guard.recipients = {place.user, UserId(1000)};
    return guard;
  }

  // Makes the conversation a group in which the user has this role.
  void set_role(UserPlace place, conversation::Role role) {
    const std::lock_guard lock(mutex_);
    roles_[place] = role;
  }
  // The guard of the place ends by itself.
  void end_at(UserPlace place, TimeMs end) {
    const std::lock_guard lock(mutex_);
    ends_[place] = end;
  }
  void refuse(UserPlace place, std::optional<ErrorCode> code) {
    const std::lock_guard lock(mutex_);
    refusals_[place] = code;
  }
  // Later loads fail with `code`; nothing lets them succeed again.
  void fail_loads(std::optional<ErrorCode> code) {
    const std::lock_guard lock(mutex_);
    failure_ = code;
  }
  // Keeps loads waiting until answer_next() or release().
  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  // Answers the oldest load that waits, with what was true when it began. Waits for one.
  void answer_next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty(); });
    Waiting next = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    lock.unlock();
    next.answer(std::move(next.guard));
  }
  void release() {
    std::unique_lock lock(mutex_);
    held_ = false;
    auto waiting = std::exchange(waiting_, {});
    lock.unlock();
    for (Waiting& one : waiting) one.answer(std::move(one.guard));
  }
  // Waits until so many loads have begun in all.
  void await_loads(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return loads_ >= count; });
  }
  int loads() const {
    const std::lock_guard lock(mutex_);
    return loads_;
  }

  void load(UserPlace place, Answer done) override {
    std::unique_lock lock(mutex_);
    ++loads_;
    Result<conversation::SendGuard> guard = open(place);
    if (const auto found = refusals_.find(place); found != refusals_.end() && found->second) {
      guard->refusal = Error(*found->second);
    }
    if (const auto found = roles_.find(place); found != roles_.end()) {
      guard->type = conversation::Type::group;
      guard->role = found->second;
    }
    if (const auto found = ends_.find(place); found != ends_.end()) guard->valid_until = found->second;
    if (failure_) guard = fail(*failure_, "injected");
    if (held_) waiting_.push_back({std::move(guard), std::move(done)});
    const bool answered = !held_;
    changed_.notify_all();
    lock.unlock();
    if (answered) done(std::move(guard));
  }

 private:
  struct Waiting {
    Result<conversation::SendGuard> guard;
    Answer answer;
  };
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<UserPlace, std::optional<ErrorCode>> refusals_;
  std::map<UserPlace, conversation::Role> roles_;
  std::map<UserPlace, TimeMs> ends_;
  std::optional<ErrorCode> failure_;
  std::vector<Waiting> waiting_;
  bool held_ = false;
  int loads_ = 0;
};

// Keeps every publication. Thread-safe.
class RecordingTopics final : public wire::Topics {
 public:
  void publish(std::vector<wire::Publication> batch) override {
    const std::lock_guard lock(mutex_);
    ++batches_;
    for (wire::Publication& publication : batch) all_.push_back(std::move(publication));
    changed_.notify_all();
  }
  // Waits until so many have been published to the topic; false after ten seconds.
  bool await(wire::Topic topic, std::ptrdiff_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10),
                             [&] { return std::ranges::count(all_, topic, &wire::Publication::topic) >= count; });
  }
  // The JSON of what was published to the topic, in order.
  std::vector<std::string> to(wire::Topic topic) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> texts;
    for (const wire::Publication& one : all_) {
      if (one.topic != topic) continue;
      const std::string& frame = *one.push->frame(wire::json_frames());
      texts.push_back(frame.substr(frame.find('{')));
    }
    return texts;
  }
  std::vector<wire::Publication> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  int batches() const {
    const std::lock_guard lock(mutex_);
    return batches_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<wire::Publication> all_;
  int batches_ = 0;
};

}  // namespace hongyan::message::testing
