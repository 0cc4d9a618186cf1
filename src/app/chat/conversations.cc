#include "app/chat/conversations.h"

namespace hongyan::chat {

async::Task<Result<std::vector<v1::Conversation>>> list_conversations(Transport& transport, async::Deadline deadline) {
  constexpr int kPageSize = 200;
  // More than anybody has; a server that never ends its list does not hold us.
  constexpr int kMaxPages = 500;
  std::vector<v1::Conversation> all;
  v1::ListConversationsRequest request;
  request.set_limit(kPageSize);
  for (int i = 0; i < kMaxPages; ++i) {
    HY_CO_TRY(v1::ListConversationsResponse page,
              co_await call<v1::ListConversationsResponse>(transport, "conversation.list", request, deadline));
    std::move(page.mutable_items()->begin(), page.mutable_items()->end(), std::back_inserter(all));
    if (page.next_cursor().empty()) break;
    request.set_cursor(page.next_cursor());
  }
  co_return all;
}

}  // namespace hongyan::chat
