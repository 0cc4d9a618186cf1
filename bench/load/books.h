// What has become of every message of a run.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "bench/load/acked_file.h"
#include "bench/load/figures/histogram.h"
#include "bench/load/figures/seq_checker.h"
#include "bench/load/town.h"
#include "bench/load/wire/answers.h"

namespace hongyan::bench::load {

struct Message {
  // When it should have been sent.
  sockets::Nanos due = 0;
  // 0 until the ack or a push has told it.
  std::uint64_t seq = 0;
  std::uint32_t conversation = 0;
  std::uint32_t sender = 0;
  // Pushes still to come, the sender's own included.
  std::uint32_t pushes_left = 0;
  bool acked = false;
  // It counts for latencies.
  bool measured = false;

  bool complete() const { return acked && pushes_left == 0; }
};

// Running totals; the difference of two of them is what happened in between.
struct Tally {
  std::uint64_t sent = 0;
  std::uint64_t acked = 0;
  // Pushes to others than the sender.
  std::uint64_t delivered = 0;
  // Pushes to the sender's own socket.
  std::uint64_t own = 0;
  // With ack and all pushes.
  std::uint64_t complete = 0;
};

// One entry for each message, from its sending until the end of the run; memory is allocated once in 4,096 messages. Owned by
// the run, one thread.
class Books {
 public:
  // Numbers begin at `first`, so that runs of one process can follow each other. `acked` may be null.
  Books(const Town& town, std::uint32_t first, AckedFile* acked);

  // Answers the number of a message that is about to be sent.
  std::uint32_t open(const Message& message);
  std::uint32_t next_number() const { return first_ + static_cast<std::uint32_t>(tally_.sent); }

  // Each answers the message; null when it is none of this run's, or had that already.
  const Message* on_ack(std::uint32_t number, std::uint64_t seq, sockets::Nanos now);
  const Message* on_push(std::uint32_t person, std::uint32_t number, const Answer& push, sockets::Nanos now);

  const Tally& tally() const { return tally_; }
  bool all_complete() const { return tally_.complete == tally_.sent; }
  // Acks and pushes that contradict each other, or came twice.
  std::uint64_t contradictions() const { return contradictions_; }
  // Acks and pushes of no message of this run.
  std::uint64_t strange() const { return strange_; }
  const SeqFaults& seq_faults() const { return seqs_.faults(); }
  const Histogram& ack() const { return ack_; }
  const Histogram& delivery() const { return delivery_; }
  const Histogram& own() const { return own_; }

 private:
  static constexpr std::uint32_t kChunk = 1U << 12U;

  // Null, and counted, when there is none of this number.
  Message* find(std::uint32_t number);
  void check_seq(Message& message, std::uint64_t seq);

  const Town& town_;
  const std::uint32_t first_;
  AckedFile* const acked_;
  std::vector<std::unique_ptr<Message[]>> chunks_;
  SeqChecker seqs_;
  Tally tally_;
  std::uint64_t contradictions_ = 0;
  std::uint64_t strange_ = 0;
  Histogram ack_;
  Histogram delivery_;
  Histogram own_;
};

}  // namespace hongyan::bench::load
