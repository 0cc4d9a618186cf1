#include "bench/load/figures/machine.h"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "bench/protocol/json_search.h"

namespace hongyan::bench::load {
namespace {

using sockets::Nanos;

std::string read(const std::string& file) {
  std::ifstream input(file);
  std::stringstream text;
  text << input.rdbuf();
  if (!input) throw std::runtime_error(file + " cannot be read: is the process gone?");
  return text.str();
}

Nanos of_ticks(long ticks) { return ticks * (sockets::kSecond / ::sysconf(_SC_CLK_TCK)); }

struct Task {
  unsigned flags = 0;
  CpuTime cpu;
};

// Of all threads of the process.
Task read_task(const std::string& text) {
  // The name of the program, in parentheses, may hold anything; the flags are the 7th field behind it.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 6; ++i) fields >> skipped;
  Task task;
  long user = 0;
  long system = 0;
  fields >> task.flags >> skipped >> skipped >> skipped >> skipped >> user >> system;
  task.cpu = {.total = of_ticks(user + system), .user = of_ticks(user), .system = of_ticks(system)};
  return task;
}

CpuTime cpu_of(int pid) {
  CpuTime cpu = read_task(read(fmt::format("/proc/{}/stat", pid))).cpu;
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    throw std::runtime_error(fmt::format("process {} has no clock: is it gone?", pid));
  }
  // Exact, which matters for stretches of less than a second.
  cpu.total = time.tv_sec * sockets::kSecond + time.tv_nsec;
  return cpu;
}

// Idle and stolen time of all processors.
void read_processors(MachineSample& sample) {
  std::istringstream fields(read("/proc/stat"));
  std::string cpu;
  long user = 0;
  long nice = 0;
  long system = 0;
  long idle = 0;
  long waiting = 0;
  long interrupts = 0;
  long soft_interrupts = 0;
  long stolen = 0;
  fields >> cpu >> user >> nice >> system >> idle >> waiting >> interrupts >> soft_interrupts >> stolen;
  sample.idle = of_ticks(idle + waiting);
  sample.stolen = of_ticks(stolen);
}

double cores(Nanos used, Nanos elapsed) { return static_cast<double>(used) / static_cast<double>(elapsed); }

}  // namespace

MachineSample sample_machine(int server_pid) {
  MachineSample sample{.at = sockets::now(),
                       .server = server_pid == 0 ? CpuTime{} : cpu_of(server_pid),
                       .generator = cpu_of(::getpid())};
  read_processors(sample);
  return sample;
}

MachineUse use_between(const MachineSample& from, const MachineSample& to, double kernel) {
  const Nanos elapsed = to.at - from.at;
  const Nanos busy = elapsed * ::sysconf(_SC_NPROCESSORS_ONLN) - (to.idle - from.idle);
  const Nanos server = to.server.total - from.server.total;
  const Nanos generator = to.generator.total - from.generator.total;
  const auto user = static_cast<double>(to.server.user - from.server.user);
  const auto system = static_cast<double>(to.server.system - from.server.system);
  return {.server = cores(server, elapsed),
          .server_user = user + system == 0 ? 0 : cores(server, elapsed) * user / (user + system),
          .generator = cores(generator, elapsed),
          .kernel = kernel,
          // The counters are of 10 ms, so a quiet machine may come out a little below nothing.
          .others = std::max(0.0, cores(busy - server - generator, elapsed) - kernel),
          .stolen_ms = static_cast<double>(to.stolen - from.stolen) / static_cast<double>(sockets::kMillisecond)};
}

KernelSample sample_kernel() {
  constexpr unsigned kKernelThread = 0x00200000;
  KernelSample sample{.at = sockets::now()};
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream input(entry.path() / "stat");
    std::string text;
    // Who has ended meanwhile was none of the kernel's.
    if (!std::getline(input, text)) continue;
    const Task task = read_task(text);
    if ((task.flags & kKernelThread) != 0) sample.used += task.cpu.total;
  }
  return sample;
}

double kernel_between(const KernelSample& from, const KernelSample& to) {
  return cores(to.used - from.used, to.at - from.at);
}

std::int64_t anonymous_bytes(int pid) {
  const std::string text = read(fmt::format("/proc/{}/smaps_rollup", pid));
  std::string_view rest = protocol::after(text, "Anonymous:");
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return static_cast<std::int64_t>(protocol::take_decimal(rest)) * 1024;
}

}  // namespace hongyan::bench::load
