// The sequencer's rule for commits whose outcome is unknown.
#include <limits>

#include "domain/message/rules.h"
#include "domain/message/sequencing/pushes.h"
#include "domain/message/sequencing/sequencer.h"
#include "infra/log/log.h"

namespace hongyan::message::sequencing {

void Sequencer::fail_store(Error reason, std::vector<Submission> also) {
  log::error("store_failed", {{"reason", reason.detail}});
  metrics_.unknown_outcomes.Increment();
  ready_ = false;
  recovering_ = true;
  remember_unproven();
  numbering_.clear();
  for (Submission& submission : also) answer(submission->done, fail(unavailable("the store failed")));
  refuse_waiting();
  reopener_.reopen(std::move(reason));
}

// What was in flight may be committed or not; where it may, everybody is told once that is known.
void Sequencer::remember_unproven() {
  if (!in_flight_) return;
  // What was published last of each conversation: all but what the batch has added to its head.
  std::unordered_map<ConversationId, Unproven> published;
  for (const auto& [conversation, head] : in_flight_->batch.heads) {
    published.emplace(conversation, Unproven{head.seq, head.change, {}});
  }
  for (const NewMessage& fresh : in_flight_->batch.messages) --published.at(fresh.message.conversation).message.value;
  for (const Change& change : in_flight_->batch.changes) --published.at(change.conversation).change.value;
  for (Pending& pending : in_flight_->commands) {
    const Effect& effect = pending.applied.effect;
    if (effect.kind == Effect::Kind::none) continue;
    const ConversationId conversation = effect.kind == Effect::Kind::message
                                            ? in_flight_->batch.messages[effect.index].message.conversation
                                            : in_flight_->batch.changes[effect.index].conversation;
    published.at(conversation).topics = std::move(pending.topics);
  }
  // Of a conversation that is unproven already the older state counts.
  unproven_.merge(published);
}

void Sequencer::refuse_waiting() {
  const auto refuse = [this](Done& done) { answer(done, fail(unavailable("the store is being re-opened"))); };
  // Before the commands go that they are named by.
  for (auto& [name, claim] : std::exchange(claims_, {})) {
    for (Waiter& waiter : claim.waiters) refuse(waiter.done);
  }
  if (in_flight_) {
    for (Pending& pending : in_flight_->commands) refuse(pending.submission->done);
    in_flight_.reset();
  }
  for (auto& [conversation, queue] : std::exchange(parked_, {})) {
    for (Submission& submission : queue) refuse(submission->done);
  }
  for (Submission& submission : std::exchange(pending_, {})) refuse(submission->done);
}

void Sequencer::on_reopened(Result<void> result) {
  if (!result) {
    log::error("store_given_up", {{"reason", result.error().detail}});
    return give_up_(result.error().detail);
  }
  if (auto published = publish_proven(); !published) return reopener_.reopen(std::move(published).error());
  recovering_ = false;
  ready_ = true;
  log::warn("store_reopened");
}

Result<void> Sequencer::publish_proven() {
  std::vector<wire::Publication> publications;
  for (const auto& [conversation, unproven] : unproven_) HY_TRY(publish_proven(conversation, unproven, publications));
  unproven_.clear();
  if (!publications.empty()) ports_.topics.publish(std::move(publications));
  return {};
}

// A failed batch is at most as large as reads without a limit, so one of each has it all.
Result<void> Sequencer::publish_proven(ConversationId conversation, const Unproven& unproven,
                                       std::vector<wire::Publication>& publications) {
  HY_TRY(const auto heads, ports_.store.heads(std::span(&conversation, 1)));
  const ReadRange range{.conversation = conversation,
                        .seqs = {Seq(unproven.message.value + 1), heads.front().seq},
                        .max_bytes = std::numeric_limits<std::size_t>::max()};
  HY_TRY(const auto page, ports_.store.read(range));
  for (const StoredMessage& message : page.messages) {
    append_pushes(message, unproven.change, unproven.topics, publications);
  }
  HY_TRY(const auto changes,
         ports_.store.changes({conversation, unproven.change, std::numeric_limits<std::size_t>::max()}));
  std::vector<Place> places;
  for (const Change& change : changes) places.push_back({conversation, change.seq});
  HY_TRY(const auto messages, ports_.store.find(places));
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (messages[i]) append_pushes(changes[i], to_proto(*messages[i]), unproven.topics, publications);
  }
  return {};
}

}  // namespace hongyan::message::sequencing
