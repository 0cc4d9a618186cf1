#include "domain/sync/digest_service.h"

#include "base/numbers.h"
#include "domain/sync/pull.h"

namespace hongyan::sync {

namespace {

// What the heartbeat says of each conversation.
Result<Known> known_from(const v1::PingFrame& ping) {
  if (static_cast<std::size_t>(ping.heads_size()) > Api::kMaxCompared) {
    return fail(Error::invalid("heads", "more than 20"));
  }
  Known known;
  for (const auto& [text, head] : ping.heads()) {
    const ConversationId conversation(number_from<std::uint64_t>(text).value_or(0));
    if (!conversation) return fail(Error::invalid("heads", "a key is no id"));
    v1::HeldConversation& held = known.held[conversation];
    held.set_seq(head.seq());
    held.set_change(head.change());
    held.set_read_seq(head.read_seq());
  }
  return known;
}

}  // namespace

async::Task<Result<Comparison>> DigestService::compare(UserId user, v1::PingFrame ping, async::Deadline deadline) {
  HY_CO_TRY(const Known known, known_from(ping));
  std::vector<ConversationId> conversations;
  for (const auto& [conversation, head] : known.held) conversations.push_back(conversation);
  HY_CO_TRY(const auto places, co_await conversations_.places_in(user, std::move(conversations), deadline));
  HY_CO_TRY(const auto standings, co_await messages_.standings(user, places.memberships, deadline));
  Comparison comparison{.version = places.version, .behind = {}};
  for (std::size_t i = 0; i < places.memberships.size(); ++i) {
    const message::Standing& standing = standings[i];
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
    const message::Standing& standing = standings[i];
    v1::GapConversation& head = heads.conversations.emplace_back();
    head.set_conversation_id(standing.conversation.value);
    head.set_seq(standing.head.value);
    // Of a group that goes on without them only what they may read is theirs to know.
    if (!places.memberships[i].former) head.set_change(standing.change.value);
  }
  co_return heads;
}

}  // namespace hongyan::sync
