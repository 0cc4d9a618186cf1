#include "domain/message/sequencing/sequencer.h"

#include <algorithm>
#include <iterator>

#include "domain/message/sequencing/pushes.h"
#include "infra/async/io_threads.h"
#include "infra/async/loop.h"
#include "infra/log/log.h"

namespace hongyan::message::sequencing {
namespace {

Result<Outcome> outcome_of(const KeyEntry& entry, const ContentHash& hash) {
  if (entry.hash != hash) return fail(ErrorCode::conflict, "client_msg_id was used for another message");
  return Outcome{.ack = entry.ack, .recipients = {}, .changed = {}};
}

}  // namespace

Sequencer::Sequencer(const SequencerPorts& ports, const SequencerOptions& options, MessageMetrics metrics,
                     std::function<void(std::string)> give_up)
    : ports_(ports),
      options_(options),
      metrics_(metrics),
      give_up_(std::move(give_up)),
      // Room for every command that may wait: with less, permissions loaded at the same time could push each other out
      // before any of them was used.
      guards_(ports.guards, std::max(options.guards, options.queue),
              [this](UserPlace place, Result<conversation::SendGuard> guard) {
                (void)post([this, place, guard = std::move(guard)]() mutable { on_guard(place, std::move(guard)); });
              }),
      numbering_(ports.store, options.heads),
      reopener_(ports.store, options.recovery,
                [this](Result<void> result) {
                  (void)post([this, result = std::move(result)]() mutable { on_reopened(std::move(result)); });
                }),
      thread_([this] {
        async::name_this_thread("sequencer");
        run();
      }) {}

Sequencer::~Sequencer() { stop(); }

void Sequencer::submit(Command command, Done done) {
  const std::size_t before = unanswered_.fetch_add(1);
  metrics_.waiting.Set(static_cast<double>(before + 1));
  if (before >= options_.queue) {
    return answer(done, fail(unavailable("the sequencer's queue is full")));
  }
  auto key = key_of(command);
  const std::size_t hash = key ? std::hash<MessageKey>{}(*key) : 0;
  auto submission = std::make_unique<Submitted>(std::move(command), std::move(done), std::move(key), hash);
  std::unique_lock lock(mutex_);
  if (stopping_) {
    lock.unlock();
    return answer(submission->done, fail(unavailable("shutting down")));
  }
  submitted_.push_back(std::move(submission));
  // The others are seen with it.
  const bool first = submitted_.size() == 1;
  lock.unlock();
  if (first) arrived_.notify_one();
}

// False, and the event is gone, once the thread has ended.
bool Sequencer::post(std::move_only_function<void()> event) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  events_.push_back(std::move(event));
  arrived_.notify_one();
  return true;
}

void Sequencer::answer(Done& done, Result<Outcome> result) {
  if (!result && (result.error().code == ErrorCode::unavailable || result.error().code == ErrorCode::timeout)) {
    metrics_.turned_away.Increment();
  } else if (!result) {
    metrics_.refused.Increment();
  }
  metrics_.waiting.Set(static_cast<double>(unanswered_.fetch_sub(1) - 1));
  done(std::move(result));
}

void Sequencer::drop_user(UserId user, std::move_only_function<void()> done) {
  // Shared, because `done` must run also when the thread has ended and nothing is held any more.
  const auto shared = std::make_shared<std::move_only_function<void()>>(std::move(done));
  const bool posted = post([this, user, shared] {
    guards_.drop_user(user);
    (*shared)();
  });
  if (!posted) (*shared)();
}

void Sequencer::drop_conversation(ConversationId conversation, std::move_only_function<void()> done) {
  const auto shared = std::make_shared<std::move_only_function<void()>>(std::move(done));
  const bool posted = post([this, conversation, shared] {
    guards_.drop_conversation(conversation);
    (*shared)();
  });
  if (!posted) (*shared)();
}

void Sequencer::recover(Error seen) {
  (void)post([this, seen = std::move(seen)]() mutable {
    if (!recovering_) fail_store(std::move(seen), {});
  });
}

void Sequencer::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
  reopener_.stop();
}

void Sequencer::run() {
  std::vector<Submission> arrived;
  std::vector<std::move_only_function<void()>> events;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(
          lock, [this] { return !submitted_.empty() || !events_.empty() || (stopping_ && (idle() || recovering_)); });
      closed_ = submitted_.empty() && events_.empty() && stopping_ && (idle() || recovering_);
      if (closed_) return;
      arrived.swap(submitted_);
      events.swap(events_);
    }
    for (auto& event : events) event();
    std::ranges::move(arrived, std::back_inserter(pending_));
    arrived.clear();
    events.clear();
    if (recovering_) {
      refuse_waiting();
    } else {
      while (!recovering_ && !pending_.empty()) form_batch();
    }
  }
}

