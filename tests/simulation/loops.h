// The io_contexts of a schedule.
#pragma once

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>

#include "simulation/machine.h"

namespace hongyan::simulation {

// One loop that the machine turns, one handler at a time, as an io thread would. Owned by Loops.
class Loop {
 public:
  explicit Loop(Machine& machine)
      : machine_(machine),
        work_(context.get_executor()),
        source_(machine.add([this] { return context.poll_one() > 0; })) {}
  ~Loop() { machine_.remove(source_); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

 private:
  Machine& machine_;

 public:
  boost::asio::io_context context;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  Machine::SourceId source_;
};

// Outlives servers and devices: what they finish resumes here. Owned by the world.
struct Loops {
  explicit Loops(Machine& machine) : lanes{Loop(machine), Loop(machine)}, work(machine), clients(machine) {}

  // Of the server's sockets.
  std::array<Loop, 2> lanes;
  // Of what the server does by itself.
  Loop work;
  // Of the devices.
  Loop clients;
};

}  // namespace hongyan::simulation
