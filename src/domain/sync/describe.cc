#include "domain/sync/describe.h"

#include <algorithm>

#include "domain/sync/rules.h"

namespace hongyan::sync {

async::Task<Result<std::vector<v1::Conversation>>> describe(account::Api& accounts, UserId user,
                                                            std::vector<conversation::Membership> memberships,
                                                            std::vector<message::Summary> summaries,
                                                            async::Deadline deadline) {
  std::vector<UserId> peers;
  for (const auto& membership : memberships) peers.push_back(membership.peer.value_or(user));
  std::vector<v1::Conversation> items;
  if (memberships.empty()) co_return items;
  HY_CO_TRY(const auto cards, co_await accounts.users(peers, deadline));
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    const auto card = std::ranges::find(cards, peers[i], &account::UserCard::user_id);
    items.push_back(to_proto(memberships[i], summaries[i], card == cards.end() ? nullptr : &*card));
  }
  co_return items;
}

}  // namespace hongyan::sync
