#include "domain/message/cursors/cursor_merger.h"

#include <algorithm>
#include <set>

#include "hongyan/v1/frame.pb.h"
#include "infra/async/io_threads.h"

namespace hongyan::message {
namespace {

// Of a long read only the newest messages' senders are told, and only so many reads wait for it: pushes are hints.
constexpr std::int64_t kMaxAnnounced = 100;
constexpr std::size_t kMaxUnannounced = 10'000;
// After a failed write.
constexpr std::chrono::milliseconds kAgain{200};

Error unavailable(const std::string& detail) { return Error::later(ErrorCode::unavailable, 1000, detail); }

template <class Push>
wire::SharedPush push_of(std::string_view type, const UserPlace& place, Seq seq) {
  Push push;
  push.set_conversation_id(place.conversation.value);
  push.set_user_id(place.user.value);
  push.set_seq(seq.value);
  // Names no conversation: a mark that was missed makes no history stale.
  return wire::make_push(type, std::move(push));
}

}  // namespace

CursorMerger::CursorMerger(const CursorMergerPorts& ports, MessageMetrics metrics, CursorMergerOptions options,
                           std::function<void(Error)> on_failure)
    : ports_(ports), metrics_(metrics), options_(options), on_failure_(std::move(on_failure)), thread_([this] {
        async::name_this_thread("cursors");
        run();
      }) {}

CursorMerger::~CursorMerger() { stop(); }

void CursorMerger::mark(MarkRequest request, MarkDone done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && waiting_ < options_.waiting) {
      ++waiting_;
      Mark& mark = pending_[request.place];
      Seq& seq = request.kind == MarkKind::read ? mark.read : mark.delivered;
      seq = std::max(seq, request.seq);
      mark.audience = request.audience;
      if (done) mark.waiters.push_back({request.kind, std::move(done)});
      changed_.notify_one();
      return;
    }
  }
  if (done) done(fail(unavailable("too many marks wait")));
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
  std::unique_lock lock(mutex_);
  while (await_work(lock)) {
    Marks marks;
    if (stopping_ || std::chrono::steady_clock::now() >= quiet_until_) marks = std::exchange(pending_, {});
    if (!marks.empty()) waiting_ = 0;
    lock.unlock();
    bool written = true;
    if (!marks.empty()) {
      written = write(marks);
      quiet_until_ = std::chrono::steady_clock::now() + (written ? options_.window : std::max(options_.window, kAgain));
    }
    if (std::chrono::steady_clock::now() >= announce_at_) announce();
    lock.lock();
    if (!written && !stopping_) keep(marks);
  }
}

// False when there is nothing left to do and nothing will come.
bool CursorMerger::await_work(std::unique_lock<std::mutex>& lock) {
  while (true) {
    const auto now = std::chrono::steady_clock::now();
    if (!pending_.empty() && (stopping_ || now >= quiet_until_)) return true;
    if (stopping_) return false;
    if (!unannounced_.empty() && now >= announce_at_) return true;
    auto wake = Time::max();
    if (!pending_.empty()) wake = quiet_until_;
    if (!unannounced_.empty()) wake = std::min(wake, announce_at_);
    if (wake == Time::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, wake);
    }
  }
}

// False when nobody knows what of it is on the disk, if anything; then it was answered with an error.
bool CursorMerger::write(Marks& marks) {
  auto batch = load(marks);
  if (!batch) {
    answer(marks, batch.error());
    return false;
  }
  apply(marks, *batch);
  const auto moved = changed(*batch);
  if (!moved.empty()) {
    if (auto saved = ports_.cursors.save_cursors(moved); !saved) {
      on_failure_(saved.error());
      for (const PlacedCursor& one : moved) {
        if (unsure_.size() < options_.waiting) unsure_.insert(one.place);
      }
      answer(marks, saved.error());
      return false;
    }
    metrics_.mark_commits.Increment();
    metrics_.marks.Increment(static_cast<double>(moved.size()));
  }
  answer(marks, *batch);
  publish(marks, *batch);
  return true;
}

// Back among those that wait, the caller holding the lock; nobody waits for their answer any more.
void CursorMerger::keep(Marks& marks) {
  for (auto& [place, mark] : marks) {
    if (waiting_ >= options_.waiting) return;
    ++waiting_;
    const auto [found, fresh] = pending_.try_emplace(place);
    Mark& pending = found->second;
    if (fresh) pending.audience = mark.audience;
    pending.read = std::max(pending.read, mark.read);
    pending.delivered = std::max(pending.delivered, mark.delivered);
  }
}

// Everything the batch may touch: the marked cursors, those of the peers, the heads and the numbers; and who tells what.
Result<CursorMerger::Batch> CursorMerger::load(const Marks& marks) {
  std::vector<UserPlace> marked;
  std::set<UserPlace> concerned;
  std::set<UserId> people;
  for (const auto& [place, mark] : marks) {
    marked.push_back(place);
    concerned.insert(place);
    if (mark.audience.peer) concerned.insert({*mark.audience.peer, place.conversation});
  }
  for (const UserPlace& place : concerned) people.insert(place.user);
  const std::vector<UserPlace> places(concerned.begin(), concerned.end());
  const std::vector<UserId> users(people.begin(), people.end());
  HY_TRY(const auto cursors, ports_.cursors.cursors(places));
  HY_TRY(const auto numbers, ports_.cursors.cursor_numbers(users));
  Batch batch;
  HY_TRY(batch.ends, ends_of(marked));
  HY_TRY(batch.hiders, Hiders::among(ports_.privacy, users));
  for (std::size_t i = 0; i < places.size(); ++i) batch.before[places[i]] = cursors[i];
  for (std::size_t i = 0; i < users.size(); ++i) batch.numbers[users[i]] = numbers[i];
  batch.after = batch.before;
  return batch;
}

