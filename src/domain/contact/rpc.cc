#include "domain/contact/rpc.h"

#include <algorithm>

#include "base/text.h"
#include "domain/contact/rules.h"

namespace hongyan::contact {
namespace {

using async::Task;
using wire::Caller;

// Characters of a search at most.
constexpr std::size_t kMaxQuery = 64;

template <class Request>
Result<PageOf> page_of(const Caller& caller, const Request& request) {
  if (request.has_limit() && request.limit() < 1) return fail(Error::invalid("limit", "must be at least 1"));
  const auto limit = request.has_limit()
                         ? std::min<std::size_t>(static_cast<std::size_t>(request.limit()), Service::kMaxLimit)
                         : Service::kDefaultLimit;
  return PageOf{caller.user, limit, request.cursor()};
}

template <class Item, class Response>
void finish(Page<Item>& page, Response& response) {
  if (page.next_cursor) response.set_next_cursor(*std::move(page.next_cursor));
  for (const account::UserCard& card : page.users) *response.add_users() = account::to_name(card);
}

Task<Result<v1::ListContactsResponse>> list(Service& service, Caller caller, v1::ListContactsRequest request) {
  HY_CO_TRY(auto asked, page_of(caller, request));
  HY_CO_TRY(auto page, co_await service.list(std::move(asked), caller.deadline));
  v1::ListContactsResponse response;
  for (const Contact& contact : page.items) *response.add_items() = to_proto(contact);
  finish(page, response);
  co_return response;
}

Task<Result<v1::UpdateContactResponse>> update(Service& service, Caller caller, v1::UpdateContactRequest request) {
  ContactChange change;
  if (request.has_remark()) change.remark = request.remark();
  if (request.has_tags()) change.tags.emplace(request.tags().tags().begin(), request.tags().tags().end());
  if (request.has_starred()) change.starred = request.starred();
  HY_CO_TRY(const auto contact,
            co_await service.update(caller.user, UserId(request.user_id()), std::move(change), caller.deadline));
  v1::UpdateContactResponse response;
  *response.mutable_contact() = to_proto(contact);
  co_return response;
}

Task<Result<v1::DeleteContactResponse>> remove(Service& service, Caller caller, v1::DeleteContactRequest request) {
  HY_CO_TRY(co_await service.remove(caller.user, UserId(request.user_id()), caller.deadline));
  co_return v1::DeleteContactResponse();
}

Task<Result<v1::RequestContactResponse>> ask(Service& service, Caller caller, v1::RequestContactRequest request) {
  RequestForm form{UserId(request.user_id()), std::move(*request.mutable_message()), request.source(),
                   std::move(*request.mutable_remark())};
  HY_CO_TRY(const auto asked, co_await service.ask(caller.user, std::move(form), caller.deadline));
  v1::RequestContactResponse response;
  if (asked.request) *response.mutable_request() = to_proto(*asked.request, service.now());
  if (asked.friendship) {
    *response.mutable_contact() = to_proto(asked.friendship->contact);
    response.set_conversation_id(asked.friendship->conversation.value);
  }
  co_return response;
}

Task<Result<v1::ListContactRequestsResponse>> list_requests(Service& service, Caller caller,
                                                            v1::ListContactRequestsRequest request) {
  HY_CO_TRY(auto asked, page_of(caller, request));
  const bool sent = request.direction() == v1::CONTACT_REQUEST_DIRECTION_SENT;
  HY_CO_TRY(auto page,
            co_await service.requests(std::move(asked), sent ? Direction::sent : Direction::received, caller.deadline));
  v1::ListContactRequestsResponse response;
  for (const Request& one : page.items) *response.add_items() = to_proto(one, service.now());
  finish(page, response);
  co_return response;
}

Task<Result<v1::AcceptContactResponse>> accept(Service& service, Caller caller, v1::AcceptContactRequest request) {
  HY_CO_TRY(const auto friendship, co_await service.accept(caller.user, RequestId(request.contact_request_id()),
                                                           std::move(*request.mutable_remark()), caller.deadline));
  v1::AcceptContactResponse response;
  *response.mutable_contact() = to_proto(friendship.contact);
  response.set_conversation_id(friendship.conversation.value);
  co_return response;
}

Task<Result<v1::RejectContactResponse>> reject(Service& service, Caller caller, v1::RejectContactRequest request) {
  HY_CO_TRY(const auto rejected,
            co_await service.reject(caller.user, RequestId(request.contact_request_id()), false, caller.deadline));
  v1::RejectContactResponse response;
  *response.mutable_request() = to_proto(rejected, service.now());
  co_return response;
}

Task<Result<v1::BlockContactRequestResponse>> block_request(Service& service, Caller caller,
                                                            v1::BlockContactRequestRequest request) {
  HY_CO_TRY(const auto rejected,
            co_await service.reject(caller.user, RequestId(request.contact_request_id()), true, caller.deadline));
  v1::BlockContactRequestResponse response;
  *response.mutable_request() = to_proto(rejected, service.now());
  co_return response;
}

Task<Result<v1::BlockUserResponse>> block(Service& service, Caller caller, v1::BlockUserRequest request) {
  HY_CO_TRY(co_await service.set_blocked(caller.user, UserId(request.user_id()), true, caller.deadline));
  co_return v1::BlockUserResponse();
}

Task<Result<v1::UnblockUserResponse>> unblock(Service& service, Caller caller, v1::UnblockUserRequest request) {
  HY_CO_TRY(co_await service.set_blocked(caller.user, UserId(request.user_id()), false, caller.deadline));
  co_return v1::UnblockUserResponse();
}

Task<Result<v1::ListBlockedResponse>> list_blocked(Service& service, Caller caller, v1::ListBlockedRequest request) {
  HY_CO_TRY(auto asked, page_of(caller, request));
  HY_CO_TRY(auto page, co_await service.blocked(std::move(asked), caller.deadline));
  v1::ListBlockedResponse response;
  for (const Blocked& one : page.items) {
    v1::Blocked& item = *response.add_items();
    item.set_user_id(one.user.value);
    item.set_time_ms(one.since.value);
  }
  finish(page, response);
  co_return response;
}

Task<Result<v1::SearchUsersResponse>> search(DirectoryService& directory, Caller caller,
                                             v1::SearchUsersRequest request) {
  HY_CO_TRY(auto text, check_line(request.q(), 1, kMaxQuery, "q"));
  HY_CO_TRY(const auto cards, co_await directory.search(caller.user, std::move(text), caller.deadline));
  v1::SearchUsersResponse response;
  for (const account::UserCard& card : cards) *response.add_items() = account::to_proto(card);
  co_return response;
}

}  // namespace

void register_rpcs(wire::Dispatcher& dispatcher, Service& service, DirectoryService& directory) {
  dispatcher.add("contact.list", service, list);
  dispatcher.add("contact.update", service, update);
  dispatcher.add("contact.delete", service, remove);
  dispatcher.add("contact.request", service, ask);
  dispatcher.add("contact.list_requests", service, list_requests);
  dispatcher.add("contact.accept", service, accept);
  dispatcher.add("contact.reject", service, reject);
  dispatcher.add("contact.block_request", service, block_request);
  dispatcher.add("contact.block", service, block);
  dispatcher.add("contact.unblock", service, unblock);
  dispatcher.add("contact.list_blocked", service, list_blocked);
  dispatcher.add("user.search", directory, search);
}

}  // namespace hongyan::contact
