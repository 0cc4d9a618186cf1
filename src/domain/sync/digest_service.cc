#include "domain/sync/digest_service.h"

#include "domain/sync/pull.h"

namespace hongyan::sync {

async::Task<Result<Comparison>> DigestService::compare(UserId user, std::vector<v1::HeldConversation> held,
                                                       async::Deadline deadline) {
  if (held.size() > kMaxCompared) held.resize(kMaxCompared);
  Known known;
  std::vector<ConversationId> conversations;
  for (v1::HeldConversation& one : held) {
    const ConversationId conversation(one.conversation_id());
    conversations.push_back(conversation);
    known.held.insert_or_assign(conversation, std::move(one));
  }
  HY_CO_TRY(const auto places, co_await conversations_.places_in(user, std::move(conversations), deadline));
  HY_CO_TRY(const auto standings, co_await messages_.standings(user, places.memberships, deadline));
  Comparison comparison{.version = places.version, .behind = {}};
  for (std::size_t i = 0; i < places.memberships.size(); ++i) {
    const message::Standing& standing = standings.items[i];
    const bool former = places.memberships[i].former;
    if (former ? is_short_of(standing, known) : movement_of(standing, known) != Movement::none) {
      comparison.behind.push_back(standing.conversation);
    }
  }
  co_return comparison;
}

async::Task<Result<Heads>> DigestService::heads(UserId user, std::vector<ConversationId> conversations,
                                                async::Deadline deadline) {
  if (conversations.size() > kMaxHeads) conversations.resize(kMaxHeads);
  HY_CO_TRY(const auto places, co_await conversations_.places_in(user, std::move(conversations), deadline));
  HY_CO_TRY(const auto standings, co_await messages_.standings(user, places.memberships, deadline));
  Heads heads{.version = places.version, .conversations = {}};
  for (std::size_t i = 0; i < places.memberships.size(); ++i) {
    const message::Standing& standing = standings.items[i];
    v1::GapConversation& head = heads.conversations.emplace_back();
    head.set_conversation_id(standing.conversation.value);
    head.set_seq(standing.head.value);
    // Of a group that goes on without them only what they may read is theirs to know.
    if (!places.memberships[i].former) head.set_change(standing.change.value);
  }
  co_return heads;
}

}  // namespace hongyan::sync
