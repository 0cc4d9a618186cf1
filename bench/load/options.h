// What the command line says, as far as several scenarios need it.
#pragma once

#include <cstdint>
#include <string>

#include "bench/protocol/websocket.h"

namespace hongyan::bench::load {

struct Options {
  // On 127.0.0.1.
  std::uint16_t port = 0;
  // As `hongyan seed --tokens` wrote them.
  std::string people;
  std::uint32_t connections = 1000;
  protocol::Format format = protocol::Format::json;
  std::uint32_t text_bytes = 100;
  double warmup_s = 2;
  double seconds = 10;
  // Send one message from each person to each of their conversations beforehand: what a server does at the first of them, and
  // remembers, is not what is measured.
  bool prime = true;
  // How long to wait at the end for what is still to come.
  double drain_s = 5;
  // The process whose CPU and memory are told; 0 for none.
  int server_pid = 0;
  // Port of /metrics on 127.0.0.1; 0 for none.
  std::uint16_t metrics_port = 0;
  // Print rows as JSON.
  bool json = false;
  std::uint64_t seed = 1;
  // Where to list acks; nowhere when empty.
  std::string acked;
};

}  // namespace hongyan::bench::load
