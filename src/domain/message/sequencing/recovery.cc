// The sequencer's rule for commits whose outcome is unknown.
#include <limits>

#include "domain/message/sequencing/pushes.h"
#include "domain/message/sequencing/sequencer.h"
#include "infra/log/log.h"

namespace hongyan::message::sequencing {

void Sequencer::fail_store(Error reason, std::vector<Submission> also) {
  log::error("store_failed", {{"reason", reason.detail}});
  metrics_.unknown_outcomes.Increment();
  ready_ = false;
  recovering_ = true;
  recover_after_commit_.reset();
  remember_unproven();
  numbering_.clear();
  for (Submission& submission : also) answer(submission.done, fail(unavailable("the store failed")));
  refuse_waiting();
  committer_.reopen(std::move(reason));
}

// What was in flight may be committed or not; where it may, everybody is told once that is known.
void Sequencer::remember_unproven() {
  if (!in_flight_) return;
  for (std::size_t i = 0; i < in_flight_->admitted.size(); ++i) {
    const StoredMessage& message = in_flight_->batch->messages[i].message;
    // The first message of each conversation comes first, so the one below it is the last that was published.
    unproven_.try_emplace(message.conversation, Unproven{Seq(message.seq.value - 1), in_flight_->admitted[i].topics});
  }
}

void Sequencer::refuse_waiting() {
  const auto refuse = [this](Done& done) { answer(done, fail(unavailable("the store is being re-opened"))); };
  if (in_flight_) {
    for (Admitted& one : in_flight_->admitted) refuse(one.submission.done);
    in_flight_.reset();
  }
  for (auto& [key, claim] : std::exchange(claims_, {})) {
    for (Waiter& waiter : claim.waiters) refuse(waiter.done);
  }
  for (auto& [conversation, queue] : std::exchange(parked_, {})) {
    for (Submission& submission : queue) refuse(submission.done);
  }
  for (Submission& submission : std::exchange(pending_, {})) refuse(submission.done);
}

void Sequencer::on_reopened(Result<void> result) {
  if (!result) {
    log::error("store_given_up", {{"reason", result.error().detail}});
    return give_up_(result.error().detail);
  }
  if (auto published = publish_proven(); !published) return committer_.reopen(std::move(published).error());
  recovering_ = false;
  ready_ = true;
  log::warn("store_reopened");
}

Result<void> Sequencer::publish_proven() {
  std::vector<wire::Publication> publications;
  for (const auto& [conversation, unproven] : unproven_) {
    HY_TRY(const auto heads, ports_.store.heads(std::span(&conversation, 1)));
    // A failed batch is at most as large as a page without a limit, so one read has it all.
    const ReadRange range{.conversation = conversation,
                          .seqs = {Seq(unproven.published.value + 1), heads.front().seq},
                          .max_bytes = std::numeric_limits<std::size_t>::max()};
    HY_TRY(const auto page, ports_.store.read(range));
    for (const StoredMessage& message : page.messages) {
      append_pushes(message, heads.front().change, unproven.topics, publications);
    }
  }
  unproven_.clear();
  if (!publications.empty()) ports_.topics.publish(std::move(publications));
  return {};
}

}  // namespace hongyan::message::sequencing
