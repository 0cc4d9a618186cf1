#include "simulation/heads.h"

#include <algorithm>
#include <set>

#include "base/assert.h"

namespace hongyan::simulation {
namespace {

template <class Response>
const Response& as(const wire::MessagePtr& message) {
  return static_cast<const Response&>(*message);
}

}  // namespace

void Heads::forget() {
  since_.clear();
  user_version_ = 0;
}

bool Heads::user_event(const v1::UserEventPush& push) {
  if (push.version() > user_version_ + 1 || push.state().has_group()) return false;
  user_version_ = std::max(user_version_, push.version());
  apply(push.state());
  return true;
}

// Where somebody has joined or left is in the conversations and in their lines.
void Heads::apply(const v1::UserEventState& state) {
  if (state.has_cleared()) {
    open_(ConversationId(state.cleared().conversation_id())).cleared(state.cleared().up_to_seq());
  } else if (state.has_deleted()) {
    open_(ConversationId(state.deleted().conversation_id())).deleted(state.deleted().seq());
  }
}

async::Task<bool> Heads::compare(Ask ask) {
  ++rounds_;
  Before before;
  for (const auto& [conversation, replica] : replicas_) before[conversation] = replica->joined_seq();
  if (way_ == Way::list) co_return co_await list(std::move(ask), std::move(before));
  co_return co_await pull(std::move(ask), std::move(before));
}

async::Task<bool> Heads::list(Ask ask, Before before) {
  if (!co_await list_events(ask)) co_return false;
  std::set<ConversationId> listed;
  v1::ListConversationsRequest request;
  // Now and then short pages, so that their borders are crossed.
  request.set_limit(rounds_ % 2 == 0 ? 2 : 200);
  do {
    const auto answer = co_await ask("conversation.list", std::make_unique<v1::ListConversationsRequest>(request));
    if (!answer) co_return false;
    const auto& page = as<v1::ListConversationsResponse>(answer);
    for (const v1::Conversation& view : page.items()) {
      const ConversationId conversation(view.conversation_id());
      open_(conversation).seen(view);
      listed.insert(conversation);
    }
    request.set_cursor(page.next_cursor());
  } while (!request.cursor().empty());
  for (const auto& [conversation, joined_seq] : before) {
    if (listed.contains(conversation)) continue;
    if (!co_await end_of(ask, conversation, joined_seq)) co_return false;
  }
  co_return true;
}

// Only what the person has done elsewhere: conversations are listed.
async::Task<bool> Heads::list_events(Ask ask) {
  v1::PullRequest request;
  request.set_user_version(user_version_);
  request.set_limit(1);
  const auto answer = co_await ask("sync.pull", std::make_unique<v1::PullRequest>(request));
  if (!answer) co_return false;
  const auto& page = as<v1::PullResponse>(answer);
  for (const v1::UserEvent& event : page.user_events()) apply(event.state());
  user_version_ = std::max(user_version_, page.user_version());
  co_return true;
}

// One that has moved to the front between two pages, or a group that is listed no more: its member may read up to where they left.
async::Task<bool> Heads::end_of(Ask ask, ConversationId conversation, Replica::Number joined_seq) {
  auto request = std::make_unique<v1::GetConversationRequest>();
  request->set_conversation_id(conversation.value);
  const auto answer = co_await ask("conversation.get", std::move(request));
  if (!answer) co_return false;
  const v1::Conversation& view = as<v1::GetConversationResponse>(answer).conversation();
  if (view.has_my_role() || view.type() != v1::CONVERSATION_TYPE_GROUP) {
    open_(conversation).seen(view);
  } else {
    open_(conversation).gone(view.seq(), joined_seq);
  }
  co_return true;
}

v1::PullRequest Heads::known() const {
  v1::PullRequest request;
  request.set_user_version(user_version_);
  request.set_limit(rounds_ % 2 == 0 ? 2 : 200);
  if (way_ == Way::since) {
    request.set_since(since_);
    return request;
  }
  for (const auto& [conversation, replica] : replicas_) {
    v1::HeldConversation& held = *request.add_conversations();
    held.set_conversation_id(conversation.value);
    held.set_seq(replica->seq());
    held.set_change(replica->change());
    held.set_read_seq(replica->read_seq());
    if (!replica->is_group()) held.set_peer_read_seq(replica->peer_read_seq());
  }
  return request;
}

async::Task<bool> Heads::pull(Ask ask, Before before) {
  v1::PullRequest request = known();
  std::string since;
  std::int64_t version = 0;
  do {
    const auto answer = co_await ask("sync.pull", std::make_unique<v1::PullRequest>(request));
    if (!answer) co_return false;
    const auto& page = as<v1::PullResponse>(answer);
    take(page, before);
    request.set_cursor(page.next_cursor());
    since = page.since();
    version = page.user_version();
  } while (!request.cursor().empty());
  // Only who has all pages knows all up to there.
  since_ = std::move(since);
  user_version_ = std::max(user_version_, version);
  co_return true;
}

void Heads::take(const v1::PullResponse& answer, const Before& before) {
  for (const v1::UserEvent& event : answer.user_events()) apply(event.state());
  for (const v1::Conversation& view : answer.conversations()) open_(ConversationId(view.conversation_id())).seen(view);
  for (const v1::GoneConversation& gone : answer.gone()) {
    const ConversationId conversation(gone.conversation_id());
    const auto held = before.find(conversation);
    if (held != before.end() && gone.reason() == "left") open_(conversation).gone(gone.left_seq(), held->second);
  }
}

}  // namespace hongyan::simulation
