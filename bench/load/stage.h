// Everybody connected, and what they share: what a sending scenario stands on.
#pragma once

#include "bench/load/chat.h"
#include "bench/load/options.h"
#include "bench/load/random.h"
#include "bench/load/town.h"
#include "bench/load/wire/requests.h"
#include "bench/sockets/loop.h"

namespace hongyan::bench::load {

// Owned by the scenario and its one thread. Its sockets are closed with it.
class Stage {
 public:
  // Receives from at most so many sockets before what is due is looked at again.
  static constexpr int kSocketsATurn = 128;

  // Connects all the town's people. Throws as Dialer::dial() does.
  Stage(const Options& options, Town town);

  // See Options::prime. Answers how many messages that took; throws when they are not through in a minute.
  std::uint64_t prime();

  // The number of the first message of a run, and what it was followed by: no two messages have the same.
  std::uint32_t next_number() const { return next_number_; }
  void set_next_number(std::uint32_t number) { next_number_ = number; }

  sockets::Loop& loop() { return loop_; }
  const Town& town() const { return town_; }
  RequestWriter& requests() { return requests_; }
  Chat& chat() { return chat_; }
  Random& random() { return random_; }

  // Somebody, and one of their conversations.
  struct Pick {
    std::uint32_t sender = 0;
    std::uint32_t conversation = 0;
  };
  Pick pick() {
    const std::uint32_t sender = random_.pick(town_.talkers());
    return {sender, random_.pick(town_.conversations_of(sender))};
  }

 private:
  const Town town_;
  sockets::Loop loop_;
  RequestWriter requests_;
  Chat chat_;
  Random random_;
  std::uint32_t next_number_ = 0;
};

// The first `count` people of the file; throws when there are fewer.
std::vector<protocol::Person> first_people(const Options& options, std::uint32_t count);

// A seed that no other run has, so that client_msg_ids are new.
std::uint64_t fresh_seed();

}  // namespace hongyan::bench::load
