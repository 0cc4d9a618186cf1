// People who write to each other: what the scenarios that send over sockets have in common.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/load/books.h"
#include "bench/load/town.h"
#include "bench/load/wire/frame_receiver.h"
#include "bench/load/wire/requests.h"
#include "bench/sockets/loop.h"

namespace hongyan::bench::load {

// Who decides what is sent next; called within Chat::on_bytes().
class Pace {
 public:
  virtual ~Pace() = default;
  virtual void on_acked(const Message& message, sockets::Nanos now) = 0;
  // It has its ack and all its pushes.
  virtual void on_complete(const Message& message, sockets::Nanos now) = 0;
};

// Sends messages and keeps the books of them. Owned by the run, on the loop's thread; receives for all its sockets, which it
// must outlive or hand on.
class Chat final : public FrameReceiver {
 public:
  // All outlive it.
  Chat(sockets::Loop& loop, RequestWriter& requests, const Town& town);

  // One socket for each of the town's people, whose tag is the person's number.
  void take_sockets(std::vector<sockets::Socket*> sockets) { sockets_ = std::move(sockets); }

  // Begins a run; what still comes of the one before is strange to the new books. Both outlive the run.
  void begin(Books& books, Pace& pace);

  // Writes a message; it leaves with the next flush.
  void send(std::uint32_t sender, std::uint32_t conversation, sockets::Nanos due, bool measured);

  const Books& books() const { return *books_; }
  // Answers of type error, by code.
  const std::map<std::string, std::uint64_t>& errors() const { return errors_; }
  std::uint64_t error_count() const;

 private:
  void on_payload(sockets::Socket& socket, std::string_view payload, sockets::Nanos now) override;

  const Town& town_;
  std::vector<sockets::Socket*> sockets_;
  Books* books_ = nullptr;
  Pace* pace_ = nullptr;
  std::map<std::string, std::uint64_t> errors_;
};

}  // namespace hongyan::bench::load
