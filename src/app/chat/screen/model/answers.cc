#include "app/chat/screen/model/answers.h"

#include <algorithm>

#include "app/chat/screen/text/words.h"

namespace hongyan::chat::screen {
namespace {

void learn_page(State& state, Chat& chat, const v1::ListMessagesResponse& page) {
  for (const v1::Message& message : page.items()) {
    for (const std::uint64_t user : named_in(message)) state.names.need(user);
    std::erase_if(chat.outgoing, [&](const Outgoing& one) { return one.client_msg_id == message.client_msg_id(); });
  }
  if (state.names.has_needed()) state.want(LoadNames{});
}

Outgoing* find_outgoing(State& state, std::uint64_t chat, const std::string& client_msg_id) {
  Chat* const found = state.chat(chat);
  if (found == nullptr) return nullptr;
  const auto one = std::ranges::find(found->outgoing, client_msg_id, &Outgoing::client_msg_id);
  return one == found->outgoing.end() ? nullptr : &*one;
}

bool is_waiting(const v1::ContactRequest& request) { return request.state() == v1::CONTACT_REQUEST_STATE_PENDING; }

// Only what is still to be answered.
void keep_waiting(std::vector<v1::ContactRequest>& requests) {
  std::erase_if(requests, [](const v1::ContactRequest& request) { return !is_waiting(request); });
}

std::string what_failed(const Command& command) {
  if (std::holds_alternative<LoadNewest>(command)) return "The messages could not be loaded: ";
  if (std::holds_alternative<LoadOlder>(command)) return "Earlier messages could not be loaded: ";
  if (std::holds_alternative<AskFriend>(command)) return "The request was not sent: ";
  if (std::holds_alternative<AnswerFriend>(command)) return "The request was not answered: ";
  if (std::holds_alternative<OpenWith>(command)) return "The chat could not be opened: ";
  return {};
}

}  // namespace

void take_newest(State& state, std::uint64_t chat, const v1::ListMessagesResponse& page) {
  Chat* const found = state.chat(chat);
  if (found == nullptr) return;
  found->is_loading = false;
  found->history.begin(page);
  learn_page(state, *found, page);
}

void take_older(State& state, std::uint64_t chat, const v1::ListMessagesResponse& page) {
  Chat* const found = state.chat(chat);
  if (found == nullptr) return;
  found->is_loading = false;
  found->history.prepend(page);
  learn_page(state, *found, page);
}

bool take_changes(State& state, std::uint64_t chat, const v1::ListChangesResponse& changes) {
  Chat* const found = state.chat(chat);
  if (found == nullptr) return true;
  if (changes.has_reset()) {
    found->history.clear();
    if (state.open == chat) state.want(LoadNewest{chat});
    return true;
  }
  for (const v1::Message& message : changes.items()) {
    found->history.replace(message);
    if (message.seq() == found->about.last_message().seq()) *found->about.mutable_last_message() = message;
  }
  found->history.change_up_to(changes.up_to_change());
  return !changes.more();
}

void take_sent(State& state, std::uint64_t chat, const std::string& client_msg_id, const v1::SendResponse& sent) {
  Outgoing* const one = find_outgoing(state, chat, client_msg_id);
  if (one == nullptr) return;
  one->seq = sent.seq();
  one->time_ms = sent.time_ms();
}

void take_refused(State& state, std::uint64_t chat, const std::string& client_msg_id, const Error& why) {
  if (Outgoing* const one = find_outgoing(state, chat, client_msg_id)) one->refused = refusal(why);
}

void take_friends(State& state, Friends friends) {
  const std::size_t waited = state.received.size();
  for (const v1::UserName& user : friends.users) state.names.learn(user.user_id(), user.nickname());
  state.names.forget_remarks();
  for (const v1::Contact& contact : friends.contacts) state.names.remark(contact.user_id(), contact.remark());
  keep_waiting(friends.received);
  keep_waiting(friends.asked);
  state.contacts = std::move(friends.contacts);
  state.received = std::move(friends.received);
  state.asked = std::move(friends.asked);
  if (state.received.size() > waited) {
    const v1::ContactRequest& newest = state.received.front();
    state.say(state.names.of(newest.from_user_id()) + " wants to be your friend");
  }
}

void take_groups(State& state, std::vector<v1::Group> groups) {
  state.groups = std::move(groups);
  std::ranges::sort(state.groups, {},
                    [](const v1::Group& group) { return std::pair(std::string_view(group.name()), group.group_id()); });
}

void take_failure(State& state, const Command& command, const Error& why) {
  if (const auto* newest = std::get_if<LoadNewest>(&command)) {
    if (Chat* const chat = state.chat(newest->chat)) chat->is_loading = false;
  }
  if (const auto* older = std::get_if<LoadOlder>(&command)) {
    if (Chat* const chat = state.chat(older->chat)) {
      chat->is_loading = false;
      chat->older_failed = true;
    }
  }
  // What nobody asked for fails in silence: it is asked again when it matters.
  const std::string what = what_failed(command);
  if (!what.empty()) state.complain(what + refusal(why));
}

}  // namespace hongyan::chat::screen