Result<std::map<UserPlace, Seq>> CursorMerger::ends_of(std::span<const UserPlace> places) {
  std::vector<ConversationId> conversations;
  for (const UserPlace& place : places) conversations.push_back(place.conversation);
  HY_TRY(const auto heads, ports_.messages.heads(conversations));
  HY_TRY(const auto bounds, ports_.messages.bounds(places));
  std::map<UserPlace, Seq> ends;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool former = bounds[i] && bounds[i]->left > Seq(0);
    ends[places[i]] = former ? std::min(heads[i].seq, bounds[i]->left) : heads[i].seq;
  }
  return ends;
}

void CursorMerger::apply(const Marks& marks, Batch& batch) {
  const auto touch = [&batch](const UserPlace& place) {
    batch.after[place].number = CursorNo(++batch.numbers[place.user].value);
  };
  for (const auto& [place, mark] : marks) {
    const Seq end = batch.ends.at(place);
    Cursor& cursor = batch.after[place];
    const Cursor before = cursor;
    cursor.read = std::max(cursor.read, std::min(mark.read, end));
    cursor.delivered = std::max({cursor.delivered, cursor.read, std::min(mark.delivered, end)});
    if (cursor == before) continue;
    touch(place);
    const auto peer = mark.audience.peer;
    const bool peer_sees = cursor.delivered > before.delivered || (peer && batch.hiders.share(place.user, *peer));
    if (peer && peer_sees) touch({*peer, place.conversation});
  }
}

std::vector<PlacedCursor> CursorMerger::changed(const Batch& batch) {
  std::vector<PlacedCursor> moved;
  for (const auto& [place, cursor] : batch.after) {
    if (cursor != batch.before.at(place)) moved.push_back({place, cursor});
  }
  return moved;
}

void CursorMerger::answer(Marks& marks, const Batch& batch) {
  for (auto& [place, mark] : marks) {
    const Cursor& cursor = batch.after.at(place);
    for (Waiter& waiter : mark.waiters) {
      waiter.done(waiter.kind == MarkKind::read ? cursor.read : cursor.delivered);
    }
  }
}

void CursorMerger::answer(Marks& marks, const Error& error) {
  for (auto& [place, mark] : marks) {
    for (Waiter& waiter : mark.waiters) waiter.done(fail(unavailable("marks: " + error.detail)));
  }
}

void CursorMerger::publish(const Marks& marks, const Batch& batch) {
  std::vector<wire::Publication> publications;
  for (const auto& [place, mark] : marks) {
    // Where it is not known whether the write before this one happened, nobody has heard of it yet.
    const Cursor told = unsure_.erase(place) > 0 ? Cursor() : batch.before.at(place);
    const Cursor& after = batch.after.at(place);
    const auto peer = mark.audience.peer;
    const bool read = after.read > told.read;
    const bool peer_learns = read && peer && batch.hiders.share(place.user, *peer);
    if (read) {
      const auto push = push_of<v1::ReadPush>("read", place, after.read);
      publications.push_back({wire::Topic::user(place.user), push});
      if (peer_learns) publications.push_back({wire::Topic::user(*peer), push});
      if (mark.audience.senders) note_unannounced(place, {Seq(told.read.value + 1), after.read});
    }
    if (peer && !peer_learns && after.delivered > told.delivered) {
      publications.push_back(
          {wire::Topic::user(*peer), push_of<v1::DeliveredPush>("delivered", place, after.delivered)});
    }
  }
  if (!publications.empty()) ports_.topics.publish(std::move(publications));
}

void CursorMerger::note_unannounced(const UserPlace& place, SeqRange read) {
  if (unannounced_.size() >= kMaxUnannounced) return;
  if (unannounced_.empty()) announce_at_ = std::chrono::steady_clock::now() + options_.announce_every;
  unannounced_.try_emplace(place, read).first->second.to = read.to;
}

// Tells those whose messages were read since the last time. What fails is not told: pushes are hints.
void CursorMerger::announce() {
  const Unannounced reads = std::exchange(unannounced_, {});
  std::set<UserId> people;
  std::map<UserPlace, std::set<UserId>> senders;
  for (const auto& [place, range] : reads) {
    senders[place] = senders_of(place, range);
    people.insert(place.user);
    people.insert(senders[place].begin(), senders[place].end());
  }
  const auto hiders = Hiders::among(ports_.privacy, std::vector(people.begin(), people.end()));
  if (!hiders) return;
  std::vector<wire::Publication> publications;
  for (const auto& [place, range] : reads) {
    const auto push = push_of<v1::ReadPush>("read", place, range.to);
    for (const UserId sender : senders[place]) {
      if (hiders->share(place.user, sender)) publications.push_back({wire::Topic::user(sender), push});
    }
  }
  if (!publications.empty()) ports_.topics.publish(std::move(publications));
}

// Others who sent the newest messages of what was read, and are still there.
std::set<UserId> CursorMerger::senders_of(const UserPlace& place, const SeqRange& read) {
  const Seq from(std::max(read.from.value, read.to.value - kMaxAnnounced + 1));
  std::set<UserId> senders;
  const auto page = ports_.messages.read({.conversation = place.conversation, .seqs = {from, read.to}});
  if (!page) return senders;
  for (const StoredMessage& message : page->messages) {
    if (message.counts() && message.sender != place.user) senders.insert(message.sender);
  }
  std::vector<UserPlace> places;
  for (const UserId sender : senders) places.push_back({sender, place.conversation});
  const auto ends = ends_of(places);
  std::erase_if(senders, [&](UserId sender) { return !ends || ends->at({sender, place.conversation}) < read.to; });
  return senders;
}

}  // namespace hongyan::message
