#include "domain/message/rpc.h"

#include <algorithm>

#include "hongyan/v1/conversation.pb.h"
#include "wire/error_message.h"

namespace hongyan::message {
namespace {

template <class Request>
Place place_of(const Request& request) {
  return {ConversationId(request.conversation_id()), Seq(request.seq())};
}

v1::SendResponse to_proto(const SendAck& ack) {
  v1::SendResponse response;
  response.set_message_id(ack.message.value);
  response.set_seq(ack.seq.value);
  response.set_time_ms(ack.time.value);
  return response;
}

v1::Head to_proto(const Head& head) {
  v1::Head proto;
  proto.set_seq(head.seq.value);
  proto.set_change(head.change.value);
  return proto;
}

v1::ChangeResponse to_proto(sequencing::Changed changed) {
  v1::ChangeResponse response;
  response.set_change(changed.change.value);
  for (std::string& emoji : changed.mine) changed.message.add_mine(std::move(emoji));
  *response.mutable_message() = std::move(changed.message);
  return response;
}

SendRequest to_input(v1::SendRequest& request) {
  SendRequest input{.conversation = ConversationId(request.conversation_id()),
                    .client_msg_id = std::move(*request.mutable_client_msg_id()),
                    .content = std::move(*request.mutable_content()),
                    .read = {},
                    .quote = {},
                    .mentions = {}};
  if (request.has_read_seq()) input.read = Seq(request.read_seq());
  if (request.has_quote_seq()) input.quote = Seq(request.quote_seq());
  if (request.has_mentions()) input.mentions = std::move(*request.mutable_mentions());
  return input;
}

async::Task<Result<v1::SendResponse>> send(Service& service, wire::Caller caller, v1::SendRequest request) {
  HY_CO_TRY(const SendAck ack, co_await service.send(caller.user, to_input(request), caller.deadline));
  co_return to_proto(ack);
}

bool send_directly(Service& service, const wire::Caller& caller, v1::SendRequest& request, wire::Reply& reply) {
  if (!service.may_send_directly(request)) return false;
  auto done = [reply = std::move(reply)](Result<sequencing::Outcome> outcome) mutable {
    if (!outcome) return reply(std::unexpected(std::move(outcome).error()));
    reply(std::make_unique<v1::SendResponse>(to_proto(outcome->ack)));
  };
  service.send_directly(caller.user, to_input(request), caller.deadline, std::move(done));
  return true;
}

async::Task<Result<v1::ListMessagesResponse>> list(const reading::ReadService& service, wire::Caller caller,
                                                   v1::ListMessagesRequest request) {
  HY_CO_TRY(const PageRequest asked, page_request(request));
  const ConversationId conversation(request.conversation_id());
  HY_CO_TRY(reading::HistoryPage page, co_await service.list(caller.user, conversation, asked, caller.deadline));
  v1::ListMessagesResponse response;
  response.mutable_items()->Reserve(static_cast<int>(page.items.size()));
  for (StoredMessage& message : page.items) *response.add_items() = to_proto(std::move(message), caller.user);
  response.set_from_seq(page.range.from.value);
  response.set_to_seq(page.range.to.value);
  response.set_has_more_before(page.more_before);
  response.set_has_more_after(page.more_after);
  *response.mutable_head() = to_proto(page.head);
  response.set_floor_seq(page.head.floor.value);
  co_return response;
}

async::Task<Result<v1::GetMessageResponse>> get(const reading::ReadService& service, wire::Caller caller,
                                                v1::GetMessageRequest request) {
  HY_CO_TRY(StoredMessage message, co_await service.get(caller.user, place_of(request), caller.deadline));
  v1::GetMessageResponse response;
  *response.mutable_message() = to_proto(std::move(message), caller.user);
  co_return response;
}

async::Task<Result<v1::ListChangesResponse>> changes(const reading::ReadService& service, wire::Caller caller,
                                                     v1::ListChangesRequest request) {
  HY_CO_TRY(const ChangesRequest asked, changes_request(request));
  const ConversationId conversation(request.conversation_id());
  HY_CO_TRY(reading::ChangedPage page, co_await service.changes(caller.user, conversation, asked, caller.deadline));
  v1::ListChangesResponse response;
  for (StoredMessage& message : page.items) *response.add_items() = to_proto(std::move(message), caller.user);
  response.set_up_to_change(page.up_to.value);
  response.set_more(page.more);
  if (page.reset) *response.mutable_reset() = to_proto(*page.reset);
  co_return response;
}

async::Task<Result<v1::ListReactionsResponse>> reactions(const reading::ReadService& service, wire::Caller caller,
                                                         v1::ListReactionsRequest request) {
  if (request.has_limit() && request.limit() < 1) co_return fail(Error::invalid("limit", "below 1"));
  reading::ReactionsRequest input{
      .place = place_of(request), .emoji = {}, .cursor = std::move(*request.mutable_cursor())};
  if (request.has_emoji()) input.emoji = std::move(*request.mutable_emoji());
  if (request.has_limit()) {
    input.limit = std::min(static_cast<std::size_t>(request.limit()), reading::ReadService::kMaxListPage);
  }
  HY_CO_TRY(const reading::ReactionsPage page,
            co_await service.reactions(caller.user, std::move(input), caller.deadline));
  v1::ListReactionsResponse response;
  for (const ReactionEntry& entry : page.items) {
    v1::ReactionItem& item = *response.add_items();
    item.set_emoji(entry.emoji);
    item.set_user_id(entry.user.value);
    item.set_time_ms(entry.time.value);
  }
  if (page.next_cursor) response.set_next_cursor(*page.next_cursor);
  co_return response;
}

async::Task<Result<v1::ListReceiptsResponse>> receipts(const reading::ReadService& service, wire::Caller caller,
                                                       v1::ListReceiptsRequest request) {
  if (request.has_limit() && request.limit() < 1) co_return fail(Error::invalid("limit", "below 1"));
  reading::ReceiptsRequest input{.place = place_of(request), .cursor = std::move(*request.mutable_cursor())};
  if (request.has_limit()) {
    input.limit = std::min(static_cast<std::size_t>(request.limit()), reading::ReadService::kMaxListPage);
  }
  HY_CO_TRY(const reading::ReceiptsPage page,
            co_await service.receipts(caller.user, std::move(input), caller.deadline));
  v1::ListReceiptsResponse response;
  for (const reading::Receipt& receipt : page.items) {
    v1::ReceiptItem& item = *response.add_items();
    item.set_user_id(receipt.user.value);
    item.set_read(receipt.read);
    item.set_delivered(receipt.delivered);
  }
  for (const account::UserCard& card : page.users) *response.add_users() = account::to_name(card);
  response.set_read_count(page.read);
  response.set_member_count(page.members);
  if (page.next_cursor) response.set_next_cursor(*page.next_cursor);
  co_return response;
}

async::Task<Result<v1::ListPinsResponse>> pins(const reading::ReadService& service, wire::Caller caller,
                                               v1::ListPinsRequest request) {
  const ConversationId conversation(request.conversation_id());
  HY_CO_TRY(auto messages, co_await service.pins(caller.user, conversation, caller.deadline));
  v1::ListPinsResponse response;
  for (StoredMessage& message : messages) *response.add_items() = to_proto(std::move(message), caller.user);
  co_return response;
}

async::Task<Result<v1::ChangeResponse>> recall(const commands::ChangeService& service, wire::Caller caller,
                                               v1::RecallRequest request) {
  HY_CO_TRY(auto changed, co_await service.recall(caller.user, place_of(request), caller.deadline));
  co_return to_proto(std::move(changed));
}

async::Task<Result<v1::ChangeResponse>> edit(const commands::ChangeService& service, wire::Caller caller,
                                             v1::EditRequest request) {
  HY_CO_TRY(auto changed, co_await service.edit(caller.user, place_of(request), std::move(*request.mutable_content()),
                                                caller.deadline));
  co_return to_proto(std::move(changed));
}

async::Task<Result<v1::ChangeResponse>> react(const commands::ChangeService& service, wire::Caller caller,
                                              v1::ReactRequest request) {
  HY_CO_TRY(auto changed, co_await service.react(caller.user, place_of(request), std::move(*request.mutable_emoji()),
                                                 true, caller.deadline));
  co_return to_proto(std::move(changed));
}

async::Task<Result<v1::ChangeResponse>> unreact(const commands::ChangeService& service, wire::Caller caller,
                                                v1::UnreactRequest request) {
  HY_CO_TRY(auto changed, co_await service.react(caller.user, place_of(request), std::move(*request.mutable_emoji()),
                                                 false, caller.deadline));
  co_return to_proto(std::move(changed));
}

async::Task<Result<v1::ChangeResponse>> pin(const commands::ChangeService& service, wire::Caller caller,
                                            v1::PinRequest request) {
  HY_CO_TRY(auto changed, co_await service.pin(caller.user, place_of(request), true, caller.deadline));
  co_return to_proto(std::move(changed));
}

async::Task<Result<v1::ChangeResponse>> unpin(const commands::ChangeService& service, wire::Caller caller,
                                              v1::UnpinRequest request) {
  HY_CO_TRY(auto changed, co_await service.pin(caller.user, place_of(request), false, caller.deadline));
  co_return to_proto(std::move(changed));
}

async::Task<Result<v1::DeleteForMeResponse>> delete_for_me(commands::HideService& service, wire::Caller caller,
                                                           v1::DeleteForMeRequest request) {
  HY_CO_TRY(co_await service.delete_for_me(caller.user, place_of(request), caller.deadline));
  co_return v1::DeleteForMeResponse();
}

async::Task<Result<v1::ClearResponse>> clear(commands::HideService& service, wire::Caller caller,
                                             v1::ClearRequest request) {
  const UserPlace place{caller.user, ConversationId(request.conversation_id())};
  HY_CO_TRY(const Seq cleared, co_await service.clear(place, Seq(request.up_to_seq()), caller.deadline));
  v1::ClearResponse response;
  response.set_up_to_seq(cleared.value);
  co_return response;
}

async::Task<Result<v1::ForwardResponse>> forward(const commands::ForwardService& service, wire::Caller caller,
                                                 v1::ForwardRequest request) {
  ForwardRequest input;
  input.client_msg_id = std::move(*request.mutable_client_msg_id());
  for (const v1::ForwardItem& item : request.items()) input.items.push_back(place_of(item));
  for (const std::uint64_t target : request.targets()) input.targets.emplace_back(target);
  input.merged = request.merged();
  input.title = std::move(*request.mutable_title());
  HY_CO_TRY(const auto results, co_await service.forward(caller.user, std::move(input), caller.deadline));
  v1::ForwardResponse response;
  for (const commands::Forwarded& result : results) {
    v1::ForwardResult& out = *response.add_results();
    out.set_conversation_id(result.target.value);
    if (result.item) out.set_item(static_cast<std::int32_t>(*result.item));
    if (result.sent) {
      *out.mutable_sent() = to_proto(*result.sent);
    } else {
      *out.mutable_error() = wire::error_message(result.sent.error(), caller.request_id);
    }
  }
  co_return response;
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, const Services& services) {
  dispatcher.add("message.send", services.service, send);
  dispatcher.add_direct("message.send", services.service, send_directly);
  dispatcher.add("message.list", services.reading, list);
  dispatcher.add("message.get", services.reading, get);
  dispatcher.add("message.changes", services.reading, changes);
  dispatcher.add("message.reactions", services.reading, reactions);
  dispatcher.add("message.receipts", services.reading, receipts);
  dispatcher.add("message.pins", services.reading, pins);
  dispatcher.add("message.recall", services.changing, recall);
  dispatcher.add("message.edit", services.changing, edit);
  dispatcher.add("message.react", services.changing, react);
  dispatcher.add("message.unreact", services.changing, unreact);
  dispatcher.add("message.pin", services.changing, pin);
  dispatcher.add("message.unpin", services.changing, unpin);
  dispatcher.add("message.delete_for_me", services.hiding, delete_for_me);
  dispatcher.add("conversation.clear", services.hiding, clear);
  dispatcher.add("message.forward", services.forwarding, forward);
}

}  // namespace hongyan::message
