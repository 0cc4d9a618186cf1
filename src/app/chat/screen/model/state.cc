#include "app/chat/screen/model/state.h"

#include <fmt/format.h>

#include <algorithm>

namespace hongyan::chat::screen {
namespace {

std::vector<ListRow> chat_rows(const std::map<std::uint64_t, Chat>& chats) {
  std::vector<const Chat*> sorted;
  for (const auto& [id, chat] : chats) {
    if (!chat.about.settings().hidden()) sorted.push_back(&chat);
  }
  std::ranges::sort(sorted, [](const Chat* one, const Chat* other) {
    const bool pinned = one->about.settings().pinned();
    if (pinned != other->about.settings().pinned()) return pinned;
    if (one->active_ms() != other->active_ms()) return one->active_ms() > other->active_ms();
    return one->about.conversation_id() > other->about.conversation_id();
  });
  std::vector<ListRow> rows;
  for (const Chat* chat : sorted) rows.push_back({RowKind::chat, chat->about.conversation_id(), {}});
  return rows;
}

std::vector<ListRow> friend_rows(const State& state) {
  std::vector<ListRow> rows;
  const auto heading = [&](std::string_view text, std::size_t count) {
    if (count > 0) rows.push_back({RowKind::heading, 0, fmt::format("{} ({})", text, count)});
  };
  heading("New friends", state.received.size());
  for (const auto& request : state.received) rows.push_back({RowKind::request, request.contact_request_id(), {}});
  heading("Friends", state.contacts.size());
  for (const auto& contact : state.contacts) rows.push_back({RowKind::contact, contact.user_id(), {}});
  heading("Asked by you", state.asked.size());
  for (const auto& request : state.asked) rows.push_back({RowKind::asked, request.contact_request_id(), {}});
  return rows;
}

}  // namespace

void State::want(Command command) {
  if (std::ranges::find(commands, command) == commands.end()) commands.push_back(std::move(command));
}

Chat* State::chat(std::uint64_t id) {
  const auto found = chats.find(id);
  return found == chats.end() ? nullptr : &found->second;
}

const Chat* State::chat(std::uint64_t id) const {
  const auto found = chats.find(id);
  return found == chats.end() ? nullptr : &found->second;
}

const v1::Group* State::group(std::uint64_t id) const {
  const auto found = std::ranges::find(groups, id, &v1::Group::group_id);
  return found == groups.end() ? nullptr : &*found;
}

const v1::ContactRequest* State::request(std::uint64_t id) const {
  for (const auto* list : {&received, &asked}) {
    const auto found = std::ranges::find(*list, id, &v1::ContactRequest::contact_request_id);
    if (found != list->end()) return &*found;
  }
  return nullptr;
}

std::string State::title(const Chat& chat) const {
  const v1::Conversation& about = chat.about;
  if (about.type() == v1::CONVERSATION_TYPE_SELF) return "File helper";
  if (about.has_peer_user_id()) {
    const std::string name = names.of(about.peer_user_id());
    return name == "…" ? about.title() : name;
  }
  return about.title().empty() ? "Group without a name" : about.title();
}

std::int64_t State::unread(const Chat& chat) {
  return std::max<std::int64_t>(chat.about.unread(), chat.about.settings().marked_unread() ? 1 : 0);
}

std::int64_t State::total_unread() const {
  std::int64_t total = 0;
  for (const auto& [id, chat] : chats) {
    const v1::ConversationSettings& settings = chat.about.settings();
    if (!settings.muted() && !settings.hidden()) total += unread(chat);
  }
  return total;
}

bool State::has_unsent() const {
  return std::ranges::any_of(
      chats, [](const auto& entry) { return std::ranges::any_of(entry.second.outgoing, &Outgoing::is_waiting); });
}

std::vector<ListRow> State::rows() const {
  if (tab == Tab::chats) return chat_rows(chats);
  if (tab == Tab::friends) return friend_rows(*this);
  std::vector<ListRow> rows;
  for (const v1::Group& group : groups) rows.push_back({RowKind::group, group.group_id(), {}});
  return rows;
}

int State::chosen_row(const std::vector<ListRow>& rows) const {
  const auto index = static_cast<std::size_t>(tab);
  const auto can_choose = [](const ListRow& row) { return row.kind != RowKind::heading; };
  const auto found = std::ranges::find_if(rows, [&](const ListRow& row) {
    return can_choose(row) && row.kind == chosen[index].kind && row.id == chosen[index].id;
  });
  if (found != rows.end()) return static_cast<int>(found - rows.begin());
  // It is gone: what stands in its place, or else in front of that.
  const int count = static_cast<int>(rows.size());
  const int wanted = std::min(chosen_at[index], count - 1);
  for (int at = std::max(wanted, 0); at < count; ++at) {
    if (can_choose(rows[static_cast<std::size_t>(at)])) return at;
  }
  for (int at = wanted; at >= 0; --at) {
    if (can_choose(rows[static_cast<std::size_t>(at)])) return at;
  }
  return -1;
}

void State::show_chat(std::uint64_t id) {
  Chat* const shown = chat(id);
  if (shown == nullptr) return;
  tab = Tab::chats;
  open = id;
  chosen[static_cast<std::size_t>(Tab::chats)] = {RowKind::chat, id, {}};
  shown->new_after.reset();
  if (shown->about.unread() > 0) shown->new_after = shown->about.read_seq();
  shown->anchor.reset();
  shown->scroll_by = 0;
  if (!shown->history.is_held()) {
    shown->is_loading = true;
    want(LoadNewest{id});
  }
  mark_seen();
}

void State::mark_seen() {
  Chat* const shown = open_chat();
  if (shown == nullptr || tab != Tab::chats || shown->anchor) return;
  v1::Conversation& about = shown->about;
  if (unread(*shown) == 0) return;
  const bool was_marked = about.settings().marked_unread();
  about.mutable_settings()->set_marked_unread(false);
  about.set_unread(0);
  about.set_read_seq(about.seq());
  want(MarkRead{*open, was_marked});
}

}  // namespace hongyan::chat::screen
