#include "domain/message/sequencing/sequencer.h"

#include <algorithm>
#include <iterator>

#include "domain/message/sequencing/pushes.h"
#include "infra/async/io_threads.h"
#include "infra/log/log.h"

namespace hongyan::message::sequencing {
namespace {

Result<Outcome> outcome_of(const KeyEntry& entry, const ContentHash& hash) {
  if (entry.hash != hash) return fail(ErrorCode::conflict, "client_msg_id was used for another message");
  return Outcome{entry.ack, {}};
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
      committer_(ports.store, options.recovery,
                 {.committed =
                      [this](Result<void> result) {
                        (void)post([this, result = std::move(result)]() mutable { on_committed(std::move(result)); });
                      },
                  .reopened =
                      [this](Result<void> result) {
                        (void)post([this, result = std::move(result)]() mutable { on_reopened(std::move(result)); });
                      }}),
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
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      submitted_.push_back({std::move(command), std::move(done)});
      arrived_.notify_one();
      return;
    }
  }
  answer(done, fail(unavailable("shutting down")));
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
    if (recovering_) return;
    if (in_flight_) {
      recover_after_commit_ = std::move(seen);
    } else {
      fail_store(std::move(seen), {});
    }
  });
}

void Sequencer::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
  committer_.stop();
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
      while (!in_flight_ && !recovering_ && !pending_.empty()) form_batch();
    }
  }
}

void Sequencer::form_batch() {
  std::vector<Submission> taken = take();
  std::vector<MessageKey> keys;
  keys.reserve(taken.size());
  for (const Submission& submission : taken)
    keys.push_back({submission.command.sender, submission.command.client_msg_id});
  auto stored = ports_.store.find_keys(keys);
  if (!stored) return fail_store(std::move(stored).error(), std::move(taken));
  std::vector<Admitted> admitted;
  for (std::size_t i = 0; i < taken.size(); ++i) admit(std::move(taken[i]), (*stored)[i], admitted);
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
    if (submission.command.deadline < now) {
      answer(submission.done, fail(ErrorCode::timeout, "waited too long for the sequencer"));
      continue;
    }
    bytes += submission.command.content.ByteSizeLong();
    taken.push_back(std::move(submission));
  }
  return taken;
}

void Sequencer::admit(Submission submission, const std::optional<KeyEntry>& stored, std::vector<Admitted>& admitted) {
  if (answered_as_repeat(submission, stored)) return;
  const UserPlace place = submission.place();
  const conversation::SendGuard* guard = guards_.find(place);
  // Nobody overtakes: what is behind a parked command of its conversation parks as well.
  if (guard == nullptr || parked_.contains(place.conversation)) return park(std::move(submission));
  if (guard->refusal) return answer(submission.done, fail(*guard->refusal));
  claims_.emplace(MessageKey{place.user, submission.command.client_msg_id}, Claim{submission.command.hash, {}});
  admitted.push_back({std::move(submission), guard->recipients, topics_of(*guard, place.conversation)});
}

// Answers a repeat of something durable, and lets a repeat of something in flight wait for it.
bool Sequencer::answered_as_repeat(Submission& submission, const std::optional<KeyEntry>& stored) {
  const Command& command = submission.command;
  if (const auto claim = claims_.find({command.sender, command.client_msg_id}); claim != claims_.end()) {
    claim->second.waiters.push_back({command.hash, std::move(submission.done)});
    return true;
  }
  if (!stored) return false;
  metrics_.repeats.Increment();
  answer(submission.done, outcome_of(*stored, command.hash));
  return true;
}

void Sequencer::park(Submission submission) {
  const UserPlace place = submission.place();
  std::deque<Submission>& queue = parked_[place.conversation];
  if (queue.size() >= options_.parked) {
    return answer(submission.done, fail(unavailable("too many wait for a permission")));
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
      if (one.command.sender != place.user) return false;
      answer(one.done, fail(unavailable("permission: " + reason)));
      return true;
    });
  }
  unpark(place.conversation);
}

