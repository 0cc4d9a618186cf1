#include "domain/conversation/service.h"

#include "domain/conversation/rules.h"

namespace hongyan::conversation {

async::Task<Result<Membership>> Service::open_direct(UserId user, UserId peer, async::Deadline deadline) {
  HY_CO_TRY(const auto existing, co_await store_.find_direct(Pair(user, peer), deadline));
  ConversationId conversation = existing.value_or(ConversationId());
  if (!existing) {
    HY_CO_TRY(conversation, co_await create_direct(user, peer, deadline));
  }
  co_return co_await membership(conversation, user, deadline);
}

async::Task<Result<ConversationId>> Service::create_direct(UserId user, UserId peer, async::Deadline deadline) {
  HY_CO_TRY(const auto cards, co_await accounts_.users(std::vector{peer}, deadline));
  if (cards.empty() || !cards.front().enabled) co_return fail(ErrorCode::not_found, "no such person");
  HY_CO_TRY(const auto fresh, ids_.next());
  co_return co_await store_.create_direct(Pair(user, peer), ConversationId(fresh), clock_.now(), deadline);
}

async::Task<Result<SendGuard>> Service::send_guard(ConversationId conversation, UserId sender,
                                                   async::Deadline deadline) {
  HY_CO_TRY(const auto facts, co_await store_.guard_facts(conversation, sender, deadline));
  const auto& membership = facts.membership;
  std::vector<UserId> people{sender};
  if (membership && membership->peer && *membership->peer != sender) people.push_back(*membership->peer);
  HY_CO_TRY(const auto cards, co_await accounts_.users(std::move(people), deadline));
  SendGuard guard = send_guard_of(sender, membership, cards, facts.relation, clock_.now());
  guard.lines_waiting = facts.lines_waiting;
  co_return guard;
}

async::Task<Result<Membership>> Service::membership(ConversationId conversation, UserId user,
                                                    async::Deadline deadline) {
  HY_CO_TRY(auto found, co_await store_.membership(conversation, user, deadline));
  if (!found) co_return fail(ErrorCode::not_found, "no member of that conversation");
  co_return *std::move(found);
}

async::Task<Result<std::vector<Membership>>> Service::memberships_of(UserId user, async::Deadline deadline) {
  return store_.memberships_of(user, deadline);
}

async::Task<Result<PlaceIds>> Service::place_ids(UserId user, async::Deadline deadline) {
  return store_.place_ids(user, deadline);
}

async::Task<Result<Places>> Service::places_in(UserId user, std::vector<ConversationId> conversations,
                                               async::Deadline deadline) {
  if (conversations.size() > Store::kMaxNamed) conversations.resize(Store::kMaxNamed);
  return store_.places_in(user, std::move(conversations), deadline);
}

async::Task<Result<std::vector<UserId>>> Service::acquainted(UserId user, std::vector<UserId> others,
                                                             async::Deadline deadline) {
  return store_.acquainted(user, std::move(others), deadline);
}

async::Task<Result<std::vector<UserId>>> Service::member_ids(ConversationId conversation, async::Deadline deadline) {
  return store_.member_ids(conversation, deadline);
}

}  // namespace hongyan::conversation
