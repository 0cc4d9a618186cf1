#include "domain/sync/pull_service.h"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_set>

#include "base/numbers.h"
#include "domain/sync/describe.h"
#include "domain/sync/user_events.h"

namespace hongyan::sync {
namespace {

// Kinds of events that speak of a conversation.
constexpr std::array<std::string_view, 4> kOfConversations{"group", "cleared", "deleted", "conversation"};

// Places of one question.
constexpr std::size_t kNamed = 100;

std::string pull_query_of(UserId user) { return "sync.pull:" + std::to_string(user.value); }

// The conversation that an event speaks of: its id, or what stands before "/", is the key.
std::optional<ConversationId> conversation_of(const account::UserEvent& event) {
  if (std::ranges::find(kOfConversations, event.kind) == kOfConversations.end()) return std::nullopt;
  const std::string_view key = event.key;
  const auto conversation = number_from<std::uint64_t>(key.substr(0, key.find('/')));
  if (!conversation) return std::nullopt;
  return ConversationId(*conversation);
}

void add_gone(v1::PullResponse& response, ConversationId conversation, const char* reason, Seq left) {
  v1::GoneConversation& gone = *response.add_gone();
  gone.set_conversation_id(conversation.value);
  gone.set_reason(reason);
  gone.set_left_seq(left.value);
}

}  // namespace

struct PullService::Draft {
  UserId user;
  Known known;
  // Where the pages before this one ended.
  std::optional<PullPosition> position;
  v1::PullResponse response;
};

async::Task<Result<v1::PullResponse>> PullService::pull(UserId user, v1::PullRequest request,
                                                        async::Deadline deadline) {
  if (request.conversations_size() > kMaxHeld) {
    co_return fail(Error::invalid("conversations", "more than 500"));
  }
  for (const v1::HeldConversation& held : request.conversations()) {
    if (held.conversation_id() == 0) co_return fail(Error::invalid("conversations", "one without conversation_id"));
  }
  Draft draft{.user = user, .known = {}, .position = {}, .response = {}};
  if (!request.cursor().empty()) {
    HY_CO_TRY(const std::string text, ports_.cursors.open(pull_query_of(user), request.cursor()));
    draft.position = pull_position_from(text);
    if (!draft.position) co_return fail(Error::invalid("cursor", "no position"));
  }
  draft.response.set_epoch(ports_.messages.epoch());
  const auto since = since_from(request.since());
  if (since && since->epoch == draft.response.epoch()) draft.known.stamp = since->stamp;
  if (!draft.known.stamp) {
    for (v1::HeldConversation& held : *request.mutable_conversations()) {
      const ConversationId conversation(held.conversation_id());
      draft.known.held.insert_or_assign(conversation, std::move(held));
    }
  }
  HY_CO_TRY(co_await add_events(draft, account::UserVersion(request.user_version()), deadline));
  const std::size_t limit =
      request.has_limit() ? static_cast<std::size_t>(std::clamp(request.limit(), 1, 1000)) : kDefaultPull;
  HY_CO_TRY(co_await add_conversations(draft, limit, deadline));
  co_return std::move(draft.response);
}

// Read before the memberships: an event that is missed here belongs to a higher version than is answered.
async::Task<Result<void>> PullService::add_events(Draft& draft, account::UserVersion known, async::Deadline deadline) {
  HY_CO_TRY(const auto page, co_await ports_.events.since(draft.user, known, deadline));
  draft.response.set_user_version(draft.position ? draft.position->version.value : page.version.value);
  for (const account::VersionedEvent& event : page.events) {
    if (const auto conversation = conversation_of(event.event)) draft.known.named.push_back(*conversation);
    if (!draft.position) *draft.response.add_user_events() = to_proto(event);
  }
  if (page.reset && !draft.position) draft.response.mutable_reset()->set_version(page.version.value);
  co_return Result<void>();
}

// Standings are newer than the memberships. Who has come back in between stands in a new stay, and its head must not be told as
// the end of the old one: they would take the line of their return for something behind it.
async::Task<Result<void>> PullService::look_again(const Draft& draft, const std::vector<message::Standing>& standings,
                                                  std::vector<conversation::Membership>& memberships,
                                                  async::Deadline deadline) {
  std::vector<ConversationId> left;
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    const bool told = movement_of(standings[i], draft.known) != Movement::none;
    if (memberships[i].former && told) left.push_back(memberships[i].conversation);
  }
  for (std::size_t at = 0; at < left.size(); at += kNamed) {
    const auto part = std::span(left).subspan(at, std::min(kNamed, left.size() - at));
    HY_CO_TRY(auto now, co_await ports_.conversations.places_in(draft.user, {part.begin(), part.end()}, deadline));
    for (conversation::Membership& place : now.memberships) {
      *std::ranges::find(memberships, place.conversation, &conversation::Membership::conversation) = std::move(place);
    }
  }
  co_return Result<void>();
}

async::Task<Result<void>> PullService::add_conversations(Draft& draft, std::size_t limit, async::Deadline deadline) {
  // Before the memberships: what is said in a 1:1 that is made after them has a higher number, and is listed next time.
  HY_CO_TRY(const auto stamp, co_await ports_.messages.stamp(draft.user, deadline));
  HY_CO_TRY(auto memberships, co_await ports_.conversations.memberships_of(draft.user, deadline));
  HY_CO_TRY(const auto standings, co_await ports_.messages.standings(draft.user, memberships, deadline));
  HY_CO_TRY(co_await look_again(draft, standings, memberships, deadline));
  const Since since = draft.position ? draft.position->since : Since{draft.response.epoch(), stamp};
  draft.response.set_since(to_text(since));

  std::vector<conversation::Membership> moved;
  std::unordered_set<ConversationId> ahead;
  std::unordered_set<ConversationId> mine;
  ConversationId last;
  bool more = false;
  for (std::size_t i = 0; i < memberships.size(); ++i) {
    const message::Standing& standing = standings[i];
    mine.insert(standing.conversation);
    if (draft.position && standing.conversation <= draft.position->after) continue;
    const Movement movement = movement_of(standing, draft.known);
    if (movement == Movement::none || more) continue;
    more = moved.size() + static_cast<std::size_t>(draft.response.gone_size()) >= limit;
    if (more) continue;
    last = standing.conversation;
    if (memberships[i].former) {
      add_gone(draft.response, standing.conversation, "left", standing.head);
      continue;
    }
    if (movement == Movement::ahead) ahead.insert(standing.conversation);
    moved.push_back(memberships[i]);
  }
  if (!draft.position) {
    for (const auto& [conversation, held] : draft.known.held) {
      if (!mine.contains(conversation)) add_gone(draft.response, conversation, "unknown", Seq(0));
    }
  }
  if (more) {
    const PullPosition position{since, account::UserVersion(draft.response.user_version()), last};
    draft.response.set_next_cursor(ports_.cursors.seal(pull_query_of(draft.user), to_text(position)));
  }
  HY_CO_TRY(auto summaries, co_await ports_.messages.summaries(draft.user, moved, deadline));
  if (moved.empty()) co_return Result<void>();
  HY_CO_TRY(auto settings, co_await ports_.settings.all_of(draft.user, deadline));
  HY_CO_TRY(auto items, co_await describe(ports_.accounts, ports_.messages, draft.user, std::move(moved),
                                          std::move(summaries), std::move(settings), deadline));
  for (v1::Conversation& item : items) {
    if (ahead.contains(ConversationId(item.conversation_id()))) item.set_reset(true);
    *draft.response.add_conversations() = std::move(item);
  }
  co_return Result<void>();
}

}  // namespace hongyan::sync
