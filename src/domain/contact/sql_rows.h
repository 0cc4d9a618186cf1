// Rows of contacts, requests and blocks, and the user events that tell of them.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/account/events.h"
#include "domain/contact/rules.h"
#include "infra/sql/database.h"

namespace hongyan::contact {

using Events = std::vector<account::UserEvent>;

// A contact as the owner of the list sees it; the order is that of the remark or else of the nickname.
inline constexpr std::string_view kContacts =
    "SELECT c.user_id AS owner, c.contact_id AS contact, c.remark AS remark, c.tags AS tags, c.starred AS starred,"
    " CASE WHEN c.remark_key <> '' THEN c.remark_key ELSE COALESCE(u.sort_key, '~') END AS sort_key,"
    " CASE WHEN b.blocked_id IS NULL THEN 0 ELSE 1 END AS blocked"
    " FROM contacts c LEFT JOIN users u ON u.user_id = c.contact_id"
    " LEFT JOIN blocks b ON b.user_id = c.user_id AND b.blocked_id = c.contact_id";

// `where` goes on after the owner.
template <class... Args>
Result<std::vector<Contact>> select_contacts(sql::Session& session, std::string_view where, Args... args) {
  HY_TRY(const auto rows, (session.query<UserId, std::string, std::string, bool, std::string, bool>(
                              fmt::format("SELECT contact, remark, tags, starred, sort_key, blocked FROM ({}) AS listed"
                                          " WHERE owner = :owner AND {}",
                                          kContacts, where),
                              args...)));
  std::vector<Contact> contacts;
  for (const auto& [user, remark, bytes, starred, sort_key, blocked] : rows) {
    v1::Tags tags;
    if (!tags.ParseFromString(bytes)) return fail(ErrorCode::internal, "tags that cannot be read");
    contacts.push_back({user, remark, {tags.tags().begin(), tags.tags().end()}, starred, sort_key, blocked});
  }
  return contacts;
}

// One of the list of `user`.
Result<std::optional<Contact>> select_contact(sql::Session& session, UserId user, UserId contact);

// Which of the two has the other.
struct Sides {
  bool first = false;
  bool second = false;
};
// On the list.
Result<Sides> select_lists(sql::Session& session, UserId first, UserId second);
// Blocked.
Result<Sides> select_blocks(sql::Session& session, UserId first, UserId second);

// A request with the remark of who asks.
using KeptRequest = std::pair<Request, std::string>;

// `where` goes on after FROM contact_requests.
template <class... Args>
Result<std::vector<KeptRequest>> select_requests(sql::Session& session, std::string_view where, Args... args) {
  HY_TRY(
      const auto rows,
      (session.query<RequestId, UserId, UserId, std::string, Source, RequestState, TimeMs, TimeMs, std::string>(
          fmt::format("SELECT contact_request_id, from_user, to_user, message, source, state, created_ms, expires_ms,"
                      " remark FROM contact_requests {}",
                      where),
          args...)));
  std::vector<KeptRequest> requests;
  for (const auto& [id, from, to, message, source, state, time, expires, remark] : rows) {
    requests.emplace_back(Request{id, from, to, message, source, state, time, expires}, remark);
  }
  return requests;
}

// The request of one to the other.
Result<std::optional<KeptRequest>> select_request(sql::Session& session, UserId from, UserId to);
// One that somebody has received; `not_found` when they have not.
Result<KeptRequest> select_received(sql::Session& session, RequestId id, UserId to);
bool is_open(const std::optional<KeptRequest>& request, TimeMs now);
// Ends a request.
Result<void> settle(sql::Transaction& transaction, Request request, RequestState state, TimeMs now, Events& events);

template <class... Args>
Result<std::int64_t> count(sql::Session& session, std::string_view statement, Args... args) {
  HY_TRY(const auto row, session.query_one<std::int64_t>(statement, args...));
  return std::get<0>(*row);
}

// Append to `events` what both, or the one, are told.
void tell(const Request& request, TimeMs now, Events& events);
void tell(UserId user, const Contact& contact, Events& events);
void tell_block(UserId user, UserId other, bool blocked, Events& events);

std::string encode(const std::vector<std::string>& tags);

}  // namespace hongyan::contact
