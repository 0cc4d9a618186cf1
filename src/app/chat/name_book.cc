#include "app/chat/name_book.h"

#include "hongyan/v1/user.pb.h"

namespace hongyan::chat {
namespace {

// A name is not worth a longer wait: messages stand behind it.
constexpr std::chrono::milliseconds kPatience{2'000};

}  // namespace

void NameBook::learn(const v1::Conversation& conversation) {
  v1::Conversation& kept = conversations_[conversation.conversation_id()];
  kept = conversation;
  kept.clear_last_message();
}

async::Task<std::string> NameBook::title(std::uint64_t conversation_id) {
  const auto found = conversations_.find(conversation_id);
  if (found != conversations_.end()) co_return found->second.title();
  v1::GetConversationRequest request;
  request.set_conversation_id(conversation_id);
  const auto answer = co_await call<v1::GetConversationResponse>(transport_, "conversation.get", std::move(request),
                                                                 async::deadline_in(kPatience));
  if (!answer) co_return std::to_string(conversation_id);
  learn(answer->conversation());
  co_return answer->conversation().title();
}

async::Task<std::string> NameBook::sender(std::uint64_t conversation_id, std::uint64_t user_id) {
  if (user_id == me_.user_id()) co_return me_.nickname();
  const auto conversation = conversations_.find(conversation_id);
  // A 1:1 carries the other person's name.
  if (conversation != conversations_.end() && conversation->second.peer_user_id() == user_id) {
    co_return conversation->second.title();
  }
  const auto found = nicknames_.find(user_id);
  if (found != nicknames_.end()) co_return found->second;
  v1::GetUserRequest request;
  request.set_user_id(user_id);
  const auto answer =
      co_await call<v1::GetUserResponse>(transport_, "user.get", std::move(request), async::deadline_in(kPatience));
  if (!answer) co_return std::to_string(user_id);
  co_return nicknames_[user_id] = answer->user().nickname();
}

}  // namespace hongyan::chat
