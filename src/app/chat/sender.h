// Sends texts to people.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "app/chat/arguments.h"
#include "app/chat/output.h"
#include "app/chat/transport.h"
#include "infra/crypto/random.h"

namespace hongyan::chat {

// Lives as long as the run, used by its one coroutine.
class Sender {
 public:
  // `self` is who sends; each message gets `timeout`, its repeats included.
  Sender(Transport& transport, Output& output, crypto::RandomSource& random, std::uint64_t self,
         std::chrono::milliseconds timeout)
      : transport_(transport), output_(output), random_(random), self_(self), timeout_(timeout) {}

  // Sends and prints where the message stands. It is repeated with the same client_msg_id while the outcome is unknown, so
  // it arrives at most once. Errors: not_found when nobody has the name, the server's; unavailable and timeout name the
  // client_msg_id, because the message may have been accepted.
  async::Task<Result<void>> send(SendItem item);

 private:
  async::Task<Result<std::uint64_t>> conversation_with(std::string user, async::Deadline deadline);

  Transport& transport_;
  Output& output_;
  crypto::RandomSource& random_;
  const std::uint64_t self_;
  const std::chrono::milliseconds timeout_;
  std::map<std::string, std::uint64_t> conversations_;
};

}  // namespace hongyan::chat
