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

UnreadQuestion ask_unread(UserId user, const std::vector<Summary>& summaries, const std::vector<SeqRange>& seen) {
  UnreadQuestion question;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    const SeqRange range = unread_range(seen[i], summaries[i].read);
    if (range.to <= range.from) continue;
    question.which.push_back(i);
    question.places.push_back({summaries[i].conversation, user, range.from});
    question.places.push_back({summaries[i].conversation, user, range.to});
  }
  return question;
}

Result<void> fill_unread(MessageStore& messages, UserId user, const std::vector<SeqRange>& seen,
                         std::vector<Summary>& summaries) {
  const UnreadQuestion question = ask_unread(user, summaries, seen);
  if (question.which.empty()) return {};
  HY_TRY(const auto tallies, messages.tallies(question.places));
  for (std::size_t i = 0; i < question.which.size(); ++i) {
    const Tally& from = tallies[2 * i];
    const Tally& to = tallies[2 * i + 1];
    summaries[question.which[i]].unread = unread_between(from.all, from.own, to.all, to.own);
  }
  return {};
}

// Where a summary is that of a former member, the last message they may see is also the time of what happened last.
Result<void> fill_last_messages(MessageStore& messages, UserId user, const std::vector<SeqRange>& seen,
                                const std::vector<Head>& heads, std::vector<Summary>& summaries) {
  std::vector<std::size_t> which;
  std::vector<Place> places;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    if (seen[i].empty()) continue;
    which.push_back(i);
    places.push_back({summaries[i].conversation, seen[i].to});
  }
  if (places.empty()) return {};
  HY_TRY(const auto found, messages.find(places));
  for (std::size_t i = 0; i < which.size(); ++i) {
    if (!found[i]) continue;
    Summary& summary = summaries[which[i]];
    summary.last_message = to_proto(*found[i], user);
    if (summary.head < heads[which[i]].seq) summary.time = found[i]->time;
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
  HY_TRY(const auto marks, cursors.cursors(places));
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    summaries[i].read = marks[2 * i].read;
    if (!has_other_person(memberships[i])) continue;
    summaries[i].peer_read = marks[2 * i + 1].read;
    summaries[i].peer_delivered = marks[2 * i + 1].delivered;
  }
  return {};
}

}  // namespace

Result<HistoryPage> read_page(MessageStore& store, const conversation::Membership& membership,
                              const PageRequest& request, std::size_t max_bytes) {
  HY_TRY(const auto heads, store.heads(std::span(&membership.conversation, 1)));
  HY_TRY(const auto seen, read_visible(store, membership.user, std::span(&membership, 1), heads));
  HistoryPage page;
  page.head = heads.front();
  const SeqRange all = seen.front();
  page.head.seq = std::min(page.head.seq, all.to);
  page.range = page_range(request, all);
  if (!page.range.empty() && request.around) {
    HY_TRY(page.items, read_around(store, membership.conversation, *request.around, page.range, max_bytes));
  } else if (!page.range.empty()) {
    const Direction direction = request.after ? Direction::ascending : Direction::descending;
    HY_TRY(page.items, read_side(store, membership.conversation, page.range, direction, max_bytes));
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
  HY_TRY(const auto seen, read_visible(messages, user, memberships, heads));
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    summaries[i].conversation = conversations[i];
    summaries[i].head = std::min(heads[i].seq, seen[i].to);
    summaries[i].change = heads[i].change;
    summaries[i].floor = heads[i].floor;
    summaries[i].time = heads[i].time;
  }
  HY_TRY(fill_marks(cursors, user, memberships, summaries));
  HY_TRY(fill_last_messages(messages, user, seen, heads, summaries));
  HY_TRY(fill_unread(messages, user, seen, summaries));
  return summaries;
}

Result<std::vector<SeqRange>> read_visible(MessageStore& store, UserId user,
                                           std::span<const conversation::Membership> memberships,
                                           std::span<const Head> heads) {
  std::vector<UserPlace> places;
  for (const auto& membership : memberships) places.push_back({user, membership.conversation});
  HY_TRY(const auto bounds, store.bounds(places));
  std::vector<SeqRange> seen;
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    seen.push_back(visible(bound_of(memberships[i].type, bounds[i]), Seq(0), heads[i]));
  }
  return seen;
}

}  // namespace hongyan::message
