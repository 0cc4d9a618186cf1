// Names for people who read along.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "app/chat/transport.h"
#include "hongyan/v1/auth.pb.h"
#include "hongyan/v1/conversation.pb.h"

namespace hongyan::chat {

// Knows what conversations and people are called, and asks the server once for each it does not know. Lives as long as the
// run, used by its one coroutine.
class NameBook {
 public:
  NameBook(Transport& transport, v1::Me me) : transport_(transport), me_(std::move(me)) {}

  void learn(const v1::Conversation& conversation);
  // The title; the id when the server does not tell.
  async::Task<std::string> title(std::uint64_t conversation_id);
  // The sender's nickname; the id when the server does not tell.
  async::Task<std::string> sender(std::uint64_t conversation_id, std::uint64_t user_id);

 private:
  Transport& transport_;
  const v1::Me me_;
  std::map<std::uint64_t, v1::Conversation> conversations_;
  std::map<std::uint64_t, std::string> nicknames_;
};

}  // namespace hongyan::chat
