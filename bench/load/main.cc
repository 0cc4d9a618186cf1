// hongyan-bench: measures a running server, or the reference, by the public protocol. README.md says what each scenario is.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "bench/load/options.h"
#include "bench/load/scenarios/closed.h"
#include "bench/load/scenarios/connect.h"
#include "bench/load/scenarios/direct.h"
#include "bench/load/scenarios/history.h"
#include "bench/load/scenarios/rest.h"

namespace {

namespace load = hongyan::bench::load;
using hongyan::bench::protocol::Format;

void add_common(CLI::App& command, load::Options& options) {
  command.add_option("--port", options.port, "of the server on 127.0.0.1")->required();
  command.add_option("--people", options.people, "file that `hongyan seed --tokens` has written")->required();
  command.add_option("--connections", options.connections, "sockets, one a person")->capture_default_str();
  command.add_option("--format", options.format, "json or proto")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, Format>{{"json", Format::json}, {"proto", Format::proto}}))
      ->default_str("json");
  command.add_option("--text-bytes", options.text_bytes, "of each message")->capture_default_str();
  command.add_flag("--prime,!--no-prime", options.prime,
                   "use each conversation of everybody once before (default: yes)");
  command.add_option("--warmup", options.warmup_s, "seconds before anything counts")->capture_default_str();
  command.add_option("--seconds", options.seconds, "for how long things count")->capture_default_str();
  command.add_option("--drain", options.drain_s, "seconds to wait for what is missing at the end")
      ->capture_default_str();
  command.add_option("--server-pid", options.server_pid, "process whose CPU and memory are told");
  command.add_option("--metrics", options.metrics_port, "port of the server's /metrics on 127.0.0.1");
  command.add_option("--seed", options.seed, "of who writes to whom")->capture_default_str();
  command.add_flag("--json", options.json, "print rows as JSON");
}

// What the command line says beside the common options, and what it asks for.
struct Command {
  load::Options options;
  load::SearchOptions search;
  load::PipelinedOptions pipelined;
  load::GroupOptions group;
  load::ConnectOptions connect;
  std::uint32_t concurrency = 32;
  std::function<int()> run;
};

// A scenario with the common options; `run` is called once the command line has been read.
CLI::App& add(CLI::App& cli, const std::string& name, const std::string& what, Command& to, std::function<int()> run) {
  CLI::App& command = *cli.add_subcommand(name, what);
  add_common(command, to.options);
  command.callback([&to, run = std::move(run)] { to.run = run; });
  return command;
}

void add_tick(CLI::App& command, Command& to) {
  command.add_option("--tick-us", to.search.direct.tick_us, "messages of so many microseconds are due together")
      ->capture_default_str();
}

void add_direct(CLI::App& cli, Command& to) {
  CLI::App& direct = add(cli, "direct", "1:1 messages at a fixed rate, open loop", to,
                         [&to] { return load::run_direct(to.options, to.search.direct); });
  direct.add_option("--rate", to.search.direct.rate, "messages a second")->capture_default_str();
  direct.add_option("--acked", to.options.acked, "file to list acked messages in");
  add_tick(direct, to);
  CLI::App& search = add(cli, "rate-search", "the highest rate of `direct` that stays below a p99", to,
                         [&to] { return load::search_rate(to.options, to.search); });
  search.add_option("--p99-ms", to.search.p99_ms, "that ack and delivery stay below")->capture_default_str();
  search.add_option("--from", to.search.from, "rate of the first run")->capture_default_str();
  search.add_option("--to", to.search.to, "rate that is not gone beyond")->capture_default_str();
  search.add_option("--precision", to.search.precision, "how near the answer is")->capture_default_str();
  add_tick(search, to);
}

void add_closed(CLI::App& cli, Command& to) {
  CLI::App& pipelined = add(cli, "pipelined", "1:1 messages, closed loop", to,
                            [&to] { return load::run_pipelined(to.options, to.pipelined); });
  pipelined.add_option("--outstanding", to.pipelined.outstanding, "messages of a writer without an ack")
      ->capture_default_str();
  pipelined.add_option("--writers", to.pipelined.writers, "how many of those who are connected write; 0: all")
      ->capture_default_str();
  CLI::App& group =
      add(cli, "group", "messages to groups, closed loop", to, [&to] { return load::run_group(to.options, to.group); });
  group.add_option("--members", to.group.members, "of each group, all connected; 0: groups of any size")
      ->capture_default_str();
  group.add_option("--groups", to.group.groups, "at most so many; 0: all")->capture_default_str();
  group.add_option("--senders", to.group.senders, "members of a group who write")->capture_default_str();
  group.add_option("--in-flight", to.group.in_flight, "messages of a group that have not reached everybody")
      ->capture_default_str();
}

void add_others(CLI::App& cli, Command& to) {
  CLI::App& connect = add(cli, "connect", "connecting and being there", to,
                          [&to] { return load::run_connect(to.options, to.connect); });
  connect.add_option("--width", to.connect.width, "handshakes under way at a time")->capture_default_str();
  connect.add_option("--hold", to.connect.hold_s, "seconds to stay")->capture_default_str();
  add(cli, "history", "pages of 50 messages from random places, closed loop", to,
      [&to] { return load::run_history(to.options, to.concurrency); })
      .add_option("--concurrency", to.concurrency, "pages asked for at a time")
      ->capture_default_str();
  add(cli, "rest", "1:1 messages over REST, closed loop", to, [&to] { return load::run_rest(to.options); });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli("Load generator for Hongyan");
  cli.require_subcommand(1);
  Command command;
  add_direct(cli, command);
  add_closed(cli, command);
  add_others(cli, command);
  CLI11_PARSE(cli, argc, argv);
  try {
    return command.run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "hongyan-bench: {}\n", error.what());
    return 1;
  }
}
