#include "domain/message/reading/history.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "domain/message/hiders.h"
#include "domain/message/reading/mentioned.h"

namespace hongyan::message::reading {
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

// Of messages of one conversation. Of a page that lies close together one look tells it all.
Result<void> drop_hidden(HiddenStore& store, UserId user, std::vector<StoredMessage>& messages) {
  constexpr std::int64_t kClose = 256;
  if (messages.empty()) return {};
  const UserPlace place{user, messages.front().conversation};
  const auto [first, last] = std::ranges::minmax_element(messages, {}, &StoredMessage::seq);
  const SeqRange seqs{first->seq, last->seq};
  if (seqs.size() <= kClose) {
    HY_TRY(const auto hidden, store.hidden_in(place, seqs));
    std::erase_if(messages, [&](const StoredMessage& one) { return std::ranges::binary_search(hidden, one.seq); });
    return {};
  }
  std::vector<UserSeq> asked;
  for (const StoredMessage& message : messages) asked.push_back({place, message.seq});
  HY_TRY(const auto hidden, store.hidden(asked));
  std::size_t at = 0;
  std::erase_if(messages, [&](const StoredMessage&) { return hidden[at++]; });
  return {};
}

// What was recalled is gone from everywhere, also from what quoted it before.
Result<void> drop_recalled_quotes(MessageStore& store, std::vector<StoredMessage>& messages) {
  std::vector<Place> places;
  std::vector<v1::Quote*> quotes;
  for (StoredMessage& message : messages) {
    if (!message.quote) continue;
    places.push_back({message.conversation, Seq(message.quote->seq())});
    quotes.push_back(&*message.quote);
  }
  if (places.empty()) return {};
  HY_TRY(const auto quoted, store.find(places));
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (quoted[i] && quoted[i]->recalled) quotes[i]->clear_content();
  }
  return {};
}

// What of the messages of one conversation a user is shown.
Result<void> keep_shown(const Stores& stores, UserId user, std::vector<StoredMessage>& messages) {
  HY_TRY(drop_hidden(stores.hidden, user, messages));
  return drop_recalled_quotes(stores.messages, messages);
}

// The head of one conversation, and what the member may see of it.
struct View {
  Head head;
  SeqRange seen;
};

Result<View> read_view(const Stores& stores, const conversation::Membership& membership) {
  HY_TRY(const auto heads, stores.messages.heads(std::span(&membership.conversation, 1)));
  HY_TRY(const auto sights, read_sights(stores, membership.user, std::span(&membership, 1), heads));
  View view{heads.front(), sights.front().seqs};
  view.head.seq = std::min(view.head.seq, view.seen.to);
  return view;
}

struct ChangedMessage {
  // The last of the listed changes that names it.
  ChangeNo number;
  // As it is now: it may have changed again since the list was read.
  StoredMessage message;
};

// The messages that the changes name, each once. Those that have changed again are not left to that later change: it comes
// as a push, and a push does not tell `mine`.
Result<std::vector<ChangedMessage>> changed_messages(MessageStore& store, const std::vector<Change>& changes,
                                                     const SeqRange& wanted) {
  std::vector<Place> places;
  for (const Change& change : changes) places.push_back({change.conversation, change.seq});
  HY_TRY(auto found, store.find(places));
  std::unordered_set<Seq> named;
  std::vector<ChangedMessage> messages;
  for (std::size_t i = changes.size(); i-- > 0;) {
    if (!found[i] || !contains(wanted, changes[i].seq) || !named.insert(changes[i].seq).second) continue;
    messages.push_back({changes[i].number, std::move(*found[i])});
  }
  std::ranges::reverse(messages);
  return messages;
}

// For which of the memberships there is something unread, and the places whose tallies tell how much.
struct UnreadQuestion {
  std::vector<std::size_t> which;
  // Two places each: the lower end, the upper end.
  std::vector<TallyAt> places;
};

UnreadQuestion ask_unread(UserId user, const std::vector<Summary>& summaries, const std::vector<Sight>& sights) {
  UnreadQuestion question;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    const SeqRange range = unread_range(sights[i].seqs, summaries[i].read);
    if (range.to <= range.from) continue;
    question.which.push_back(i);
    question.places.push_back({summaries[i].conversation, user, range.from});
    question.places.push_back({summaries[i].conversation, user, range.to});
  }
  return question;
}

Result<void> fill_unread(MessageStore& messages, UserId user, const std::vector<Sight>& sights,
                         std::vector<Summary>& summaries) {
  const UnreadQuestion question = ask_unread(user, summaries, sights);
  if (question.which.empty()) return {};
  HY_TRY(const auto tallies, messages.tallies(question.places));
  for (std::size_t i = 0; i < question.which.size(); ++i) {
    const Tally& from = tallies[2 * i];
    const Tally& to = tallies[2 * i + 1];
    summaries[question.which[i]].unread = unread_between(from.all, from.own, to.all, to.own);
  }
  return {};
}

