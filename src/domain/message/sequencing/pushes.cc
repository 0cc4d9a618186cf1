#include "domain/message/sequencing/pushes.h"

#include "domain/message/rules.h"
#include "hongyan/v1/frame.pb.h"

namespace hongyan::message::sequencing {

std::vector<wire::Topic> topics_of(const conversation::SendGuard& guard, ConversationId conversation) {
  if (guard.type == conversation::Type::group) return {wire::Topic::group(conversation)};
  std::vector<wire::Topic> topics;
  for (const UserId user : guard.recipients) topics.push_back(wire::Topic::user(user));
  return topics;
}

void append_pushes(const StoredMessage& message, ChangeNo change, const std::vector<wire::Topic>& topics,
                   std::vector<wire::Publication>& out) {
  v1::MessagePush push;
  push.set_conversation_id(message.conversation.value);
  push.set_seq(message.seq.value);
  push.set_change(change.value);
  *push.mutable_message() = to_proto(message);
  const wire::SharedPush shared = wire::make_push("message", std::move(push), message.conversation);
  for (const wire::Topic& topic : topics) out.push_back({topic, shared});
}

}  // namespace hongyan::message::sequencing