void Sequencer::form_batch() {
  std::vector<Submission> taken = take();
  std::vector<MessageKey> keys;
  keys.reserve(taken.size());
  for (const Submission& submission : taken) {
    if (submission->key) keys.push_back(*submission->key);
  }
  auto stored = ports_.store.find_keys(keys);
  if (!stored) return fail_store(std::move(stored).error(), std::move(taken));
  std::vector<Admitted> admitted;
  admitted.reserve(taken.size());
  auto entry = stored->begin();
  for (Submission& submission : taken) {
    const bool has_key = submission->key.has_value();
    admit(std::move(submission), has_key ? *entry++ : std::nullopt, admitted);
  }
  if (!admitted.empty()) start_commit(std::move(admitted));
}

// The commands of the next batch that are still wanted.
std::vector<Sequencer::Submission> Sequencer::take() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<Submission> taken;
  std::size_t bytes = 0;
  while (!pending_.empty() && taken.size() < options_.batch_commands && bytes < options_.batch_bytes) {
    Submission submission = std::move(pending_.front());
    pending_.pop_front();
    if (submission->command.deadline < now) {
      answer(submission->done, fail(ErrorCode::timeout, "waited too long for the sequencer"));
      continue;
    }
    bytes += bytes_of(submission->command);
    taken.push_back(std::move(submission));
  }
  return taken;
}

void Sequencer::admit(Submission submission, const std::optional<KeyEntry>& stored, std::vector<Admitted>& admitted) {
  if (submission->key && answered_as_repeat(*submission, stored)) return;
  const UserPlace place = submission->place();
  Admitted one{.submission = {}, .actor = {.user = place.user}, .recipients = {}, .topics = {}};
  if (const auto* line = std::get_if<SystemLineAction>(&submission->command.action)) {
    one.topics = topics_of_line(*line, place.conversation);
  } else {
    const conversation::SendGuard* guard = guards_.find(place, ports_.clock.now());
    // Nobody overtakes: what is behind a parked command of its conversation parks as well.
    const bool queued = !parked_.empty() && parked_.contains(place.conversation);
    if (guard == nullptr || queued) return park(std::move(submission));
    const bool writes = adds_content(submission->command);
    if (guard->refusal && (writes || stops_changes(*guard->refusal))) {
      return answer(submission->done, fail(*guard->refusal));
    }
    one.actor.type = guard->type;
    one.actor.role = guard->role;
    one.recipients = guard->recipients;
    one.topics = topics_of(*guard, place.conversation);
  }
  if (submission->key) claims_.emplace(Name(*submission), Claim{hash_of(submission->command), {}});
  one.submission = std::move(submission);
  admitted.push_back(std::move(one));
}

// Answers a repeat of something durable, and lets a repeat of something in flight wait for it.
bool Sequencer::answered_as_repeat(Submitted& submission, const std::optional<KeyEntry>& stored) {
  const ContentHash hash = hash_of(submission.command);
  if (const auto claim = claims_.find(Name(submission)); claim != claims_.end()) {
    claim->second.waiters.push_back({hash, std::move(submission.done)});
    return true;
  }
  if (!stored) return false;
  metrics_.repeats.Increment();
  answer(submission.done, outcome_of(*stored, hash));
  return true;
}

void Sequencer::park(Submission submission) {
  const UserPlace place = submission->place();
  std::deque<Submission>& queue = parked_[place.conversation];
  if (queue.size() >= options_.parked) {
    return answer(submission->done, fail(unavailable("too many wait for a permission")));
  }
  queue.push_back(std::move(submission));
  // Those further back are loaded at the same time, so that they do not wait one after the other.
  if (guards_.find(place) == nullptr && !guards_.loading(place)) {
    metrics_.guard_loads.Increment();
    guards_.load(place);
  }
}

void Sequencer::on_guard(const UserPlace& place, Result<conversation::SendGuard> guard) {
  const std::string reason = guard ? "" : guard.error().detail;
  const Guards::Loaded end = guards_.loaded(place, std::move(guard));
  if (end == Guards::Loaded::repeated) return;
  const auto parked = parked_.find(place.conversation);
  if (parked == parked_.end()) return;
  if (end == Guards::Loaded::failed) {
    std::erase_if(parked->second, [&](Submission& one) {
      if (one->command.actor != place.user) return false;
      answer(one->done, fail(unavailable("permission: " + reason)));
      return true;
    });
  }
  unpark(place.conversation);
}