// The newest message of a range that is not hidden. Looks back only so far: who has hidden all of it sees none.
Result<std::optional<StoredMessage>> newest_shown(const Stores& stores, UserId user, ConversationId conversation,
                                                  const SeqRange& seen) {
  constexpr std::size_t kLookBackBytes = 32 * 1024;
  HY_TRY(auto page, stores.messages.read({conversation, seen, Direction::descending, kLookBackBytes}));
  HY_TRY(drop_hidden(stores.hidden, user, page.messages));
  if (page.messages.empty()) return std::optional<StoredMessage>();
  return std::move(page.messages.front());
}

// The last message that each summary shows; nothing where there is none.
Result<std::vector<std::optional<StoredMessage>>> last_messages(const Stores& stores, UserId user,
                                                                const std::vector<Sight>& sights,
                                                                const std::vector<Summary>& summaries) {
  std::vector<Place> places;
  std::vector<UserSeq> asked;
  for (std::size_t i = 0; i < sights.size(); ++i) {
    places.push_back({summaries[i].conversation, sights[i].seqs.empty() ? Seq(0) : sights[i].seqs.to});
    asked.push_back({{user, summaries[i].conversation}, places.back().seq});
  }
  HY_TRY(auto found, stores.messages.find(places));
  HY_TRY(const auto hidden, stores.hidden.hidden(asked));
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!hidden[i]) continue;
    HY_TRY(found[i], newest_shown(stores, user, summaries[i].conversation, sights[i].seqs));
  }
  return found;
}

// Where a summary is that of a former member, the last message they may see is also the time of what happened last.
Result<void> fill_last_messages(const Stores& stores, UserId user, const std::vector<Sight>& sights,
                                const std::vector<Head>& heads, std::vector<Summary>& summaries) {
  HY_TRY(auto found, last_messages(stores, user, sights, summaries));
  std::vector<StoredMessage> messages;
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) continue;
    messages.push_back(std::move(*found[i]));
    which.push_back(i);
  }
  HY_TRY(drop_recalled_quotes(stores.messages, messages));
  for (std::size_t i = 0; i < which.size(); ++i) {
    Summary& summary = summaries[which[i]];
    if (summary.head < heads[which[i]].seq) summary.time = messages[i].time;
    summary.last_message = to_proto(std::move(messages[i]), user);
  }
  return {};
}

Result<void> fill_marks(CursorStore& cursors, account::Privacy& privacy, UserId user,
                        std::span<const conversation::Membership> memberships, const std::vector<Sight>& sights,
                        std::vector<Summary>& summaries) {
  HY_TRY(const auto marks, read_marks(cursors, privacy, user, memberships));
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    summaries[i].read = std::max(marks[i].own.read, sights[i].first_mark);
    summaries[i].peer_read = marks[i].peer_read;
    summaries[i].peer_delivered = marks[i].peer_delivered;
  }
  return {};
}

}  // namespace

Result<HistoryPage> read_page(const Stores& stores, const conversation::Membership& membership,
                              const PageRequest& request, std::size_t max_bytes) {
  HY_TRY(const View view, read_view(stores, membership));
  const ConversationId conversation = membership.conversation;
  HistoryPage page;
  page.head = view.head;
  page.range = page_range(request, view.seen);
  if (!page.range.empty() && request.around) {
    HY_TRY(page.items, read_around(stores.messages, conversation, *request.around, page.range, max_bytes));
  } else if (!page.range.empty()) {
    const Direction direction = request.after ? Direction::ascending : Direction::descending;
    HY_TRY(page.items, read_side(stores.messages, conversation, page.range, direction, max_bytes));
  }
  page.more_before = page.range.from > view.seen.from;
  page.more_after = page.range.to < view.seen.to;
  HY_TRY(keep_shown(stores, membership.user, page.items));
  return page;
}

Result<StoredMessage> read_message(const Stores& stores, const conversation::Membership& membership, Seq seq) {
  HY_TRY(const View view, read_view(stores, membership));
  const Place place{membership.conversation, seq};
  std::vector<StoredMessage> messages;
  if (contains(view.seen, seq)) {
    HY_TRY(auto found, stores.messages.find(std::span(&place, 1)));
    if (found.front()) messages.push_back(std::move(*found.front()));
  }
  HY_TRY(keep_shown(stores, membership.user, messages));
  if (messages.empty()) return fail(ErrorCode::not_found, "no message that they may see");
  return std::move(messages.front());
}

