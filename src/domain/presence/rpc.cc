#include "domain/presence/rpc.h"

#include "domain/presence/describe.h"

namespace hongyan::presence {
namespace {

using async::Task;
using wire::Caller;

template <class Ids>
std::vector<UserId> users_of(const Ids& ids) {
  std::vector<UserId> users;
  for (const std::uint64_t id : ids) users.emplace_back(id);
  return users;
}

Task<Result<v1::GetPresenceResponse>> get(Service& service, Caller caller, v1::GetPresenceRequest request) {
  HY_CO_TRY(const auto people, co_await service.get(caller.user, users_of(request.user_ids()), caller.deadline));
  v1::GetPresenceResponse response;
  for (const Standing& person : people) *response.add_items() = to_proto(person);
  co_return response;
}

Task<Result<v1::SubscribePresenceResponse>> subscribe(Service& service, Caller caller,
                                                      v1::SubscribePresenceRequest request) {
  HY_CO_TRY(const auto people,
            co_await service.subscribe({caller.user, caller.session}, users_of(request.user_ids()), caller.deadline));
  v1::SubscribePresenceResponse response;
  for (const Standing& person : people) *response.add_items() = to_proto(person);
  co_return response;
}

Task<Result<v1::GroupPresenceResponse>> of_group(Service& service, Caller caller, v1::GroupPresenceRequest request) {
  HY_CO_TRY(const auto here,
            co_await service.online_members(caller.user, ConversationId(request.group_id()), caller.deadline));
  v1::GroupPresenceResponse response;
  response.set_online_count(here.count);
  for (const UserId user : here.first) response.add_user_ids(user.value);
  co_return response;
}

Task<Result<v1::SetTypingResponse>> set_typing(TypingService& service, Caller caller, v1::SetTypingRequest request) {
  const bool typing = !request.has_typing() || request.typing();
  HY_CO_TRY(co_await service.set(caller.user, ConversationId(request.conversation_id()), typing, caller.deadline));
  co_return v1::SetTypingResponse();
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, Service& service, TypingService& typing) {
  dispatcher.add("presence.get", service, get);
  dispatcher.add("presence.subscribe", service, subscribe);
  dispatcher.add("group.presence", service, of_group);
  dispatcher.add("typing.set", typing, set_typing);
}

}  // namespace hongyan::presence
