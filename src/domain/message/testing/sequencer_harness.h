// A sequencer on a memory store, with everything around it under the test's control.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>

#include "domain/message/sequencing/sequencer.h"
#include "domain/message/testing/builders.h"
#include "domain/message/testing/fakes.h"
#include "domain/message/testing/memory_store.h"

namespace hongyan::message::testing {

inline constexpr async::Deadline kNever = async::Deadline::max();

// Owns the sequencer and its surroundings. One test thread drives it; submit() may be called from several.
class SequencerHarness {
 public:
  using Answer = std::future<Result<sequencing::Outcome>>;

  explicit SequencerHarness(sequencing::SequencerOptions options = quick()) {
    EXPECT_TRUE(ids.start());
    sequencer = std::make_unique<sequencing::Sequencer>(
        sequencing::SequencerPorts{store, guards, ids, clock, topics}, options, MessageMetrics(metrics),
        [this](std::string reason) { gave_up.set_value(std::move(reason)); });
  }
  ~SequencerHarness() {
    store.release();
    guards.release();
    sequencer->stop();
  }

  // No pauses between attempts to re-open.
  static sequencing::SequencerOptions quick() {
    sequencing::SequencerOptions options;
    options.recovery.first_pause = options.recovery.longest_pause = std::chrono::milliseconds(0);
    return options;
  }

  Answer submit(UserId sender, ConversationId conversation, std::string id, std::string words = "words",
                async::Deadline deadline = kNever) {
    sequencing::SendAction action;
    action.client_msg_id = std::move(id);
    action.content = text(std::move(words));
    action.hash = content_hash(conversation, action.content);
    return submit({conversation, sender, std::move(action), deadline});
  }

  Answer submit(sequencing::Command command) {
    auto promise = std::make_shared<std::promise<Result<sequencing::Outcome>>>();
    Answer answer = promise->get_future();
    sequencer->submit(std::move(command),
                      [promise](Result<sequencing::Outcome> result) { promise->set_value(std::move(result)); });
    return answer;
  }

  // Returns when all that was submitted before has been looked at.
  void settle() {
    // The first fence is reached together with what was submitted, the second after that was looked at.
    for (int fence = 0; fence < 2; ++fence) bump(UserId(999'999));
  }

  // Bumps the user and waits for the acknowledgement.
  void bump(UserId user) {
    std::promise<void> dropped;
    sequencer->drop_user(user, [&dropped] { dropped.set_value(); });
    dropped.get_future().wait();
  }

  // Returns when a failure has been recovered from.
  void await_ready() {
    while (!sequencer->ready()) std::this_thread::yield();
  }

  static bool answered(const Answer& answer) {
    return answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  MemoryStore store;
  FakeGuards guards;
  RecordingTopics topics;
  ManualClock clock;
  MemoryCeiling ceiling;
  IdGenerator ids{0, clock, ceiling};
  metrics::Metrics metrics;
  std::promise<std::string> gave_up;
  std::unique_ptr<sequencing::Sequencer> sequencer;
};

}  // namespace hongyan::message::testing
