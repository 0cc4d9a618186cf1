#include "domain/message/reading/standings.h"

#include <algorithm>

#include "domain/message/reading/history.h"

namespace hongyan::message::reading {

Result<Stamp> read_stamp(const Stores& stores, UserId user) {
  HY_TRY(const auto commit, stores.messages.last_commit());
  HY_TRY(const auto numbers, stores.cursors.cursor_numbers(std::span(&user, 1)));
  return Stamp{commit, numbers.front()};
}

Result<std::vector<Standing>> read_standings(const Stores& stores, account::Privacy& privacy, UserId user,
                                             std::span<const conversation::Membership> memberships) {
  std::vector<Standing> standings;
  if (memberships.empty()) return standings;
  std::vector<ConversationId> conversations;
  for (const auto& membership : memberships) conversations.push_back(membership.conversation);
  HY_TRY(const auto heads, stores.messages.heads(conversations));
  HY_TRY(const auto sights, read_sights(stores, user, memberships, heads));
  HY_TRY(const auto marks, read_marks(stores.cursors, privacy, user, memberships));
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    standings.push_back({.conversation = conversations[i],
                         .head = std::min(heads[i].seq, sights[i].seqs.to),
                         .change = heads[i].change,
                         .read = std::max(marks[i].own.read, sights[i].first_mark),
                         .peer_read = marks[i].peer_read,
                         .peer_delivered = marks[i].peer_delivered,
                         .moved = {heads[i].commit, marks[i].own.number}});
  }
  return standings;
}

}  // namespace hongyan::message::reading
