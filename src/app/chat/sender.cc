#include "app/chat/sender.h"

#include <fmt/format.h>

#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/user.pb.h"

namespace hongyan::chat {

async::Task<Result<void>> Sender::send(SendItem item) {
  const async::Deadline deadline = async::deadline_in(timeout_);
  HY_CO_TRY(const std::uint64_t conversation_id, co_await conversation_with(item.user, deadline));

  v1::SendRequest request;
  request.set_conversation_id(conversation_id);
  request.set_client_msg_id(crypto::random_token(random_));
  request.mutable_content()->mutable_text()->set_text(std::move(item.text));
  auto answer = co_await call<v1::SendResponse>(transport_, "message.send", request, deadline);
  if (!answer) {
    Error error = std::move(answer).error();
    if (error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout) {
      error.detail += fmt::format("; whether message {} was sent is unknown", request.client_msg_id());
    }
    co_return fail(std::move(error));
  }

  v1::Message message;
  message.set_message_id(answer->message_id());
  message.set_conversation_id(conversation_id);
  message.set_seq(answer->seq());
  message.set_sender_id(self_);
  message.set_client_msg_id(request.client_msg_id());
  message.set_time_ms(answer->time_ms());
  *message.mutable_content() = request.content();
  co_return output_.sent(item.user, message);
}

async::Task<Result<std::uint64_t>> Sender::conversation_with(std::string user, async::Deadline deadline) {
  if (const auto known = conversations_.find(user); known != conversations_.end()) co_return known->second;
  v1::SearchUsersRequest search;
  search.set_q(user);
  HY_CO_TRY(const auto found,
            co_await call<v1::SearchUsersResponse>(transport_, "user.search", std::move(search), deadline));
  if (found.items().empty()) co_return fail(ErrorCode::not_found, fmt::format("nobody is called \"{}\"", user));
  v1::OpenConversationRequest open;
  open.set_user_id(found.items(0).user_id());
  HY_CO_TRY(const auto opened,
            co_await call<v1::OpenConversationResponse>(transport_, "conversation.open", std::move(open), deadline));
  co_return conversations_[user] = opened.conversation().conversation_id();
}

}  // namespace hongyan::chat
