#include "bench/load/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace hongyan::bench::load {
namespace {

constexpr double kOthersAllowed = 0.2;
constexpr double kLateAllowed = 0.01;
constexpr double kFrozenAllowed = 0.01;
// CPU is counted in 10 ms: of a shorter stretch nothing can be said.
constexpr double kShortestJudgedSeconds = 0.5;

double share(double part, double whole) { return whole == 0 ? 0 : part / whole; }

void describe_faults(Row& row, const Chat& chat) {
  const Books& books = chat.books();
  const SeqFaults& faults = books.seq_faults();
  row.count("holes", faults.holes);
  row.count("repeats", faults.repeats);
  row.count("reordered", faults.reordered);
  row.count("contradictions", books.contradictions());
  row.count("strange", books.strange());
  for (const auto& [code, times] : chat.errors()) row.count("error_" + code, times);
  if (!chat.lost().empty()) row.word("connection_lost", chat.lost());
}

}  // namespace

void Window::pass(sockets::Nanos now, const Tally& tally) {
  if (!from_ && now >= begin_) {
    from_ = sample_machine(server_pid_);
    tally_from_ = tally;
    watch_.begin();
  } else if (from_ && !to_ && now >= end_) {
    to_ = sample_machine(server_pid_);
    tally_to_ = tally;
    frozen_ = watch_.seen();
  }
}

Tally Window::tally() const {
  return {.sent = tally_to_.sent - tally_from_.sent,
          .acked = tally_to_.acked - tally_from_.acked,
          .delivered = tally_to_.delivered - tally_from_.delivered,
          .own = tally_to_.own - tally_from_.own,
          .complete = tally_to_.complete - tally_from_.complete};
}

bool describe_freezes(Row& row, const FreezeWatch::Seen& seen, double seconds) {
  if (!seen.known) return false;
  const auto milliseconds = [](sockets::Nanos time) {
    return static_cast<double>(time) / static_cast<double>(sockets::kMillisecond);
  };
  row.number("frozen_ms", milliseconds(seen.total), 1);
  row.number("longest_freeze_ms", milliseconds(seen.longest), 1);
  return milliseconds(seen.total) / 1000 > kFrozenAllowed * seconds;
}

bool describe_machine(Row& row, const MachineUse& use, double seconds, std::uint64_t count, std::string_view thing) {
  const double us_a_core = share(seconds * 1e6, static_cast<double>(count));
  row.number(fmt::format("server_us_per_{}", thing), use.server * us_a_core);
  row.number("server_us_user", use.server_user * us_a_core);
  row.number("server_us_system", (use.server - use.server_user) * us_a_core);
  row.number("server_cores", use.server);
  row.number("generator_cores", use.generator);
  row.number("kernel_cores", use.kernel);
  row.number("others_cores", use.others);
  row.number("stolen_ms", use.stolen_ms, 0);
  // Stolen time that fell into a wait for something is not among what others used.
  const double stolen = use.stolen_ms / 1000 / seconds;
  return seconds >= kShortestJudgedSeconds && std::max(use.others, stolen) > kOthersAllowed;
}

void describe_counters(Row& row, const std::optional<ServerCounters>& before,
                       const std::optional<ServerCounters>& after) {
  if (!before || !after) return;
  const double messages = after->messages - before->messages;
  row.number("server_messages", messages, 0);
  row.number("messages_per_commit", share(messages, after->commits - before->commits), 1);
  row.number("fsyncs_per_message", share(after->fsyncs - before->fsyncs, messages), 4);
  row.number("commit_p50_below_ms", commit_ms_at(0.5, before->commit_times, after->commit_times), 1);
  row.number("commit_p99_below_ms", commit_ms_at(0.99, before->commit_times, after->commit_times), 1);
}

Verdict describe(Row& row, const Chat& chat, const Window& window, const Lateness& lateness) {
  const Books& books = chat.books();
  const Tally& all = books.tally();
  row.count("sent", all.sent);
  row.count("unacked", all.sent - all.acked);
  row.count("incomplete", all.sent - all.complete);
  describe_faults(row, chat);
  if (!window.over()) return {.failed = true};
  const Tally within = window.tally();
  row.number("acked_per_s", static_cast<double>(within.acked) / window.seconds(), 0);
  row.number("delivered_per_s", static_cast<double>(within.delivered) / window.seconds(), 0);
  row.latency("ack_ms", books.ack().percentiles());
  row.latency("delivery_ms", books.delivery().percentiles());
  row.latency("own_push_ms", books.own().percentiles());
  row.count("late", lateness.late);
  row.number("latest_ms", static_cast<double>(lateness.most) / static_cast<double>(sockets::kMillisecond), 3);
  Verdict verdict;
  verdict.noisy = describe_machine(row, window.use(), window.seconds(), within.acked, "message");
  verdict.noisy |= describe_freezes(row, window.freezes(), window.seconds());
  verdict.noisy |= static_cast<double>(lateness.late) > kLateAllowed * static_cast<double>(all.sent);
  verdict.failed = !books.all_complete() || !books.seq_faults().none() || books.contradictions() > 0 ||
                   chat.error_count() > 0 || !chat.lost().empty();
  return verdict;
}

std::optional<ServerCounters> counters_of(const Options& options) {
  if (options.metrics_port == 0) return std::nullopt;
  return read_counters(options.metrics_port);
}

int print(Row row, const Options& options, const Verdict& verdict) {
  row.word("verdict", verdict.failed ? "failed" : verdict.noisy ? "noisy" : "ok");
  fmt::print("{}\n", options.json ? row.json() : row.text());
  std::fflush(stdout);
  return verdict.failed ? 2 : 0;
}

}  // namespace hongyan::bench::load
