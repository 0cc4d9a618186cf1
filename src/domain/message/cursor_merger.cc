#include "domain/message/cursor_merger.h"

#include <algorithm>

#include "hongyan/v1/frame.pb.h"
#include "infra/async/io_threads.h"

namespace hongyan::message {

CursorMerger::CursorMerger(MessageStore& messages, CursorStore& cursors, wire::Topics& topics, MessageMetrics metrics,
                           CursorMergerOptions options, std::function<void(Error)> on_failure)
    : messages_(messages),
      cursors_(cursors),
      topics_(topics),
      metrics_(metrics),
      options_(options),
      on_failure_(std::move(on_failure)),
      thread_([this] {
        async::name_this_thread("cursors");
        run();
      }) {}

CursorMerger::~CursorMerger() { stop(); }

void CursorMerger::mark(UserPlace place, Seq seq, std::vector<UserId> watchers, MarkDone done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && waiting_ < options_.waiting) {
      ++waiting_;
      Mark& mark = pending_[place];
      mark.seq = std::max(mark.seq, seq);
      mark.watchers = std::move(watchers);
      if (done) mark.done.push_back(std::move(done));
      changed_.notify_one();
      return;
    }
  }
  if (done) done(fail(Error::later(ErrorCode::unavailable, 1000, "too many read marks wait")));
}

void CursorMerger::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CursorMerger::run() {
  auto quiet_until = std::chrono::steady_clock::time_point::min();
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !pending_.empty(); });
    if (pending_.empty()) return;
    changed_.wait_until(lock, quiet_until, [this] { return stopping_; });
    Marks marks = std::exchange(pending_, {});
    waiting_ = 0;
    lock.unlock();
    write(std::move(marks));
    quiet_until = std::chrono::steady_clock::now() + options_.window;
    lock.lock();
  }
}

void CursorMerger::write(Marks marks) {
  std::vector<UserPlace> places;
  for (const auto& [place, mark] : marks) places.push_back(place);
  std::ranges::sort(places);
  std::vector<Seq> results;
  Result<std::vector<ReadMark>> changed = moved(places, marks, results);
  if (changed && !changed->empty()) {
    if (auto saved = cursors_.save_read_marks(*changed); saved) {
      metrics_.mark_commits.Increment();
      metrics_.marks.Increment(static_cast<double>(changed->size()));
    } else {
      on_failure_(saved.error());
      changed = std::unexpected(std::move(saved).error());
    }
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (MarkDone& done : marks.at(places[i]).done) {
      if (changed) {
        done(results[i]);
      } else {
        done(fail(Error::later(ErrorCode::unavailable, 1000, "read marks: " + changed.error().detail)));
      }
    }
  }
  if (changed) publish(*changed, marks);
}

// The marks that rise, and in `results` what each place has afterwards.
Result<std::vector<ReadMark>> CursorMerger::moved(const std::vector<UserPlace>& places, const Marks& marks,
                                                  std::vector<Seq>& results) {
  std::vector<ConversationId> conversations;
  for (const UserPlace& place : places) conversations.push_back(place.conversation);
  HY_TRY(const auto heads, messages_.heads(conversations));
  HY_TRY(results, cursors_.read_marks(places));
  std::vector<ReadMark> changed;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Seq wanted = std::min(marks.at(places[i]).seq, heads[i].seq);
    if (wanted <= results[i]) continue;
    results[i] = wanted;
    changed.push_back({places[i], wanted});
  }
  return changed;
}

void CursorMerger::publish(const std::vector<ReadMark>& moved, const Marks& marks) {
  std::vector<wire::Publication> publications;
  for (const ReadMark& mark : moved) {
    v1::ReadPush push;
    push.set_conversation_id(mark.place.conversation.value);
    push.set_user_id(mark.place.user.value);
    push.set_seq(mark.read.value);
    // Names no conversation: a mark that was missed makes no history stale.
    const wire::SharedPush shared = wire::make_push("read", std::move(push));
    for (const UserId watcher : marks.at(mark.place).watchers) {
      publications.push_back({wire::Topic::user(watcher), shared});
    }
  }
  if (!publications.empty()) topics_.publish(std::move(publications));
}

}  // namespace hongyan::message
