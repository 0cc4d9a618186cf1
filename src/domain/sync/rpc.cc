#include "domain/sync/rpc.h"

#include <algorithm>

namespace hongyan::sync {
namespace {

using async::Task;

Task<Result<v1::ListConversationsResponse>> list(Service& service, wire::Caller caller,
                                                 v1::ListConversationsRequest request) {
  if (request.has_limit() && request.limit() < 1) co_return fail(Error::invalid("limit", "must be at least 1"));
  const auto limit = request.has_limit()
                         ? std::min<std::size_t>(static_cast<std::size_t>(request.limit()), Service::kMaxLimit)
                         : Service::kDefaultLimit;
  HY_CO_TRY(Page page, co_await service.list(caller.user, limit, request.cursor(), caller.deadline));
  v1::ListConversationsResponse response;
  for (v1::Conversation& item : page.items) *response.add_items() = std::move(item);
  if (page.next_cursor) response.set_next_cursor(*std::move(page.next_cursor));
  for (const account::UserCard& card : page.users) *response.add_users() = account::to_name(card);
  response.set_total_unread(page.total_unread);
  co_return response;
}

Task<Result<v1::GetConversationResponse>> get(Service& service, wire::Caller caller,
                                              v1::GetConversationRequest request) {
  v1::GetConversationResponse response;
  HY_CO_TRY(*response.mutable_conversation(),
            co_await service.get(caller.user, ConversationId(request.conversation_id()), caller.deadline));
  co_return response;
}

Task<Result<v1::OpenConversationResponse>> open(Service& service, wire::Caller caller,
                                                v1::OpenConversationRequest request) {
  v1::OpenConversationResponse response;
  HY_CO_TRY(*response.mutable_conversation(),
            co_await service.open(caller.user, UserId(request.user_id()), caller.deadline));
  co_return response;
}

Task<Result<v1::UpdateConversationResponse>> update(Service& service, wire::Caller caller,
                                                    v1::UpdateConversationRequest request) {
  conversation::SettingsChange change;
  if (request.has_pinned()) change.pinned = request.pinned();
  if (request.has_muted()) change.muted = request.muted();
  if (request.has_marked_unread()) change.marked_unread = request.marked_unread();
  if (request.has_draft()) change.draft = std::move(*request.mutable_draft());
  v1::UpdateConversationResponse response;
  HY_CO_TRY(*response.mutable_conversation(),
            co_await service.update(caller.user, ConversationId(request.conversation_id()), std::move(change),
                                    caller.deadline));
  co_return response;
}

Task<Result<v1::HideConversationResponse>> hide(Service& service, wire::Caller caller,
                                                v1::HideConversationRequest request) {
  HY_CO_TRY(co_await service.hide(caller.user, ConversationId(request.conversation_id()), caller.deadline));
  co_return v1::HideConversationResponse();
}

Task<Result<v1::MarkReadResponse>> mark_read(Service& service, wire::Caller caller, v1::MarkReadRequest request) {
  const message::UserPlace place{caller.user, ConversationId(request.conversation_id())};
  HY_CO_TRY(const Seq seq, co_await service.mark(message::MarkKind::read, place, Seq(request.seq()), caller.deadline));
  v1::MarkReadResponse response;
  response.set_read_seq(seq.value);
  co_return response;
}

Task<Result<v1::MarkDeliveredResponse>> mark_delivered(Service& service, wire::Caller caller,
                                                       v1::MarkDeliveredRequest request) {
  const message::UserPlace place{caller.user, ConversationId(request.conversation_id())};
  HY_CO_TRY(const Seq seq,
            co_await service.mark(message::MarkKind::delivered, place, Seq(request.seq()), caller.deadline));
  v1::MarkDeliveredResponse response;
  response.set_delivered_seq(seq.value);
  co_return response;
}

Task<Result<v1::ReadCursorsResponse>> read_cursors(Service& service, wire::Caller caller,
                                                   v1::ReadCursorsRequest request) {
  const message::UserPlace place{caller.user, ConversationId(request.conversation_id())};
  HY_CO_TRY(const auto cursors, co_await service.read_cursors(place, caller.deadline));
  v1::ReadCursorsResponse response;
  for (const KnownCursor& cursor : cursors) {
    v1::ReadCursor& item = *response.add_items();
    item.set_user_id(cursor.user.value);
    if (cursor.read) item.set_read_seq(cursor.read->value);
    item.set_delivered_seq(cursor.delivered.value);
  }
  co_return response;
}

Task<Result<v1::PullResponse>> pull(PullService& service, wire::Caller caller, v1::PullRequest request) {
  if (request.user_version() < 0) co_return fail(Error::invalid("user_version", "negative"));
  co_return co_await service.pull(caller.user, std::move(request), caller.deadline);
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, Service& service, PullService& pulls) {
  dispatcher.add("conversation.list", service, list);
  dispatcher.add("conversation.get", service, get);
  dispatcher.add("conversation.open", service, open);
  dispatcher.add("conversation.update", service, update);
  dispatcher.add("conversation.hide", service, hide);
  dispatcher.add("conversation.mark_read", service, mark_read);
  dispatcher.add("conversation.mark_delivered", service, mark_delivered);
  dispatcher.add("conversation.read_cursors", service, read_cursors);
  dispatcher.add("sync.pull", pulls, pull);
}

}  // namespace hongyan::sync
