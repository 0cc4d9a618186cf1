#include "app/chat/follow/printer.h"

namespace hongyan::chat {

void Printer::on_conversations(const std::vector<v1::Conversation>& all, bool) {
  for (const v1::Conversation& conversation : all) names_.learn(conversation);
}

async::Task<Result<void>> Printer::on_message(v1::Message message) {
  std::string title;
  std::string sender;
  if (!output_.is_json()) {
    title = co_await names_.title(message.conversation_id());
    sender = co_await names_.sender(message.conversation_id(), message.sender_id());
  }
  co_return output_.message(title, sender, message);
}

Result<void> Printer::on_push(const ServerFrame& push) {
  v1::ReadPush read;
  if (push.type == "read" && wire::from_json(push.data, read)) return output_.read(read);
  return {};
}

async::Task<Result<async::Deadline>> Printer::between_pushes() { co_return async::Deadline::max(); }

}  // namespace hongyan::chat
