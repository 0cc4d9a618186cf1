#include "domain/contact/sql_departure.h"

namespace hongyan::contact {
namespace {

using sql::Transaction;

// Of each table and step.
constexpr std::int64_t kAtOnce = 100;

void tell_removed(UserId owner, UserId contact, Events& events) {
  v1::Contact state;
  state.set_user_id(contact.value);
  state.set_state(v1::CONTACT_STATE_REMOVED);
  events.push_back({owner, "contact", std::to_string(contact.value), state.SerializeAsString()});
}

// Takes some pairs out of `table`, in which `mine` is the column of whose row it is and `other` that of who stands in it; `tell`
// hears who else had the user. True when none is left.
template <class Tell>
Result<bool> drop_pairs(Transaction& transaction, std::string_view table, std::string_view other, UserId user,
                        Tell tell) {
  HY_TRY(
      const auto rows,
      (transaction.query<UserId, UserId>(
          fmt::format("SELECT user_id, {0} FROM {1} WHERE user_id = :user LIMIT {2}", other, table, kAtOnce), user)));
  HY_TRY(auto theirs,
         (transaction.query<UserId, UserId>(
             fmt::format("SELECT user_id, {0} FROM {1} WHERE {0} = :user LIMIT {2}", other, table, kAtOnce), user)));
  for (const auto& [owner, named] : theirs) tell(owner);
  theirs.insert(theirs.end(), rows.begin(), rows.end());
  for (const auto& [owner, named] : theirs) {
    HY_TRY(transaction.execute(fmt::format("DELETE FROM {} WHERE user_id = :owner AND {} = :named", table, other),
                               owner, named));
  }
  return theirs.empty();
}

// The newest state of a request stays with the other person's devices: it says neither who asked what nor how.
Result<bool> drop_requests(Transaction& transaction, UserId user, TimeMs now, Events& events) {
  HY_TRY(const auto requests,
         select_requests(transaction, "WHERE from_user = :from OR to_user = :to LIMIT :most", user, user, kAtOnce));
  for (const auto& [kept, remark] : requests) {
    Request request = kept;
    request.message.clear();
    if (request.state == v1::CONTACT_REQUEST_STATE_PENDING) request.state = v1::CONTACT_REQUEST_STATE_REJECTED;
    HY_TRY(transaction.execute("DELETE FROM contact_requests WHERE contact_request_id = :id", request.id));
    const UserId other = request.from == user ? request.to : request.from;
    events.push_back(
        {other, "contact_request", std::to_string(request.id.value), to_proto(request, now).SerializeAsString()});
  }
  return requests.empty();
}

}  // namespace

async::Task<Result<bool>> SqlDeparture::forget(UserId user, async::Deadline deadline) {
  return database_.write(deadline, [this, user](Transaction& transaction) -> Result<bool> {
    Events events;
    HY_TRY(const bool contacts, drop_pairs(transaction, "contacts", "contact_id", user,
                                           [&](UserId owner) { tell_removed(owner, user, events); }));
    HY_TRY(events_.append(transaction, std::exchange(events, {})));
    HY_TRY(const bool blocks, drop_pairs(transaction, "blocks", "blocked_id", user,
                                         [&](UserId owner) { tell_block(owner, user, false, events); }));
    HY_TRY(events_.append(transaction, std::exchange(events, {})));
    HY_TRY(const bool requests, drop_requests(transaction, user, clock_.now(), events));
    HY_TRY(events_.append(transaction, std::move(events)));
    return contacts && blocks && requests;
  });
}

}  // namespace hongyan::contact
