#include "domain/message/history.h"

#include <algorithm>
#include <iterator>

namespace hongyan::message {
namespace {

using Direction = ReadRange::Direction;

// Reads one side of a page; where it ends early, `range` shrinks to what was read.
Result<std::vector<StoredMessage>> read_side(MessageStore& store, ConversationId conversation, SeqRange& range,
                                             Direction direction, std::size_t max_bytes) {
  HY_TRY(auto page, store.read({conversation, range, direction, max_bytes}));
  if (!page.complete) (direction == Direction::ascending ? range.to : range.from) = page.messages.back().seq;
  if (direction == Direction::descending) std::ranges::reverse(page.messages);
  return std::move(page.messages);
}

// A page that reaches from its middle both ways, so that it has the middle however large the messages are.
Result<std::vector<StoredMessage>> read_around(MessageStore& store, ConversationId conversation, Seq middle,
                                               SeqRange& range, std::size_t max_bytes) {
  SeqRange below{range.from, std::clamp(middle, range.from, range.to)};
  SeqRange above{Seq(below.to.value + 1), range.to};
  HY_TRY(auto items, read_side(store, conversation, below, Direction::descending, max_bytes / 2));
  HY_TRY(auto later, read_side(store, conversation, above, Direction::ascending, max_bytes / 2));
  std::ranges::move(later, std::back_inserter(items));
  range = {below.from, above.to};
  return items;
}

// For which of the memberships there is something unread, and the places whose tallies tell how much.
struct UnreadQuestion {
  std::vector<std::size_t> which;
  // Two places each: the lower end, the upper end.
  std::vector<TallyAt> places;
};

UnreadQuestion ask_unread(UserId user, const std::vector<Summary>& summaries, const std::vector<Head>& heads) {
  UnreadQuestion question;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    const SeqRange range = unread_range(visible(heads[i]), summaries[i].read);
    if (range.to <= range.from) continue;
    question.which.push_back(i);
    question.places.push_back({summaries[i].conversation, user, range.from});
    question.places.push_back({summaries[i].conversation, user, range.to});
  }
  return question;
}

Result<void> fill_unread(MessageStore& messages, UserId user, const std::vector<Head>& heads,
                         std::vector<Summary>& summaries) {
  const UnreadQuestion question = ask_unread(user, summaries, heads);
  if (question.which.empty()) return {};
  HY_TRY(const auto tallies, messages.tallies(question.places));
  for (std::size_t i = 0; i < question.which.size(); ++i) {
    const Tally& from = tallies[2 * i];
    const Tally& to = tallies[2 * i + 1];
    summaries[question.which[i]].unread = unread_between(from.all, from.own, to.all, to.own);
  }
  return {};
}

Result<void> fill_last_messages(MessageStore& messages, std::vector<Summary>& summaries) {
  std::vector<std::size_t> which;
  std::vector<Place> places;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    if (!summaries[i].head) continue;
    which.push_back(i);
    places.push_back({summaries[i].conversation, summaries[i].head});
  }
  if (places.empty()) return {};
  HY_TRY(const auto found, messages.find(places));
  for (std::size_t i = 0; i < which.size(); ++i) {
    if (found[i]) summaries[which[i]].last_message = to_proto(*found[i]);
  }
  return {};
}

bool has_other_person(const conversation::Membership& membership) {
  return membership.type == conversation::Type::direct && membership.peer && *membership.peer != membership.user;
}

Result<void> fill_marks(CursorStore& cursors, UserId user, std::span<const conversation::Membership> memberships,
                        std::vector<Summary>& summaries) {
  std::vector<UserPlace> places;
  for (const auto& membership : memberships) {
    places.push_back({user, membership.conversation});
    places.push_back({membership.peer.value_or(user), membership.conversation});
  }
  HY_TRY(const auto marks, cursors.read_marks(places));
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    summaries[i].read = marks[2 * i];
    if (has_other_person(memberships[i])) summaries[i].peer_read = marks[2 * i + 1];
  }
  return {};
}

}  // namespace

Result<HistoryPage> read_page(MessageStore& store, ConversationId conversation, const PageRequest& request,
                              std::size_t max_bytes) {
  HY_TRY(const auto heads, store.heads(std::span(&conversation, 1)));
  HistoryPage page;
  page.head = heads.front();
  const SeqRange all = visible(page.head);
  page.range = page_range(request, all);
  if (!page.range.empty() && request.around) {
    HY_TRY(page.items, read_around(store, conversation, *request.around, page.range, max_bytes));
  } else if (!page.range.empty()) {
    const Direction direction = request.after ? Direction::ascending : Direction::descending;
    HY_TRY(page.items, read_side(store, conversation, page.range, direction, max_bytes));
  }
  page.more_before = page.range.from > all.from;
  page.more_after = page.range.to < all.to;
  return page;
}

Result<std::vector<Summary>> read_summaries(MessageStore& messages, CursorStore& cursors, UserId user,
                                            std::span<const conversation::Membership> memberships) {
  std::vector<ConversationId> conversations;
  for (const auto& membership : memberships) conversations.push_back(membership.conversation);
  std::vector<Summary> summaries(memberships.size());
  if (summaries.empty()) return summaries;
  HY_TRY(const auto heads, messages.heads(conversations));
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    summaries[i].conversation = conversations[i];
    summaries[i].head = heads[i].seq;
    summaries[i].change = heads[i].change;
    summaries[i].floor = heads[i].floor;
    summaries[i].time = heads[i].time;
  }
  HY_TRY(fill_marks(cursors, user, memberships, summaries));
  HY_TRY(fill_last_messages(messages, summaries));
  HY_TRY(fill_unread(messages, user, heads, summaries));
  return summaries;
}

}  // namespace hongyan::message
