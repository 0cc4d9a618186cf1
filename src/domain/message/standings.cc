#include "domain/message/standings.h"

#include <algorithm>

#include "domain/message/reading/history.h"

namespace hongyan::message {

Result<Standings> read_standings(MessageStore& messages, CursorStore& cursors, UserId user,
                                 std::span<const conversation::Membership> memberships) {
  Standings standings;
  HY_TRY(standings.stamp.commit, messages.last_commit());
  HY_TRY(const auto numbers, cursors.cursor_numbers(std::span(&user, 1)));
  standings.stamp.cursor = numbers.front();
  if (memberships.empty()) return standings;
  std::vector<ConversationId> conversations;
  std::vector<UserPlace> places;
  for (const auto& membership : memberships) {
    conversations.push_back(membership.conversation);
    places.push_back({user, membership.conversation});
  }
  HY_TRY(const auto heads, messages.heads(conversations));
  HY_TRY(const auto sights, reading::read_sights(messages, user, memberships, heads));
  HY_TRY(const auto marks, cursors.cursors(places));
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    standings.items.push_back({.conversation = conversations[i],
                               .head = std::min(heads[i].seq, sights[i].seqs.to),
                               .change = heads[i].change,
                               .read = std::max(marks[i].read, sights[i].first_mark),
                               .moved = {heads[i].commit, marks[i].number}});
  }
  return standings;
}

}  // namespace hongyan::message
