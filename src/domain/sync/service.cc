#include "domain/sync/service.h"

#include "base/text.h"
#include "domain/sync/describe.h"
#include "domain/sync/rules.h"

namespace hongyan::sync {
namespace {

// Characters of a draft.
constexpr std::size_t kMaxDraft = 4000;

std::string list_query_of(UserId user) { return "conversation.list:" + std::to_string(user.value); }

}  // namespace

async::Task<Result<Page>> Service::list(UserId user, std::size_t limit, std::string cursor, async::Deadline deadline) {
  std::optional<Position> after;
  if (!cursor.empty()) {
    HY_CO_TRY(const std::string text, ports_.cursors.open(list_query_of(user), cursor));
    after = position_from(text);
    if (!after) co_return fail(Error::invalid("cursor", "no position"));
  }
  HY_CO_TRY(auto memberships, co_await ports_.conversations.memberships_of(user, deadline));
  std::erase_if(memberships, [](const conversation::Membership& place) { return place.former; });
  HY_CO_TRY(const auto summaries, co_await ports_.messages.summaries(user, memberships, deadline));
  HY_CO_TRY(auto settings, co_await ports_.settings.all_of(user, deadline));
  const PageOrder order = page_of(summaries, settings, after, limit);
  std::vector<conversation::Membership> shown;
  std::vector<message::Summary> shown_summaries;
  for (const std::size_t index : order.indexes) {
    shown.push_back(memberships[index]);
    shown_summaries.push_back(summaries[index]);
  }
  Page page;
  page.total_unread = total_unread(summaries, settings);
  if (order.more) {
    page.next_cursor = ports_.cursors.seal(list_query_of(user), to_text(position_of(shown_summaries.back(), settings)));
  }
  HY_CO_TRY(page.items, co_await describe(ports_.accounts, ports_.messages, user, std::move(shown),
                                          std::move(shown_summaries), std::move(settings), deadline));
  HY_CO_TRY(page.users, co_await ports_.accounts.users(named_in(page.items), deadline));
  co_return page;
}

async::Task<Result<v1::Conversation>> Service::get(UserId user, ConversationId conversation, async::Deadline deadline) {
  HY_CO_TRY(auto membership, co_await ports_.conversations.membership(conversation, user, deadline));
  HY_CO_TRY(auto described, co_await describe_one(membership, deadline));
  if (!membership.former) co_return described;
  // Who has come back since stands in a new stay, and its head is not where they have left.
  HY_CO_TRY(membership, co_await ports_.conversations.membership(conversation, user, deadline));
  if (membership.former) co_return described;
  co_return co_await describe_one(std::move(membership), deadline);
}

async::Task<Result<v1::Conversation>> Service::describe_one(conversation::Membership membership,
                                                            async::Deadline deadline) {
  const UserId user = membership.user;
  std::vector<conversation::Membership> one{std::move(membership)};
  HY_CO_TRY(auto summaries, co_await ports_.messages.summaries(user, one, deadline));
  HY_CO_TRY(auto settings, co_await ports_.settings.all_of(user, deadline));
  HY_CO_TRY(auto described, co_await describe(ports_.accounts, ports_.messages, user, std::move(one),
                                              std::move(summaries), std::move(settings), deadline));
  co_return std::move(described.front());
}

async::Task<Result<v1::Conversation>> Service::open(UserId user, UserId peer, async::Deadline deadline) {
  HY_CO_TRY(const auto membership, co_await ports_.conversations.open_direct(user, peer, deadline));
  co_return co_await get(user, membership.conversation, deadline);
}

async::Task<Result<v1::Conversation>> Service::update(UserId user, ConversationId conversation,
                                                      conversation::SettingsChange change, async::Deadline deadline) {
  if (change.draft) {
    const auto characters = count_code_points(*change.draft);
    if (!characters || *characters > kMaxDraft) co_return fail(Error::invalid("draft", "at most 4000 characters"));
  }
  HY_CO_TRY(co_await ports_.conversations.membership(conversation, user, deadline));
  HY_CO_TRY(co_await ports_.settings.update(user, conversation, std::move(change), deadline));
  co_return co_await get(user, conversation, deadline);
}

async::Task<Result<void>> Service::hide(UserId user, ConversationId conversation, async::Deadline deadline) {
  HY_CO_TRY(auto membership, co_await ports_.conversations.membership(conversation, user, deadline));
  std::vector<conversation::Membership> one{std::move(membership)};
  HY_CO_TRY(const auto standings, co_await ports_.messages.standings(user, std::move(one), deadline));
  HY_CO_TRY(co_await ports_.settings.update(user, conversation, {.hidden_up_to = standings.front().head}, deadline));
  co_return Result<void>();
}

async::Task<Result<Seq>> Service::mark(message::MarkKind kind, message::UserPlace place, Seq seq,
                                       async::Deadline deadline) {
  HY_CO_TRY(auto membership, co_await ports_.conversations.membership(place.conversation, place.user, deadline));
  if (membership.former) co_return fail(ErrorCode::not_member, "they have left the group");
  co_return co_await ports_.messages.mark(kind, place.user, std::move(membership), seq, deadline);
}

async::Task<Result<std::vector<KnownCursor>>> Service::read_cursors(message::UserPlace place,
                                                                    async::Deadline deadline) {
  HY_CO_TRY(const auto membership, co_await ports_.conversations.membership(place.conversation, place.user, deadline));
  HY_CO_TRY(const auto marks, co_await ports_.messages.marks(membership, deadline));
  std::vector<KnownCursor> known{{place.user, marks.own.read, marks.own.delivered}};
  if (marks.peer_delivered) known.push_back({*membership.peer, marks.peer_read, *marks.peer_delivered});
  co_return known;
}

}  // namespace hongyan::sync