// Lets a conversation go on once its first command no longer waits for a load.
void Sequencer::unpark(ConversationId conversation) {
  const auto parked = parked_.find(conversation);
  std::deque<Submission> queue = std::move(parked->second);
  if (!queue.empty() && guards_.loading(queue.front()->place())) {
    parked->second = std::move(queue);
    return;
  }
  parked_.erase(parked);
  // In front of everything not looked at yet, because it came before.
  pending_.insert(pending_.begin(), std::move_iterator(queue.begin()), std::move_iterator(queue.end()));
}

void Sequencer::start_commit(std::vector<Admitted> admitted) {
  std::vector<UserPlace> places;
  std::vector<const Command*> commands;
  for (const Admitted& one : admitted) {
    places.push_back(one.submission->place());
    commands.push_back(&one.submission->command);
  }
  Draft draft({ports_.store, numbering_, ports_.ids}, options_.windows, ports_.clock.now());
  auto loaded = numbering_.load(places);
  if (loaded) loaded = draft.load(commands);
  if (!loaded) {
    std::vector<Submission> taken;
    for (Admitted& one : admitted) taken.push_back(std::move(one.submission));
    return fail_store(std::move(loaded).error(), std::move(taken));
  }
  InFlight flight;
  flight.commands.reserve(admitted.size());
  for (Admitted& one : admitted) flight.commands.push_back(apply(draft, std::move(one)));
  if (draft.empty()) {
    for (Pending& pending : flight.commands) answer(pending);
    return;
  }
  flight.batch = draft.finish(numbering_.next_commit());
  metrics_.batch.Observe(static_cast<double>(flight.batch.messages.size() + flight.batch.changes.size()));
  in_flight_ = std::move(flight);
  // What comes meanwhile gathers for the next batch.
  if (auto committed = ports_.store.commit(in_flight_->batch); !committed) {
    return fail_store(std::move(committed).error(), {});
  }
  reopener_.succeeded();
  publish(*std::exchange(in_flight_, std::nullopt));
}

Sequencer::Pending Sequencer::apply(Draft& draft, Admitted admitted) {
  Applied applied = draft.apply(std::move(admitted.submission->command), admitted.actor);
  if (applied.outcome) applied.outcome->recipients = std::move(admitted.recipients);
  return {std::move(admitted.submission), std::move(applied), std::move(admitted.topics)};
}

// Answers, then pushes; an io thread is woken once for all that concerns its sockets, and writes to each of them once.
void Sequencer::publish(InFlight flight) {
  const async::Loop::Gathering gathering;
  metrics_.accepted.Increment(static_cast<double>(flight.batch.messages.size()));
  metrics_.changes.Increment(static_cast<double>(flight.batch.changes.size()));
  std::vector<wire::Publication> publications;
  publications.reserve(2 * flight.commands.size());
  for (Pending& pending : flight.commands) {
    const Effect& effect = pending.applied.effect;
    if (effect.kind == Effect::Kind::message) {
      append_pushes(std::move(flight.batch.messages[effect.index].message), effect.head_change, pending.topics,
                    publications);
    } else if (effect.kind == Effect::Kind::change) {
      append_pushes(flight.batch.changes[effect.index], pending.applied.outcome->changed->message, pending.topics,
                    publications);
    }
    answer(pending);
  }
  ports_.topics.publish(std::move(publications));
}

// Tells the one who asked and those who repeated it.
void Sequencer::answer(Pending& pending) {
  Result<Outcome>& outcome = pending.applied.outcome;
  if (pending.submission->key) answer_claim(*pending.submission, outcome);
  answer(pending.submission->done, std::move(outcome));
}

// Releases the claim and tells those who repeated it.
void Sequencer::answer_claim(const Submitted& submission, const Result<Outcome>& result) {
  const auto held = claims_.find(Name(submission));
  if (held == claims_.end()) return;
  Claim claim = std::move(held->second);
  claims_.erase(held);
  for (Waiter& waiter : claim.waiters) {
    if (result && waiter.hash != claim.hash) {
      answer(waiter.done, fail(ErrorCode::conflict, "client_msg_id was used for another message"));
    } else if (result) {
      metrics_.repeats.Increment();
      answer(waiter.done, Outcome{.ack = result->ack, .recipients = {}, .changed = {}});
    } else {
      answer(waiter.done, std::unexpected(result.error()));
    }
  }
}

}  // namespace hongyan::message::sequencing
