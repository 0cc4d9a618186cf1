// The one writer of conversations: takes commands, gives them their order, makes them durable, answers and publishes.
#pragma once

#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/id_generator.h"
#include "domain/message/metrics.h"
#include "domain/message/sequencing/command.h"
#include "domain/message/sequencing/draft.h"
#include "domain/message/sequencing/guards.h"
#include "domain/message/sequencing/numbering.h"
#include "domain/message/sequencing/pushes.h"
#include "domain/message/sequencing/reopener.h"
#include "wire/permission_hub.h"
#include "wire/topics.h"

namespace hongyan::message::sequencing {

struct SequencerOptions {
  // Commands that may be unanswered at a time; beyond it they are answered `unavailable`.
  std::size_t queue = 65'536;
  // Largest batch of one commit.
  std::size_t batch_commands = 1000;
  std::size_t batch_bytes = 1 << 20;
  // Commands of one conversation that may wait for a permission.
  std::size_t parked = 1000;
  // Entries kept in memory. As many guards as commands in the queue have room in any case.
  std::size_t guards = 100'000;
  std::size_t heads = 100'000;
  Windows windows;
  RecoveryOptions recovery;
};

// What the sequencer works with; all must outlive it.
struct SequencerPorts {
  MessageStore& store;
  GuardSource& guards;
  IdGenerator& ids;
  const Clock& clock;
  wire::Topics& topics;
};

// Owns the thread `sequencer`, on which all its state lives and which commits: while it does, the next batch gathers. Each
// batch: repeats are answered or wait for the commit they repeat; permissions are checked, and commands whose permission is
// not known yet are parked with everything behind them in their conversation, but for system lines, which need none; the
// rest is applied one by one, gets numbers and is committed; then come the answers, then the pushes.
//
// When a commit fails nobody knows what is on the disk: everything waiting is answered `unavailable`, what is held in
// memory is dropped, the store is re-opened, and what proves to be committed is published. Owned by the message module.
class Sequencer final : public CommandSink, public wire::PermissionListener {
 public:
  // `give_up` is called once, from the sequencer's thread, when the store cannot be brought back.
  Sequencer(const SequencerPorts& ports, const SequencerOptions& options, MessageMetrics metrics,
            std::function<void(std::string reason)> give_up);
  // Stops.
  ~Sequencer() override;

  void submit(Command command, Done done) override;

  void drop_user(UserId user, std::move_only_function<void()> done) override;
  void drop_conversation(ConversationId conversation, std::move_only_function<void()> done) override;

  // Somebody else saw the store fail: treat it like a failed commit, after the one under way. Thread-safe; does nothing while
  // it is being re-opened.
  void recover(Error seen);

  bool ready() const override { return ready_; }

  // Refuses new commands, finishes those it has, joins. A repeat does nothing.
  void stop() noexcept;

 private:
  // Never moved: thousands may wait, and each is large.
  struct Submitted {
    Command command;
    Done done;
    // The name under which a repeat is recognised.
    std::optional<MessageKey> key;
    // Of the key; made where the command came from, because the sequencer looks it up several times.
    std::size_t key_hash = 0;
    UserPlace place() const { return {command.actor, command.conversation}; }
  };
  using Submission = std::unique_ptr<Submitted>;
  // The key of a command that lives.
  struct Name {
    const MessageKey* key;
    std::size_t hash;
    explicit Name(const Submitted& of) : key(&*of.key), hash(of.key_hash) {}
    bool operator==(const Name& other) const { return *key == *other.key; }
  };
  struct NameHash {
    std::size_t operator()(const Name& name) const noexcept { return name.hash; }
  };
  // Somebody who repeats what is being committed.
  struct Waiter {
    ContentHash hash;
    Done done;
  };
  // An id that is being committed.
  struct Claim {
    ContentHash hash;
    std::vector<Waiter> waiters;
  };
  // A command that has its permission.
  struct Admitted {
    Submission submission;
    Actor actor{};
    conversation::Recipients recipients;
    PushTopics topics;
  };
  // A command that was applied, and waits for the commit to be answered.
  struct Pending {
    Submission submission;
    Applied applied;
    PushTopics topics;
  };
  struct InFlight {
    CommitBatch batch;
    std::vector<Pending> commands;
  };
  // A conversation of which something may be committed that was never published: the last that was.
  struct Unproven {
    Seq message;
    ChangeNo change;
    PushTopics topics;
  };

  void run();
  bool idle() const { return pending_.empty() && parked_.empty(); }
  bool post(std::move_only_function<void()> event);
  void answer(Done& done, Result<Outcome> result);

  void form_batch();
  std::vector<Submission> take();
  void admit(Submission submission, const std::optional<KeyEntry>& stored, std::vector<Admitted>& admitted);
  bool answered_as_repeat(Submitted& submission, const std::optional<KeyEntry>& stored);
  void park(Submission submission);
  void unpark(ConversationId conversation);
  void on_guard(const UserPlace& place, Result<conversation::SendGuard> guard);
  void start_commit(std::vector<Admitted> admitted);
  Pending apply(Draft& draft, Admitted admitted);
  void publish(InFlight flight);
  void answer(Pending& pending);
  void answer_claim(const Submitted& submission, const Result<Outcome>& result);

  void fail_store(Error reason, std::vector<Submission> also);
  void remember_unproven();
  Result<void> publish_proven(ConversationId conversation, const Unproven& unproven,
                              std::vector<wire::Publication>& publications);
  void refuse_waiting();
  void on_reopened(Result<void> result);
  Result<void> publish_proven();

  const SequencerPorts ports_;
  const SequencerOptions options_;
  MessageMetrics metrics_;
  const std::function<void(std::string)> give_up_;

  // The way in; everything below it belongs to the sequencer's thread.
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Submission> submitted_;
  std::vector<std::move_only_function<void()>> events_;
  bool closed_ = false;
  bool stopping_ = false;
  std::atomic<std::size_t> unanswered_{0};
  std::atomic<bool> ready_{true};

  Guards guards_;
  Numbering numbering_;
  // Not looked at yet, in order.
  std::deque<Submission> pending_;
  // Waiting for a permission, in order. The first of each conversation waits for a load that is under way.
  std::unordered_map<ConversationId, std::deque<Submission>> parked_;
  // By the names of the commands that have claimed them, which live until the claim is released.
  boost::unordered_flat_map<Name, Claim, NameHash> claims_;
  std::optional<InFlight> in_flight_;
  bool recovering_ = false;
  std::unordered_map<ConversationId, Unproven> unproven_;

  Reopener reopener_;
  std::thread thread_;
};

}  // namespace hongyan::message::sequencing