Result<ChangedPage> read_changes(const Stores& stores, const conversation::Membership& membership,
                                 const ChangesRequest& request, std::size_t max_bytes) {
  HY_TRY(const View view, read_view(stores, membership));
  ChangedPage page;
  page.up_to = request.after;
  const std::int64_t lacking = view.head.change.value - request.after.value;
  if (lacking < 0 || lacking > kMaxChanges) {
    page.up_to = view.head.change;
    page.reset = view.head;
    return page;
  }
  HY_TRY(const auto changes, stores.messages.changes({membership.conversation, request.after, request.limit}));
  const SeqRange wanted{std::max(view.seen.from, request.min_seq), view.seen.to};
  HY_TRY(auto messages, changed_messages(stores.messages, changes, wanted));
  if (!changes.empty()) page.up_to = changes.back().number;
  std::size_t bytes = 0;
  for (ChangedMessage& changed : messages) {
    bytes += changed.message.content.ByteSizeLong();
    page.items.push_back(std::move(changed.message));
    if (bytes <= max_bytes) continue;
    page.up_to = changed.number;
    break;
  }
  page.more = page.up_to < view.head.change;
  HY_TRY(keep_shown(stores, membership.user, page.items));
  return page;
}

Result<std::vector<StoredMessage>> read_pins(const Stores& stores, const conversation::Membership& membership) {
  HY_TRY(const View view, read_view(stores, membership));
  HY_TRY(auto pins, stores.messages.pins(membership.conversation));
  std::ranges::sort(pins, std::greater(), [](const Pin& pin) { return std::pair(pin.mark.time, pin.seq); });
  std::vector<Place> places;
  for (const Pin& pin : pins) {
    if (contains(view.seen, pin.seq)) places.push_back({membership.conversation, pin.seq});
  }
  std::vector<StoredMessage> messages;
  if (places.empty()) return messages;
  HY_TRY(auto found, stores.messages.find(places));
  for (auto& message : found) {
    if (message && message->pinned) messages.push_back(std::move(*message));
  }
  HY_TRY(keep_shown(stores, membership.user, messages));
  return messages;
}

Result<std::vector<Marks>> read_marks(CursorStore& cursors, account::Privacy& privacy, UserId user,
                                      std::span<const conversation::Membership> memberships) {
  std::vector<UserPlace> places;
  for (const auto& membership : memberships) {
    places.push_back({user, membership.conversation});
    if (const auto other = other_person(membership)) places.push_back({*other, membership.conversation});
  }
  HY_TRY(const auto found, cursors.cursors(places));
  HY_TRY(const Hiders hiders, Hiders::in_directs(privacy, user, memberships));
  std::vector<Marks> marks;
  auto next = found.begin();
  for (const auto& membership : memberships) {
    Marks& mark = marks.emplace_back(Marks{.own = *next++, .peer_read = {}, .peer_delivered = {}});
    const auto other = other_person(membership);
    if (!other) continue;
    const Cursor& theirs = *next++;
    mark.peer_delivered = theirs.delivered;
    if (hiders.share(user, *other)) mark.peer_read = theirs.read;
  }
  return marks;
}

Result<std::vector<Summary>> read_summaries(const Stores& stores, account::Privacy& privacy, UserId user,
                                            std::span<const conversation::Membership> memberships) {
  std::vector<ConversationId> conversations;
  for (const auto& membership : memberships) conversations.push_back(membership.conversation);
  std::vector<Summary> summaries(memberships.size());
  if (summaries.empty()) return summaries;
  HY_TRY(const auto heads, stores.messages.heads(conversations));
  HY_TRY(const auto sights, read_sights(stores, user, memberships, heads));
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    summaries[i].conversation = conversations[i];
    summaries[i].head = std::min(heads[i].seq, sights[i].seqs.to);
    summaries[i].change = heads[i].change;
    summaries[i].floor = heads[i].floor;
    summaries[i].time = heads[i].time;
  }
  HY_TRY(fill_marks(stores.cursors, privacy, user, memberships, sights, summaries));
  HY_TRY(fill_last_messages(stores, user, sights, heads, summaries));
  HY_TRY(fill_unread(stores.messages, user, sights, summaries));
  HY_TRY(fill_mentioned(stores, user, sights, heads, summaries));
  return summaries;
}

Result<std::vector<Sight>> read_sights(const Stores& stores, UserId user,
                                       std::span<const conversation::Membership> memberships,
                                       std::span<const Head> heads) {
  std::vector<UserPlace> places;
  for (const auto& membership : memberships) places.push_back({user, membership.conversation});
  HY_TRY(const auto bounds, stores.messages.bounds(places));
  HY_TRY(const auto cleared, stores.hidden.cleared(places));
  std::vector<Sight> sights;
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    const auto type = memberships[i].type;
    const auto bound = bound_of(type, bounds[i]);
    sights.push_back({visible(bound, cleared[i], heads[i]), first_mark(type, bound)});
  }
  return sights;
}

}  // namespace hongyan::message::reading
