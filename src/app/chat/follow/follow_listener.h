// What a Follower tells, and when others may use its transport.
#pragma once

#include <string_view>
#include <vector>

#include "app/chat/transport.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/message.pb.h"

namespace hongyan::chat {

// Called by the Follower's coroutine. Outlives it.
class FollowListener {
 public:
  virtual ~FollowListener() = default;

  // All conversations as the server lists them: at the beginning, and whenever something may have been missed. `replaced`: they
  // belong to another history than before, or there was none.
  virtual void on_conversations(const std::vector<v1::Conversation>& all, bool replaced) = 0;
  // A message: each once, in the order of its conversation. An error ends the following.
  virtual async::Task<Result<void>> on_message(v1::Message message) = 0;
  // Every push as it came, also those of which on_message() tells later. An error ends the following.
  virtual Result<void> on_push(const ServerFrame& push) = 0;
  // Nobody uses the transport: what waits may be asked now. Answers when to call again at the latest; sooner, by
  // Transport::interrupt(). An error ends the following.
  virtual async::Task<Result<async::Deadline>> between_pushes() = 0;
  virtual void note(std::string_view text) = 0;
};

}  // namespace hongyan::chat
