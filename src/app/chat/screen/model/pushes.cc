#include "app/chat/screen/model/pushes.h"

#include <algorithm>
#include <set>

#include "app/chat/screen/text/words.h"
#include "hongyan/v1/frame.pb.h"
#include "wire/json_codec.h"

namespace hongyan::chat::screen {
namespace {

bool is_of_another(const State& state, const v1::Message& message) {
  return message.has_sender_id() && message.sender_id() != state.me.user_id();
}

void need_names(State& state, const v1::Message& message) {
  for (const std::uint64_t user : named_in(message)) state.names.need(user);
  if (state.names.has_needed()) state.want(LoadNames{});
}

// The server knows it now by the message itself.
void settle(Chat& chat, const v1::Message& message) {
  std::erase_if(chat.outgoing, [&](const Outgoing& one) { return one.client_msg_id == message.client_msg_id(); });
}

void add_to_history(State& state, Chat& chat, const v1::Message& message) {
  if (!chat.history.is_held() || chat.history.append(message)) return;
  chat.history.clear();
  if (state.open != chat.about.conversation_id()) return;
  chat.is_loading = true;
  state.want(LoadNewest{chat.about.conversation_id()});
}

// A line of the server's own says that something else has changed, too.
void follow_line(State& state, const v1::Message& message) {
  if (!message.content().has_system()) return;
  if (message.content().system().code() == "contact_added") return state.want(LoadFriends{});
  state.want(LoadChat{message.conversation_id()});
  state.want(LoadGroups{});
}

void take_read(State& state, const v1::ReadPush& read) {
  Chat* const chat = state.chat(read.conversation_id());
  if (chat == nullptr) return;
  v1::Conversation& about = chat->about;
  if (read.user_id() == state.me.user_id()) {
    // From another device of the user.
    if (read.seq() <= about.read_seq()) return;
    about.set_read_seq(read.seq());
    if (read.seq() >= about.seq()) return about.set_unread(0);
    return state.want(LoadChat{read.conversation_id()});
  }
  if (!about.has_peer_user_id() || about.peer_user_id() != read.user_id()) return;
  about.set_peer_read_seq(std::max(about.peer_read_seq(), read.seq()));
}

void take_delivered(State& state, const v1::DeliveredPush& delivered) {
  Chat* const chat = state.chat(delivered.conversation_id());
  if (chat == nullptr || chat->about.peer_user_id() != delivered.user_id()) return;
  chat->about.set_peer_delivered_seq(std::max(chat->about.peer_delivered_seq(), delivered.seq()));
}

void take_change(State& state, const v1::ChangePush& change) {
  Chat* const chat = state.chat(change.conversation_id());
  if (chat == nullptr) return;
  if (change.message().seq() == chat->about.last_message().seq() && change.has_message()) {
    *chat->about.mutable_last_message() = change.message();
  }
  History& history = chat->history;
  if (!history.is_held()) return;
  if (change.change() > history.change() + 1) return state.want(LoadChanges{change.conversation_id()});
  if (change.has_message()) history.replace(change.message());
  history.change_up_to(change.change());
}

void take_settings(State& state, const v1::ConversationSettingsEvent& event) {
  Chat* const chat = state.chat(event.conversation_id());
  if (chat == nullptr) return state.want(LoadChat{event.conversation_id()});
  v1::ConversationSettings& settings = *chat->about.mutable_settings();
  settings.set_pinned(event.pinned());
  settings.set_muted(event.muted());
  settings.set_marked_unread(event.marked_unread());
  settings.set_hidden(event.has_hidden_up_to_seq() && chat->about.seq() <= event.hidden_up_to_seq());
}

void take_event(State& state, const v1::UserEventState& event) {
  using Kind = v1::UserEventState::KindCase;
  switch (event.kind_case()) {
    case Kind::kContact:
    case Kind::kContactRequest: return state.want(LoadFriends{});
    case Kind::kGroup: state.want(LoadChat{event.group().group_id()}); return state.want(LoadGroups{});
    case Kind::kConversation: return take_settings(state, event.conversation());
    case Kind::kCleared:
      if (Chat* const chat = state.chat(event.cleared().conversation_id())) {
        chat->history.forget_up_to(event.cleared().up_to_seq());
        state.want(LoadChat{event.cleared().conversation_id()});
      }
      return;
    case Kind::kDeleted:
      if (Chat* const chat = state.chat(event.deleted().conversation_id())) {
        chat->history.forget(event.deleted().seq());
        state.want(LoadChat{event.deleted().conversation_id()});
      }
      return;
    default: return;
  }
}

// Hands a push of type Data to `take`, when it can be read.
template <class Data, class Take>
void with(State& state, const ServerFrame& push, Take take) {
  Data data;
  if (wire::from_json(push.data, data)) take(state, data);
}

void note_missed_changes(State& state, const v1::MessagePush& push) {
  const Chat* const chat = state.chat(push.conversation_id());
  if (chat != nullptr && chat->history.is_held() && push.change() > chat->history.change()) {
    state.want(LoadChanges{push.conversation_id()});
  }
}

// What was left out may be anything of these conversations, and of the user's own things.
void take_gap(State& state, const v1::GapPush& gap) {
  for (const v1::GapConversation& behind : gap.conversations()) state.want(LoadChat{behind.conversation_id()});
  state.want(LoadFriends{});
  state.want(LoadGroups{});
}

// Another history: nothing that is held is of it, but what was not accepted is still to be sent.
void begin_anew(State& state) {
  for (auto& [id, chat] : state.chats) {
    chat.history.clear();
    chat.about.set_seq(0);
    chat.about.clear_last_message();
    chat.about.clear_peer_read_seq();
    chat.about.clear_peer_delivered_seq();
    chat.delivered_seq = 0;
    chat.anchor.reset();
    std::erase_if(chat.outgoing, [](const Outgoing& one) { return one.seq != 0; });
  }
}

}  // namespace

void take_list(State& state, const std::vector<v1::Conversation>& all, bool replaced) {
  if (replaced) begin_anew(state);
  std::set<std::uint64_t> listed;
  for (const v1::Conversation& conversation : all) {
    listed.insert(conversation.conversation_id());
    take_conversation(state, conversation);
  }
  for (auto& [id, chat] : state.chats) {
    if (!listed.contains(id)) chat.about.mutable_settings()->set_hidden(true);
    if (std::ranges::any_of(chat.outgoing, &Outgoing::is_waiting)) state.want(SendNext{id});
  }
  Chat* const open = state.open_chat();
  if (open != nullptr && !open->history.is_held()) {
    open->is_loading = true;
    state.want(LoadNewest{*state.open});
  }
  state.want(LoadFriends{});
  state.want(LoadGroups{});
}

void take_conversation(State& state, const v1::Conversation& conversation) {
  const std::uint64_t id = conversation.conversation_id();
  Chat& chat = state.chats[id];
  // What was pushed meanwhile is newer than the answer.
  const bool is_behind = conversation.seq() < chat.about.seq();
  const v1::Conversation held = std::exchange(chat.about, conversation);
  if (is_behind) {
    chat.about.set_seq(held.seq());
    *chat.about.mutable_last_message() = held.last_message();
  }
  if (held.peer_delivered_seq() > conversation.peer_delivered_seq()) {
    chat.about.set_peer_delivered_seq(held.peer_delivered_seq());
  }
  if (conversation.has_peer_user_id()) state.names.learn(conversation.peer_user_id(), conversation.title());
  need_names(state, conversation.last_message());
  if (chat.history.is_held() && conversation.change() > chat.history.change()) state.want(LoadChanges{id});
  if (conversation.unread() > 0 && chat.delivered_seq < conversation.seq()) state.want(MarkDelivered{id});
  if (state.open == id) state.mark_seen();
}

void take_message(State& state, const v1::Message& message) {
  const std::uint64_t id = message.conversation_id();
  const auto [found, is_unknown] = state.chats.try_emplace(id);
  Chat& chat = found->second;
  chat.about.set_conversation_id(id);
  if (is_unknown) state.want(LoadChat{id});
  settle(chat, message);
  if (message.seq() > chat.about.seq()) {
    chat.about.set_seq(message.seq());
    chat.about.mutable_settings()->set_hidden(false);
    *chat.about.mutable_last_message() = message;
    if (is_of_another(state, message)) chat.about.set_unread(chat.about.unread() + 1);
  }
  add_to_history(state, chat, message);
  need_names(state, message);
  follow_line(state, message);
  if (is_of_another(state, message)) state.want(MarkDelivered{id});
  if (state.open == id) state.mark_seen();
}

void take_push(State& state, const ServerFrame& push) {
  if (push.type == "message") return with<v1::MessagePush>(state, push, note_missed_changes);
  if (push.type == "change") return with<v1::ChangePush>(state, push, take_change);
  if (push.type == "read") return with<v1::ReadPush>(state, push, take_read);
  if (push.type == "delivered") return with<v1::DeliveredPush>(state, push, take_delivered);
  if (push.type == "user_event") {
    return with<v1::UserEventPush>(state, push,
                                   [](State& to, const v1::UserEventPush& event) { take_event(to, event.state()); });
  }
  if (push.type == "gap") return with<v1::GapPush>(state, push, take_gap);
}

}  // namespace hongyan::chat::screen
