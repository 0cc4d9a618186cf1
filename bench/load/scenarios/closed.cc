#include "bench/load/scenarios/closed.h"

#include <algorithm>
#include <ranges>

#include "bench/load/run.h"
#include "bench/load/stage.h"

namespace hongyan::bench::load {
namespace {

using sockets::Nanos;

// Keeps the same number of messages under way until the window has passed. Used once.
class ClosedRun : public Pace {
 public:
  ClosedRun(Stage& stage, const Options& options)
      : stage_(stage),
        options_(options),
        books_(stage.town(), stage.next_number(), nullptr),
        window_(sockets::now() + sockets::seconds(options.warmup_s),
                sockets::now() + sockets::seconds(options.warmup_s + options.seconds), options.server_pid) {
    stage.chat().begin(books_, *this);
  }

  // Returns when everything is complete, a socket was lost, or the patience for what is still to come is over.
  void run() {
    send_first();
    const Nanos last = window_.end() + sockets::seconds(options_.drain_s);
    for (Nanos now = sockets::now(); now < last; now = sockets::now()) {
      window_.pass(now, books_.tally());
      if (!stage_.chat().lost().empty() || (window_.over() && books_.all_complete())) return;
      stage_.loop().flush();
      stage_.loop().wait(window_.next(last));
    }
  }

  const Window& window() const { return window_; }

 protected:
  // Sends all that is to be under way.
  virtual void send_first() = 0;

  void send(std::uint32_t sender, std::uint32_t conversation, Nanos now) {
    if (now < window_.end()) stage_.chat().send(sender, conversation, now, window_.contains(now));
  }
  Stage& stage() { return stage_; }

 private:
  Stage& stage_;
  const Options& options_;
  Books books_;
  Window window_;
};

class PipelinedRun final : public ClosedRun {
 public:
  PipelinedRun(Stage& stage, const Options& options, const PipelinedOptions& pipelined)
      : ClosedRun(stage, options), outstanding_(pipelined.outstanding), writers_(writers(stage, pipelined)) {}

  static std::size_t writers(const Stage& stage, const PipelinedOptions& pipelined) {
    const std::size_t all = stage.town().talkers().size();
    return pipelined.writers == 0 ? all : std::min<std::size_t>(pipelined.writers, all);
  }

  void on_acked(const Message& message, Nanos now) override { send_one(message.sender, now); }
  void on_complete(const Message&, Nanos) override {}

 private:
  void send_first() override {
    for (const std::uint32_t sender : stage().town().talkers() | std::views::take(writers_)) {
      for (std::uint32_t i = 0; i < outstanding_; ++i) send_one(sender, sockets::now());
    }
  }

  void send_one(std::uint32_t sender, Nanos now) {
    send(sender, stage().random().pick(stage().town().conversations_of(sender)), now);
  }

  const std::uint32_t outstanding_;
  const std::size_t writers_;
};

class GroupRun final : public ClosedRun {
 public:
  GroupRun(Stage& stage, const Options& options, const GroupOptions& group)
      : ClosedRun(stage, options), in_flight_(group.in_flight) {
    for (const Conversation& conversation : stage.town().conversations()) {
      auto& senders = senders_.emplace_back();
      for (std::uint32_t i = 0; i < group.senders; ++i) senders.push_back(stage.random().pick(conversation.members));
    }
  }

  void on_acked(const Message&, Nanos) override {}
  void on_complete(const Message& message, Nanos now) override { send_one(message.conversation, now); }

 private:
  void send_first() override {
    for (std::uint32_t group = 0; group < stage().town().conversations().size(); ++group) {
      for (std::uint32_t i = 0; i < in_flight_; ++i) send_one(group, sockets::now());
    }
  }

  void send_one(std::uint32_t group, Nanos now) { send(stage().random().pick(senders_[group]), group, now); }

  const std::uint32_t in_flight_;
  // Of each group.
  std::vector<std::vector<std::uint32_t>> senders_;
};

int finish(Row row, const Options& options, Stage& stage, ClosedRun& run) {
  const auto before = counters_of(options);
  run.run();
  const Verdict verdict = describe(row, stage.chat(), run.window(), {});
  if (run.window().over()) describe_counters(row, before, counters_of(options));
  return print(std::move(row), options, verdict);
}

}  // namespace

int run_pipelined(const Options& options, const PipelinedOptions& pipelined) {
  Stage stage(options, Town::of_directs(first_people(options, options.connections)));
  if (options.prime) stage.prime();
  Row row("pipelined");
  row.word("format", name_of(options.format));
  row.count("connections", options.connections);
  row.word("primed", options.prime ? "yes" : "no");
  row.count("writers", PipelinedRun::writers(stage, pipelined));
  row.count("outstanding", pipelined.outstanding);
  row.number("seconds", options.seconds, 1);
  row.count("text_bytes", options.text_bytes);
  PipelinedRun run(stage, options, pipelined);
  return finish(std::move(row), options, stage, run);
}

int run_group(const Options& options, const GroupOptions& group) {
  Stage stage(options, Town::of_groups(protocol::read_people(options.people), group.members, group.groups));
  Row row("group");
  row.word("format", name_of(options.format));
  row.count("connections", stage.town().people().size());
  row.count("members", group.members);
  row.count("groups", stage.town().conversations().size());
  row.count("senders", group.senders);
  row.count("in_flight", group.in_flight);
  row.number("seconds", options.seconds, 1);
  row.count("text_bytes", options.text_bytes);
  GroupRun run(stage, options, group);
  return finish(std::move(row), options, stage, run);
}

}  // namespace hongyan::bench::load
