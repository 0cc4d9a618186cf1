// What the processors of this machine did meanwhile, and for whom.
#pragma once

#include "bench/sockets/clock.h"

namespace hongyan::bench::load {

// Time of a process on processors; one core busy for a second is a second.
struct CpuTime {
  sockets::Nanos total = 0;
  // How it divides, counted in 10 ms.
  sockets::Nanos user = 0;
  sockets::Nanos system = 0;
};

// Counters as they stood at one moment.
struct MachineSample {
  sockets::Nanos at = 0;
  CpuTime server;
  CpuTime generator;
  // Of all processors together, waiting for a disk included.
  sockets::Nanos idle = 0;
  // What the hypervisor gave to other machines while this one had work.
  sockets::Nanos stolen = 0;
};

// What was used between two samples, in cores.
struct MachineUse {
  double server = 0;
  double server_user = 0;
  double generator = 0;
  // The kernel's own threads, which bring to the disk what the server has written; estimated from the whole run.
  double kernel = 0;
  // Everybody else, interrupts that nobody is charged for, and what was stolen.
  double others = 0;
  // In all, not in cores: a few of them make a p99.
  double stolen_ms = 0;
};

// Reads /proc; takes some 50 us. `server_pid` 0 leaves the server out, which then counts among the others. Throws
// std::runtime_error when that process is gone.
MachineSample sample_machine(int server_pid);

// `kernel` is what its threads used meanwhile, in cores.
MachineUse use_between(const MachineSample& from, const MachineSample& to, double kernel);

// What all threads of the kernel have used together. Takes milliseconds: not to be called while something is measured.
struct KernelSample {
  sockets::Nanos at = 0;
  sockets::Nanos used = 0;
};
KernelSample sample_kernel();
double kernel_between(const KernelSample& from, const KernelSample& to);

// Bytes of the process that are its own, not files': all of it that costs memory for a connection in user space.
std::int64_t anonymous_bytes(int pid);

}  // namespace hongyan::bench::load