// Lets a conversation go on once its first command no longer waits for a load.
void Sequencer::unpark(ConversationId conversation) {
  const auto parked = parked_.find(conversation);
  std::deque<Submission> queue = std::move(parked->second);
  if (!queue.empty() && guards_.loading(queue.front().place())) {
    parked->second = std::move(queue);
    return;
  }
  parked_.erase(parked);
  // In front of everything not looked at yet, because it came before.
  pending_.insert(pending_.begin(), std::move_iterator(queue.begin()), std::move_iterator(queue.end()));
}

void Sequencer::start_commit(std::vector<Admitted> admitted) {
  std::vector<UserPlace> places;
  for (const Admitted& one : admitted) places.push_back(one.submission.place());
  if (auto loaded = numbering_.load(places); !loaded) {
    std::vector<Submission> taken;
    for (Admitted& one : admitted) taken.push_back(std::move(one.submission));
    return fail_store(std::move(loaded).error(), std::move(taken));
  }
  auto batch = std::make_shared<CommitBatch>();
  InFlight flight;
  std::vector<ConversationId> touched;
  for (Admitted& one : admitted) {
    auto message = number(one);
    if (!message) continue;
    touched.push_back(message->message.conversation);
    batch->messages.push_back(std::move(*message));
    flight.admitted.push_back(std::move(one));
  }
  if (batch->messages.empty()) return;
  std::ranges::sort(touched);
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const ConversationId conversation : touched)
    batch->heads.emplace_back(conversation, numbering_.head(conversation));
  metrics_.batch.Observe(static_cast<double>(batch->messages.size()));
  flight.batch = batch;
  in_flight_ = std::move(flight);
  committer_.commit(std::move(batch));
  // The disk is busy now, this thread is not: what is to be published is made ready meanwhile.
  encode_pushes(*in_flight_);
}

// The message with its numbers; nothing, and answered, when no id can be had.
std::optional<NewMessage> Sequencer::number(Admitted& admitted) {
  Command& command = admitted.submission.command;
  const auto id = ports_.ids.next();
  if (!id) {
    answer_claim({command.sender, command.client_msg_id}, fail(unavailable(id.error().detail)));
    answer(admitted.submission.done, fail(unavailable(id.error().detail)));
    return std::nullopt;
  }
  const auto numbers = numbering_.next(admitted.submission.place(), ports_.clock.now());
  NewMessage fresh;
  fresh.message = {MessageId(*id),
                   command.conversation,
                   numbers.seq,
                   numbers.ordinal,
                   numbers.own_ordinal,
                   command.sender,
                   command.client_msg_id,
                   numbers.time,
                   std::move(command.content),
                   ChangeNo(0)};
  fresh.hash = command.hash;
  return fresh;
}

void Sequencer::encode_pushes(InFlight& flight) {
  for (std::size_t i = 0; i < flight.admitted.size(); ++i) {
    const StoredMessage& message = flight.batch->messages[i].message;
    append_pushes(message, numbering_.head(message.conversation).change, flight.admitted[i].topics,
                  flight.publications);
  }
}

void Sequencer::on_committed(Result<void> result) {
  if (!result) return fail_store(std::move(result).error(), {});
  InFlight flight = std::move(*in_flight_);
  in_flight_.reset();
  metrics_.accepted.Increment(static_cast<double>(flight.admitted.size()));
  for (std::size_t i = 0; i < flight.admitted.size(); ++i) {
    const StoredMessage& message = flight.batch->messages[i].message;
    Admitted& one = flight.admitted[i];
    const SendAck ack{message.id, message.seq, message.time};
    answer(one.submission.done, Outcome{ack, std::move(one.recipients)});
    answer_claim({message.sender, message.client_msg_id}, Outcome{ack, {}});
  }
  ports_.topics.publish(std::move(flight.publications));
  if (recover_after_commit_) fail_store(*std::exchange(recover_after_commit_, std::nullopt), {});
}

// Releases the claim and tells those who repeated it.
void Sequencer::answer_claim(const MessageKey& key, const Result<Outcome>& result) {
  const auto node = claims_.extract(key);
  if (node.empty()) return;
  for (Waiter& waiter : node.mapped().waiters) {
    if (result && waiter.hash != node.mapped().hash) {
      answer(waiter.done, fail(ErrorCode::conflict, "client_msg_id was used for another message"));
    } else {
      if (result) metrics_.repeats.Increment();
      answer(waiter.done, result);
    }
  }
}

}  // namespace hongyan::message::sequencing
