#include "domain/message/sequencing/pushes.h"

#include "domain/message/rules.h"
#include "hongyan/v1/frame.pb.h"

namespace hongyan::message::sequencing {
namespace {

// What those get who may not see the changed message: the number, so that they see no hole.
wire::SharedPush stub_of(const Change& change) {
  v1::ChangePush push;
  push.set_conversation_id(change.conversation.value);
  push.set_change(change.number.value);
  return wire::make_push("change", std::move(push), change.conversation);
}

}  // namespace

PushTopics topics_of(const conversation::SendGuard& guard, ConversationId conversation) {
  if (guard.type == conversation::Type::group) return {wire::Topic::group(conversation)};
  PushTopics topics;
  for (const UserId user : guard.recipients) topics.push_back(wire::Topic::user(user));
  return topics;
}

PushTopics topics_of_line(const SystemLineAction& line, ConversationId conversation) {
  if (line.recipients.empty()) return {wire::Topic::group(conversation)};
  PushTopics topics;
  for (const UserId user : line.recipients) topics.push_back(wire::Topic::user(user));
  return topics;
}

void append_pushes(StoredMessage message, ChangeNo change, const PushTopics& topics,
                   std::vector<wire::Publication>& out) {
  v1::MessagePush push;
  push.set_conversation_id(message.conversation.value);
  push.set_seq(message.seq.value);
  push.set_change(change.value);
  for (const UserId user : message.join) push.add_join(user.value);
  for (const UserId user : message.leave) push.add_leave(user.value);
  const ConversationId conversation = message.conversation;
  wire::HistoryPlace place{
      .seq = message.seq, .stub = {}, .join = std::move(message.join), .leave = std::move(message.leave)};
  *push.mutable_message() = to_proto(std::move(message));
  const wire::SharedPush shared = wire::make_push("message", std::move(push), conversation, std::move(place));
  for (const wire::Topic& topic : topics) out.push_back({topic, shared});
  for (const UserId user : shared->place().join) out.push_back({wire::Topic::user(user), shared});
  for (const UserId user : shared->place().leave) out.push_back({wire::Topic::user(user), shared});
}

void append_pushes(const Change& change, v1::Message message, const PushTopics& topics,
                   std::vector<wire::Publication>& out) {
  v1::ChangePush push;
  push.set_conversation_id(change.conversation.value);
  push.set_change(change.number.value);
  push.set_seq(change.seq.value);
  push.set_kind(static_cast<v1::ChangeKind>(change.kind));
  push.set_by(change.by.value);
  if (change.kind == ChangeKind::reaction) push.set_emoji(change.emoji);
  if (change.kind == ChangeKind::reaction || change.kind == ChangeKind::pin) push.set_added(change.added);
  *push.mutable_message() = std::move(message);
  const wire::SharedPush shared =
      wire::make_push("change", std::move(push), change.conversation,
                      {.seq = change.seq, .stub = stub_of(change), .join = {}, .leave = {}});
  for (const wire::Topic& topic : topics) out.push_back({topic, shared});
}

}  // namespace hongyan::message::sequencing
