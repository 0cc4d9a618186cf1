#include "app/chat/screen/model/press.h"

#include <algorithm>

namespace hongyan::chat::screen {
namespace {

constexpr int kRowsOfPage = 10;

bool is_blank(std::string_view text) { return text.find_first_not_of(" \n") == std::string_view::npos; }

void choose(State& state, const std::vector<ListRow>& rows, int at) {
  const auto tab = static_cast<std::size_t>(state.tab);
  state.chosen[tab] = rows[static_cast<std::size_t>(at)];
  state.chosen_at[tab] = at;
}

// Goes `by` rows down, or up, over headings.
void move(State& state, int by) {
  const std::vector<ListRow> rows = state.rows();
  const int from = state.chosen_row(rows);
  const int step = by < 0 ? -1 : 1;
  int reached = from;
  for (int at = from + step; at >= 0 && at < static_cast<int>(rows.size()); at += step) {
    if (rows[static_cast<std::size_t>(at)].kind == RowKind::heading) continue;
    reached = at;
    if ((at - from) * step >= by * step) break;
  }
  if (reached >= 0) choose(state, rows, reached);
}

const ListRow* chosen(const State& state, const std::vector<ListRow>& rows) {
  const int at = state.chosen_row(rows);
  return at < 0 ? nullptr : &rows[static_cast<std::size_t>(at)];
}

void go_to(State& state, Tab tab) {
  state.tab = tab;
  state.notice.clear();
  if (tab == Tab::chats) state.mark_seen();
}

void page(State& state, int direction) {
  Chat* const chat = state.open_chat();
  if (state.tab != Tab::chats || chat == nullptr) return move(state, direction * kRowsOfPage);
  chat->scroll_by += direction * std::max(state.size.rows - 6, 1);
}

void send(State& state, Chat& chat, crypto::RandomSource& random) {
  chat.outgoing.push_back(
      {.client_msg_id = crypto::random_token(random), .text = chat.input.take(), .time_ms = state.now_ms});
  chat.anchor.reset();
  chat.scroll_by = 0;
  chat.new_after.reset();
  state.want(SendNext{chat.about.conversation_id()});
}

void send_again(State& state) {
  Chat* const chat = state.open_chat();
  if (chat == nullptr) return;
  for (Outgoing& one : chat->outgoing) one.refused.clear();
  state.want(SendNext{chat->about.conversation_id()});
}

void enter_chats(State& state, crypto::RandomSource& random) {
  Chat* const chat = state.open_chat();
  if (chat != nullptr && !is_blank(chat->input.text())) return send(state, *chat, random);
  const std::vector<ListRow> rows = state.rows();
  const ListRow* const row = chosen(state, rows);
  if (row != nullptr) state.show_chat(row->id);
}

void ask_friend(State& state) {
  const std::string text = state.ask.take();
  const std::size_t start = std::min(text.find_first_not_of("@ \n"), text.size());
  const std::size_t end = std::min(text.find_first_of(" \n", start), text.size());
  const std::size_t greeting = std::min(text.find_first_not_of(" \n", end), text.size());
  state.say("Asking…");
  state.want(AskFriend{text.substr(start, end - start), text.substr(greeting)});
}

void open_with(State& state, std::uint64_t user) {
  const auto known =
      std::ranges::find_if(state.chats, [&](const auto& entry) { return entry.second.about.peer_user_id() == user; });
  if (known == state.chats.end()) return state.want(OpenWith{user});
  known->second.opened_ms = state.now_ms;
  known->second.about.mutable_settings()->set_hidden(false);
  state.show_chat(known->first);
}

void enter_friends(State& state) {
  if (!is_blank(state.ask.text())) return ask_friend(state);
  const std::vector<ListRow> rows = state.rows();
  const ListRow* const row = chosen(state, rows);
  if (row == nullptr) return;
  if (row->kind == RowKind::request) state.want(AnswerFriend{row->id, true});
  if (row->kind == RowKind::contact) open_with(state, row->id);
}

void enter_groups(State& state) {
  const std::vector<ListRow> rows = state.rows();
  const ListRow* const row = chosen(state, rows);
  if (row == nullptr) return;
  Chat& chat = state.chats[row->id];
  if (chat.about.conversation_id() == 0) {
    chat.about.set_conversation_id(row->id);
    state.want(LoadChat{row->id});
  }
  chat.about.mutable_settings()->set_hidden(false);
  state.show_chat(row->id);
}

void enter(State& state, crypto::RandomSource& random) {
  state.notice.clear();
  switch (state.tab) {
    case Tab::chats: return enter_chats(state, random);
    case Tab::friends: return enter_friends(state);
    case Tab::groups: return enter_groups(state);
  }
}

void reject(State& state) {
  const std::vector<ListRow> rows = state.rows();
  const ListRow* const row = chosen(state, rows);
  if (row != nullptr && row->kind == RowKind::request) state.want(AnswerFriend{row->id, false});
}

void show_next_unread(State& state) {
  const Tab before = std::exchange(state.tab, Tab::chats);
  for (const ListRow& row : state.rows()) {
    const Chat& chat = state.chats.at(row.id);
    if (State::unread(chat) == 0 || chat.about.settings().muted()) continue;
    return state.show_chat(row.id);
  }
  state.tab = before;
  state.say("Nothing is unread");
}

void leave_chat(State& state) {
  state.notice.clear();
  if (state.tab != Tab::chats) return go_to(state, Tab::chats);
  state.open.reset();
}

InputLine* active_input(State& state) {
  if (state.tab == Tab::friends) return &state.ask;
  Chat* const chat = state.open_chat();
  return state.tab == Tab::chats && chat != nullptr ? &chat->input : nullptr;
}

Tab tab_beside(Tab tab, std::size_t by) { return static_cast<Tab>((static_cast<std::size_t>(tab) + by) % kTabs); }

}  // namespace

void press(State& state, const Key& key, crypto::RandomSource& random) {
  if (std::exchange(state.shows_help, false) && key.code != KeyCode::quit) return;
  switch (key.code) {
    case KeyCode::quit: state.is_leaving = true; return;
    case KeyCode::help: state.shows_help = true; return;
    case KeyCode::chats: return go_to(state, Tab::chats);
    case KeyCode::friends: return go_to(state, Tab::friends);
    case KeyCode::groups: return go_to(state, Tab::groups);
    case KeyCode::next_tab: return go_to(state, tab_beside(state.tab, 1));
    case KeyCode::previous_tab: return go_to(state, tab_beside(state.tab, kTabs - 1));
    case KeyCode::up: return move(state, -1);
    case KeyCode::down: return move(state, 1);
    case KeyCode::page_up: return page(state, -1);
    case KeyCode::page_down: return page(state, 1);
    case KeyCode::escape: return leave_chat(state);
    case KeyCode::enter: return enter(state, random);
    case KeyCode::reject: return reject(state);
    case KeyCode::resend: return send_again(state);
    case KeyCode::next_unread: return show_next_unread(state);
    default: break;
  }
  if (InputLine* const input = active_input(state)) input->press(key);
}

}  // namespace hongyan::chat::screen
