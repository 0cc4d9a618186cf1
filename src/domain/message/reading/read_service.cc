#include "domain/message/reading/read_service.h"

#include <algorithm>
#include <charconv>

namespace hongyan::message::reading {
namespace {

std::string query_of(UserId user, const ReactionsRequest& request) {
  return "message.reactions:" + std::to_string(user.value) + "," + std::to_string(request.place.conversation.value) +
         "," + std::to_string(request.place.seq.value) + "," + request.emoji.value_or("");
}

std::string to_text(const ReactionEntry& entry) {
  return std::to_string(entry.time.value) + "," + std::to_string(entry.user.value) + "," + entry.emoji;
}

// What to_text() has written; nothing for anything else.
std::optional<ReactionEntry> entry_from(std::string_view text) {
  ReactionEntry entry;
  const char* end = text.data() + text.size();
  const auto time = std::from_chars(text.data(), end, entry.time.value);
  if (time.ec != std::errc() || time.ptr == end || *time.ptr != ',') return std::nullopt;
  const auto user = std::from_chars(time.ptr + 1, end, entry.user.value);
  if (user.ec != std::errc() || user.ptr == end || *user.ptr != ',') return std::nullopt;
  entry.emoji.assign(user.ptr + 1, end);
  return entry;
}

}  // namespace

async::Task<Result<HistoryPage>> ReadService::list(UserId user, ConversationId conversation, PageRequest request,
                                                   async::Deadline deadline) const {
  HY_CO_TRY(const auto membership, co_await ports_.conversations.membership(conversation, user, deadline));
  co_return co_await ports_.store_pool.run(
      deadline, [&stores = ports_.stores, membership, request, max_bytes = options_.page_bytes] {
        return read_page(stores, membership, request, max_bytes);
      });
}

async::Task<Result<StoredMessage>> ReadService::get(UserId user, Place place, async::Deadline deadline) const {
  HY_CO_TRY(const auto membership, co_await ports_.conversations.membership(place.conversation, user, deadline));
  co_return co_await ports_.store_pool.run(deadline, [&stores = ports_.stores, membership, seq = place.seq] {
    return read_message(stores, membership, seq);
  });
}

async::Task<Result<ChangedPage>> ReadService::changes(UserId user, ConversationId conversation, ChangesRequest request,
                                                      async::Deadline deadline) const {
  HY_CO_TRY(const auto membership, co_await ports_.conversations.membership(conversation, user, deadline));
  co_return co_await ports_.store_pool.run(
      deadline, [&stores = ports_.stores, membership, request, max_bytes = options_.page_bytes] {
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

async::Task<Result<std::vector<StoredMessage>>> ReadService::pins(UserId user, ConversationId conversation,
                                                                  async::Deadline deadline) const {
  HY_CO_TRY(const auto membership, co_await ports_.conversations.membership(conversation, user, deadline));
  co_return co_await ports_.store_pool.run(
      deadline, [&stores = ports_.stores, membership] { return read_pins(stores, membership); });
}

}  // namespace hongyan::message::reading
