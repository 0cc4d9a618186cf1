#include "bench/load/scenarios/direct.h"

#include <algorithm>
#include <cmath>

#include "bench/load/figures/schedule.h"
#include "bench/load/run.h"
#include "bench/load/stage.h"

namespace hongyan::bench::load {
namespace {

using sockets::Nanos;

// The first message is due so long after the beginning of a run.
constexpr Nanos kHeadStart = 60 * sockets::kMillisecond;

// The search gives up below it.
constexpr double kLeastRate = 100;

// An open loop: what has come back changes nothing of what is sent.
class OpenLoop final : public Pace {
 public:
  void on_acked(const Message&, Nanos) override {}
  void on_complete(const Message&, Nanos) override {}
};

// One run at one rate. Used once.
class DirectRun {
 public:
  DirectRun(Stage& stage, const Options& options, const DirectOptions& direct, AckedFile* acked)
      : stage_(stage),
        options_(options),
        books_(stage.town(), stage.next_number(), acked),
        begin_(sockets::now() + kHeadStart),
        schedule_(begin_, sockets::seconds(options.warmup_s + options.seconds), direct.rate,
                  sockets::seconds(direct.tick_us / 1e6)),
        window_(begin_ + sockets::seconds(options.warmup_s),
                begin_ + sockets::seconds(options.warmup_s + options.seconds), options.server_pid) {
    stage.chat().begin(books_, pace_);
  }

  // Returns when everything is complete, a socket was lost, or the patience for what is still to come is over.
  void run() {
    const Nanos last = window_.end() + sockets::seconds(options_.drain_s);
    for (Nanos now = sockets::now(); now < last; now = sockets::now()) {
      window_.pass(now, books_.tally());
      send_due(now);
      if (done()) break;
      const Nanos due = next_ < schedule_.count() ? schedule_.due(next_) : last;
      stage_.loop().wait(std::min(due, window_.next(last)));
      stage_.loop().flush();
    }
    stage_.set_next_number(books_.next_number());
  }

  const Books& books() const { return books_; }
  const Window& window() const { return window_; }
  const Lateness& lateness() const { return lateness_; }

 private:
  bool done() const {
    if (!stage_.chat().lost().empty()) return true;
    return window_.over() && next_ == schedule_.count() && books_.all_complete();
  }

  void send_due(Nanos now) {
    const std::uint64_t first = next_;
    for (; next_ < schedule_.count() && schedule_.due(next_) <= now; ++next_) {
      const auto [sender, conversation] = stage_.pick();
      const Nanos due = schedule_.due(next_);
      stage_.chat().send(sender, conversation, due, window_.contains(due));
    }
    if (next_ == first) return;
    stage_.loop().flush();
    const Nanos sent = sockets::now();
    lateness_.most = std::max(lateness_.most, sent - schedule_.due(first));
    for (std::uint64_t i = first; i < next_ && sent - schedule_.due(i) > Lateness::kLate; ++i) ++lateness_.late;
  }

  Stage& stage_;
  const Options& options_;
  OpenLoop pace_;
  Books books_;
  const Nanos begin_;
  const Schedule schedule_;
  Window window_;
  Lateness lateness_;
  std::uint64_t next_ = 0;
};

Row row_of(const Options& options, const DirectOptions& direct) {
  Row row("direct");
  row.word("format", name_of(options.format));
  row.count("connections", options.connections);
  row.word("primed", options.prime ? "yes" : "no");
  row.number("rate", direct.rate, 0);
  row.number("seconds", options.seconds, 1);
  row.count("text_bytes", options.text_bytes);
  row.number("tick_us", direct.tick_us, 0);
  return row;
}

}  // namespace

int run_direct(const Options& options, const DirectOptions& direct) {
  Stage stage(options, Town::of_directs(first_people(options, options.connections)));
  if (options.prime) stage.prime();
  std::optional<AckedFile> acked;
  if (!options.acked.empty()) acked.emplace(options.acked, stage.requests());
  const auto before = counters_of(options);
  DirectRun run(stage, options, direct, acked ? &*acked : nullptr);
  run.run();
  Row row = row_of(options, direct);
  const Verdict verdict = describe(row, stage.chat(), run.window(), run.lateness());
  if (run.window().over()) describe_counters(row, before, counters_of(options));
  return print(std::move(row), options, verdict);
}

int search_rate(const Options& options, const SearchOptions& search) {
  Stage stage(options, Town::of_directs(first_people(options, options.connections)));
  const auto allowed = static_cast<Nanos>(search.p99_ms * static_cast<double>(sockets::kMillisecond));
  if (options.prime) stage.prime();
  const auto good = [&](double rate) {
    DirectOptions direct = search.direct;
    direct.rate = rate;
    DirectRun run(stage, options, direct, nullptr);
    run.run();
    Row row = row_of(options, direct);
    const Verdict verdict = describe(row, stage.chat(), run.window(), run.lateness());
    print(std::move(row), options, verdict);
    return !verdict.failed && run.books().ack().at_permille(990) < allowed &&
           run.books().delivery().at_permille(990) < allowed;
  };
  // Doubles as long as it can, or halves until it can, so that no run is far above what the server bears.
  double low = search.from;
  double high = search.from;
  if (good(search.from)) {
    while ((high *= 2) < search.to && good(high)) low = high;
  } else {
    while ((low /= 2) >= kLeastRate && !good(low)) high = low;
  }
  while (low >= kLeastRate && high > low * (1 + search.precision)) {
    const double middle = std::sqrt(low * high);
    (good(middle) ? low : high) = middle;
  }
  Row row("rate-search");
  row.word("format", name_of(options.format));
  row.count("connections", options.connections);
  row.number("p99_below_ms", search.p99_ms, 1);
  row.number("highest_rate", low < kLeastRate ? 0 : low, 0);
  return print(std::move(row), options, {.failed = low < kLeastRate});
}

}  // namespace hongyan::bench::load
