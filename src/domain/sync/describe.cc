#include "domain/sync/describe.h"

#include <algorithm>

#include "domain/sync/rules.h"

namespace hongyan::sync {

async::Task<Result<std::vector<v1::Conversation>>> describe(account::Api& accounts, message::Api& messages, UserId user,
                                                            std::vector<conversation::Membership> memberships,
                                                            std::vector<message::Summary> summaries,
                                                            SettingsBy settings, async::Deadline deadline) {
  std::vector<v1::Conversation> items;
  if (memberships.empty()) co_return items;
  std::vector<UserId> peers;
  std::vector<message::UserPlace> places;
  for (const auto& membership : memberships) {
    if (membership.peer) peers.push_back(*membership.peer);
    places.push_back({user, membership.conversation});
  }
  HY_CO_TRY(const auto cards, co_await accounts.users(std::move(peers), deadline));
  HY_CO_TRY(const auto bounds, co_await messages.bounds(std::move(places), deadline));
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    const auto card =
        std::ranges::find_if(cards, [&](const account::UserCard& one) { return one.user_id == memberships[i].peer; });
    items.push_back(
        to_proto(memberships[i], summaries[i], card == cards.end() ? nullptr : &*card, bounds[i], settings));
  }
  co_return items;
}

}  // namespace hongyan::sync
