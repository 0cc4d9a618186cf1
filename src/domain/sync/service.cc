#include "domain/sync/service.h"

#include "domain/sync/describe.h"
#include "domain/sync/rules.h"

namespace hongyan::sync {
namespace {

std::string query_of(UserId user) { return "conversation.list:" + std::to_string(user.value); }

}  // namespace

async::Task<Result<Page>> Service::list(UserId user, std::size_t limit, std::string cursor, async::Deadline deadline) {
  std::optional<Position> after;
  if (!cursor.empty()) {
    HY_CO_TRY(const std::string text, cursors_.open(query_of(user), cursor));
    after = position_from(text);
    if (!after) co_return fail(Error::invalid("cursor", "no position"));
  }
  HY_CO_TRY(auto memberships, co_await conversations_.memberships_of(user, deadline));
  std::erase_if(memberships, [](const conversation::Membership& place) { return place.former; });
  HY_CO_TRY(const auto summaries, co_await messages_.summaries(user, memberships, deadline));
  const PageOrder order = page_of(summaries, after, limit);
  std::vector<conversation::Membership> shown;
  std::vector<message::Summary> shown_summaries;
  for (const std::size_t index : order.indexes) {
    shown.push_back(memberships[index]);
    shown_summaries.push_back(summaries[index]);
  }
  Page page;
  if (order.more) page.next_cursor = cursors_.seal(query_of(user), to_text(position_of(shown_summaries.back())));
  HY_CO_TRY(page.items,
            co_await describe(accounts_, messages_, user, std::move(shown), std::move(shown_summaries), deadline));
  co_return page;
}

async::Task<Result<v1::Conversation>> Service::get(UserId user, ConversationId conversation, async::Deadline deadline) {
  HY_CO_TRY(auto membership, co_await conversations_.membership(conversation, user, deadline));
  HY_CO_TRY(auto described, co_await describe_one(membership, deadline));
  if (!membership.former) co_return described;
  // Who has come back since stands in a new stay, and its head is not where they have left.
  HY_CO_TRY(membership, co_await conversations_.membership(conversation, user, deadline));
  if (membership.former) co_return described;
  co_return co_await describe_one(std::move(membership), deadline);
}

async::Task<Result<v1::Conversation>> Service::describe_one(conversation::Membership membership,
                                                            async::Deadline deadline) {
  const UserId user = membership.user;
  std::vector<conversation::Membership> one{std::move(membership)};
  HY_CO_TRY(auto summaries, co_await messages_.summaries(user, one, deadline));
  HY_CO_TRY(auto described,
            co_await describe(accounts_, messages_, user, std::move(one), std::move(summaries), deadline));
  co_return std::move(described.front());
}

async::Task<Result<v1::Conversation>> Service::open(UserId user, UserId peer, async::Deadline deadline) {
  HY_CO_TRY(const auto membership, co_await conversations_.open_direct(user, peer, deadline));
  co_return co_await get(user, membership.conversation, deadline);
}

async::Task<Result<Seq>> Service::mark(message::MarkKind kind, message::UserPlace place, Seq seq,
                                       async::Deadline deadline) {
  HY_CO_TRY(auto membership, co_await conversations_.membership(place.conversation, place.user, deadline));
  if (membership.former) co_return fail(ErrorCode::not_member, "they have left the group");
  co_return co_await messages_.mark(kind, place.user, std::move(membership), seq, deadline);
}

async::Task<Result<std::vector<KnownCursor>>> Service::read_cursors(message::UserPlace place,
                                                                    async::Deadline deadline) {
  HY_CO_TRY(const auto membership, co_await conversations_.membership(place.conversation, place.user, deadline));
  HY_CO_TRY(const auto marks, co_await messages_.marks(membership, deadline));
  std::vector<KnownCursor> known{{place.user, marks.own.read, marks.own.delivered}};
  if (marks.peer_delivered) known.push_back({*membership.peer, marks.peer_read, *marks.peer_delivered});
  co_return known;
}

}  // namespace hongyan::sync
