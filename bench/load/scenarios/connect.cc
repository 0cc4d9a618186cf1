#include "bench/load/scenarios/connect.h"

#include "bench/load/run.h"
#include "bench/load/stage.h"
#include "bench/load/wire/dialer.h"
#include "bench/load/wire/frame_receiver.h"

namespace hongyan::bench::load {
namespace {

// Sockets that are merely there.
class Idle final : public FrameReceiver {
 public:
  using FrameReceiver::FrameReceiver;

 private:
  void on_payload(sockets::Socket&, std::string_view, sockets::Nanos) override {}
};

std::int64_t memory_of(const Options& options) {
  return options.server_pid == 0 ? 0 : anonymous_bytes(options.server_pid);
}

void hold(sockets::Loop& loop, double for_seconds) {
  const sockets::Nanos end = sockets::now() + sockets::seconds(for_seconds);
  while (sockets::now() < end) {
    loop.wait(end);
    loop.flush();
  }
}

double seconds_between(const MachineSample& from, const MachineSample& to) {
  return static_cast<double>(to.at - from.at) / static_cast<double>(sockets::kSecond);
}

}  // namespace

int run_connect(const Options& options, const ConnectOptions& connect) {
  sockets::raise_file_limit();
  const auto people = first_people(options, options.connections);
  sockets::Loop loop(Stage::kSocketsATurn);
  RequestWriter requests(options.format, options.text_bytes, fresh_seed());
  Idle idle(loop, requests);
  Dialer dialer(loop, requests, options.port);

  const std::int64_t memory_before = memory_of(options);
  const KernelSample kernel_before = sample_kernel();
  FreezeWatch watch;
  const MachineSample before = sample_machine(options.server_pid);
  dialer.dial(people, connect.width, idle);
  const MachineSample after = sample_machine(options.server_pid);
  const FreezeWatch::Seen frozen = watch.seen();
  const double kernel = kernel_between(kernel_before, sample_kernel());
  hold(loop, connect.hold_s);
  const MachineSample held = sample_machine(options.server_pid);
  const std::int64_t memory = memory_of(options) - memory_before;

  Row row("connect");
  row.word("format", name_of(options.format));
  row.count("connections", people.size());
  row.count("width", connect.width);
  row.number("handshakes_per_s", static_cast<double>(people.size()) / seconds_between(before, after), 0);
  row.latency("ready_ms", dialer.latency().percentiles());
  row.number("server_bytes_per_connection", static_cast<double>(memory) / static_cast<double>(people.size()), 0);
  row.number("server_cores_held", use_between(after, held, kernel).server, 3);
  if (!idle.lost().empty()) row.word("connection_lost", idle.lost());
  const MachineUse use = use_between(before, after, kernel);
  bool noisy = describe_machine(row, use, seconds_between(before, after), people.size(), "handshake");
  noisy |= describe_freezes(row, frozen, seconds_between(before, after));
  return print(std::move(row), options, {.failed = !idle.lost().empty(), .noisy = noisy});
}

}  // namespace hongyan::bench::load
