#include "domain/contact/sql_rows.h"

namespace hongyan::contact {

using sql::Session;
using sql::Transaction;

namespace {

Result<Sides> sides_of(Session& session, std::string_view statement, UserId first, UserId second) {
  HY_TRY(const auto rows, session.query<UserId>(statement, first, second, second, first));
  Sides sides;
  for (const auto& [user] : rows) (user == first ? sides.first : sides.second) = true;
  return sides;
}

}  // namespace

Result<std::optional<Contact>> select_contact(Session& session, UserId user, UserId contact) {
  HY_TRY(auto found, select_contacts(session, "contact = :contact", user, contact));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::string encode(const std::vector<std::string>& tags) {
  v1::Tags proto;
  for (const std::string& tag : tags) proto.add_tags(tag);
  return proto.SerializeAsString();
}

Result<Sides> select_lists(Session& session, UserId first, UserId second) {
  return sides_of(session,
                  "SELECT user_id FROM contacts WHERE (user_id = :a AND contact_id = :b)"
                  " OR (user_id = :c AND contact_id = :d)",
                  first, second);
}

Result<Sides> select_blocks(Session& session, UserId first, UserId second) {
  return sides_of(session,
                  "SELECT user_id FROM blocks WHERE (user_id = :a AND blocked_id = :b)"
                  " OR (user_id = :c AND blocked_id = :d)",
                  first, second);
}

Result<std::optional<KeptRequest>> select_request(Session& session, UserId from, UserId to) {
  HY_TRY(auto found, select_requests(session, "WHERE from_user = :a AND to_user = :b", from, to));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<KeptRequest> select_received(Session& session, RequestId id, UserId to) {
  HY_TRY(auto found, select_requests(session, "WHERE contact_request_id = :id AND to_user = :to", id, to));
  if (found.empty()) return fail(ErrorCode::not_found, "no request to them");
  return std::move(found.front());
}

bool is_open(const std::optional<KeptRequest>& request, TimeMs now) {
  return request && state_at(request->first, now) == v1::CONTACT_REQUEST_STATE_PENDING;
}

void tell(const Request& request, TimeMs now, Events& events) {
  const std::string state = to_proto(request, now).SerializeAsString();
  for (const UserId user : {request.from, request.to}) {
    events.push_back({user, "contact_request", std::to_string(request.id.value), state});
  }
}

void tell(UserId user, const Contact& contact, Events& events) {
  events.push_back({user, "contact", std::to_string(contact.user.value), to_proto(contact).SerializeAsString()});
}

void tell_block(UserId user, UserId other, bool blocked, Events& events) {
  v1::BlockEvent state;
  state.set_user_id(other.value);
  state.set_blocked(blocked);
  events.push_back({user, "block", std::to_string(other.value), state.SerializeAsString()});
}

Result<void> settle(Transaction& transaction, Request request, RequestState state, TimeMs now, Events& events) {
  HY_TRY(transaction.execute("UPDATE contact_requests SET state = :state WHERE contact_request_id = :id", state,
                             request.id));
  request.state = state;
  tell(request, now, events);
  return {};
}

}  // namespace hongyan::contact
