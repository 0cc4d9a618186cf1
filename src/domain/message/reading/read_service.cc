#include "domain/message/reading/read_service.h"

#include <algorithm>

#include "base/numbers.h"

namespace hongyan::message::reading {
namespace {

using conversation::Membership;

std::string query_of(UserId user, const ReactionsRequest& request) {
  return "message.reactions:" + std::to_string(user.value) + "," + std::to_string(request.place.conversation.value) +
         "," + std::to_string(request.place.seq.value) + "," + request.emoji.value_or("");
}

std::string query_of(UserId user, const ReceiptsRequest& request) {
  return "message.receipts:" + std::to_string(user.value) + "," + std::to_string(request.place.conversation.value) +
         "," + std::to_string(request.place.seq.value);
}

std::string to_text(const ReactionEntry& entry) {
  return std::to_string(entry.time.value) + "," + std::to_string(entry.user.value) + "," + entry.emoji;
}

// What to_text() has written; nothing for anything else.
std::optional<ReactionEntry> entry_from(std::string_view text) {
  ReactionEntry entry;
  if (!take_number(text, entry.time.value, ',') || !take_number(text, entry.user.value, ',')) return std::nullopt;
  entry.emoji = text;
  return entry;
}

// What `read` finds in the stores for a member of the place, on the store pool. Errors: not_found for who never was one,
// and those of `read`.
template <class Read>
async::Task<std::invoke_result_t<Read, const Stores&, const Membership&>> as_member(const ServicePorts& ports,
                                                                                    UserPlace place,
                                                                                    async::Deadline deadline,
                                                                                    Read read) {
  HY_CO_TRY(const Membership membership,
            co_await ports.conversations.membership(place.conversation, place.user, deadline));
  co_return co_await ports.store_pool.run(deadline,
                                          [&ports, membership, read] { return read(ports.stores, membership); });
}

}  // namespace

async::Task<Result<HistoryPage>> ReadService::list(UserId user, ConversationId conversation, PageRequest request,
                                                   async::Deadline deadline) const {
  return as_member(ports_, {user, conversation}, deadline,
                   [request, max_bytes = options_.page_bytes](const Stores& stores, const Membership& membership) {
                     return read_page(stores, membership, request, max_bytes);
                   });
}

async::Task<Result<v1::Message>> ReadService::read(UserId user, Place place, async::Deadline deadline) const {
  HY_CO_TRY(StoredMessage message, co_await get(user, place, deadline));
  co_return to_proto(std::move(message), user);
}

async::Task<Result<StoredMessage>> ReadService::get(UserId user, Place place, async::Deadline deadline) const {
  return as_member(ports_, {user, place.conversation}, deadline,
                   [seq = place.seq](const Stores& stores, const Membership& membership) {
                     return read_message(stores, membership, seq);
                   });
}

async::Task<Result<ChangedPage>> ReadService::changes(UserId user, ConversationId conversation, ChangesRequest request,
                                                      async::Deadline deadline) const {
  return as_member(ports_, {user, conversation}, deadline,
                   [request, max_bytes = options_.page_bytes](const Stores& stores, const Membership& membership) {
                     return read_changes(stores, membership, request, max_bytes);
                   });
}

async::Task<Result<ReactionsPage>> ReadService::reactions(UserId user, ReactionsRequest request,
                                                          async::Deadline deadline) const {
  std::optional<ReactionEntry> after;
  if (!request.cursor.empty()) {
    HY_CO_TRY(const std::string text, cursors_.open(query_of(user, request), request.cursor));
    after = entry_from(text);
    if (!after) co_return fail(Error::invalid("cursor", "no position"));
  }
  HY_CO_TRY(const auto message, co_await get(user, request.place, deadline));
  ReactionsPage page;
  page.items = reaction_entries(message, request.emoji);
  if (after) page.items.erase(page.items.begin(), std::ranges::upper_bound(page.items, *after));
  if (page.items.size() > request.limit) {
    page.items.resize(request.limit);
    page.next_cursor = cursors_.seal(query_of(user, request), to_text(page.items.back()));
  }
  co_return page;
}

async::Task<Result<ReceiptsPage>> ReadService::receipts(UserId user, ReceiptsRequest request,
                                                        async::Deadline deadline) const {
  std::optional<UserId> after;
  if (!request.cursor.empty()) {
    HY_CO_TRY(const std::string text, cursors_.open(query_of(user, request), request.cursor));
    const auto last = number_from<std::uint64_t>(text);
    if (!last) co_return fail(Error::invalid("cursor", "no position"));
    after = UserId(*last);
  }
  HY_CO_TRY(auto reader, co_await ports_.conversations.membership(request.place.conversation, user, deadline));
  // Marks are of those who are in it, for those who are in it.
  if (reader.former) co_return fail(ErrorCode::not_member, "they have left the group");
  ReceiptsPage page;
  HY_CO_TRY(page.items, co_await all_receipts(std::move(reader), request.place.seq, deadline));
  page.read = std::ranges::count(page.items, true, &Receipt::read);
  page.members = static_cast<std::int64_t>(page.items.size());
  if (after) page.items.erase(page.items.begin(), std::ranges::upper_bound(page.items, *after, {}, &Receipt::user));
  if (page.items.size() > request.limit) {
    page.items.resize(request.limit);
    page.next_cursor = cursors_.seal(query_of(user, request), std::to_string(page.items.back().user.value));
  }
  std::vector<UserId> named;
  for (const Receipt& receipt : page.items) named.push_back(receipt.user);
  HY_CO_TRY(page.users, co_await ports_.accounts.users(std::move(named), deadline));
  co_return page;
}

// By user id.
async::Task<Result<std::vector<Receipt>>> ReadService::all_receipts(conversation::Membership reader, Seq seq,
                                                                    async::Deadline deadline) const {
  HY_CO_TRY(const StoredMessage message,
            co_await ports_.store_pool.run(
                deadline, [&stores = ports_.stores, reader, seq] { return read_message(stores, reader, seq); }));
  if (message.sender != reader.user) co_return fail(ErrorCode::permission_denied, "not the sender");
  HY_CO_TRY(auto members, co_await ports_.conversations.member_ids(reader.conversation, deadline));
  co_return co_await ports_.store_pool.run(deadline, [&ports = ports_, reader, seq, members = std::move(members)] {
    return read_receipts(ports.stores, ports.privacy, reader, seq, members);
  });
}

async::Task<Result<std::vector<StoredMessage>>> ReadService::pins(UserId user, ConversationId conversation,
                                                                  async::Deadline deadline) const {
  return as_member(ports_, {user, conversation}, deadline, read_pins);
}

}  // namespace hongyan::message::reading
