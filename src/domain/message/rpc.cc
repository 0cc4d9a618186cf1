#include "domain/message/rpc.h"

namespace hongyan::message {
namespace {

async::Task<Result<v1::SendResponse>> send(Service& service, wire::Caller caller, v1::SendRequest request) {
  SendRequest input{.conversation = ConversationId(request.conversation_id()),
                    .client_msg_id = std::move(*request.mutable_client_msg_id()),
                    .content = std::move(*request.mutable_content()),
                    .read = {}};
  if (request.has_read_seq()) input.read = Seq(request.read_seq());
  HY_CO_TRY(const SendAck ack, co_await service.send(caller.user, std::move(input), caller.deadline));
  v1::SendResponse response;
  response.set_message_id(ack.message.value);
  response.set_seq(ack.seq.value);
  response.set_time_ms(ack.time.value);
  co_return response;
}

async::Task<Result<v1::ListMessagesResponse>> list(Service& service, wire::Caller caller,
                                                   v1::ListMessagesRequest request) {
  HY_CO_TRY(const PageRequest asked, page_request(request));
  const ConversationId conversation(request.conversation_id());
  HY_CO_TRY(const HistoryPage page, co_await service.list(caller.user, conversation, asked, caller.deadline));
  v1::ListMessagesResponse response;
  for (const StoredMessage& message : page.items) *response.add_items() = to_proto(message, caller.user);
  response.set_from_seq(page.range.from.value);
  response.set_to_seq(page.range.to.value);
  response.set_has_more_before(page.more_before);
  response.set_has_more_after(page.more_after);
  response.mutable_head()->set_seq(page.head.seq.value);
  response.mutable_head()->set_change(page.head.change.value);
  response.set_floor_seq(page.head.floor.value);
  co_return response;
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, Service& service) {
  dispatcher.add<v1::SendRequest, v1::SendResponse>("message.send",
                                                    [&service](wire::Caller caller, v1::SendRequest request) {
                                                      return send(service, std::move(caller), std::move(request));
                                                    });
  dispatcher.add<v1::ListMessagesRequest, v1::ListMessagesResponse>(
      "message.list", [&service](wire::Caller caller, v1::ListMessagesRequest request) {
        return list(service, std::move(caller), std::move(request));
      });
}

}  // namespace hongyan::message
