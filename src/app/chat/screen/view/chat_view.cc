#include <fmt/format.h>

#include <algorithm>

#include "app/chat/screen/text/text.h"
#include "app/chat/screen/view/chat_rows.h"
#include "app/chat/screen/view/parts.h"

namespace hongyan::chat::screen {
namespace {

// Lower ones have no title.
constexpr int kRowsForTitle = 4;

std::string about_chat(const State& state, const Chat& chat) {
  const v1::Conversation& about = chat.about;
  std::string text;
  if (chat.is_group()) {
    if (const v1::Group* const group = state.group(about.conversation_id())) {
      text += fmt::format(" · {} members", group->member_count());
    }
    if (about.state() == v1::CONVERSATION_STATE_DISSOLVED) text += " · dissolved";
    if (about.state() == v1::CONVERSATION_STATE_DISABLED) text += " · disabled";
    if (!about.has_my_role() && about.state() == v1::CONVERSATION_STATE_NORMAL) text += " · you are not in it";
  }
  if (about.settings().muted()) text += " · muted";
  return text;
}

// Where to begin, and which rows there are.
struct Window {
  std::vector<ChatRow> rows;
  // Rows [top, bottom] are seen.
  int top = 0;
  int bottom = -1;
  // The rows begin with the first message that is held, and end with the last one.
  bool from_first = false;
  bool to_last = false;
};

Window window_of(const State& state, const Chat& chat, Area area) {
  const std::vector<ChatItem> items = items_of(chat);
  Window window;
  window.from_first = window.to_last = items.empty();
  if (items.empty()) return window;
  // Each item has a row at least, so that many on both sides are enough for a page.
  const auto reach = static_cast<std::size_t>(area.rows * 2 + std::abs(chat.scroll_by));
  std::size_t at = items.size() - 1;
  if (chat.anchor) {
    const auto found = std::ranges::lower_bound(items, chat.anchor->item, {}, &ChatItem::id);
    at = std::min(static_cast<std::size_t>(found - items.begin()), at);
  }
  const std::size_t first = at > reach ? at - reach : 0;
  const std::size_t last = std::min(at + reach, items.size() - 1);
  window.rows = rows_of(state, chat, items, first, last, area.columns);
  window.from_first = first == 0;
  window.to_last = last == items.size() - 1;

  const int count = static_cast<int>(window.rows.size());
  int bottom = count - 1;
  if (chat.anchor) {
    const std::int64_t item = items[at].id;
    const auto end = std::ranges::find_if(window.rows, [&](const ChatRow& row) {
      return row.place.item > item || (row.place.item == item && row.place.row >= chat.anchor->row);
    });
    bottom = std::min(static_cast<int>(end - window.rows.begin()), count - 1);
  }
  bottom = std::clamp(bottom + chat.scroll_by, std::min(area.rows, count) - 1, count - 1);
  window.bottom = bottom;
  window.top = std::max(bottom - area.rows + 1, 0);
  return window;
}

void draw_row(Grid& grid, const ChatRow& row, Area area, int at) {
  int column = area.column + (row.is_centered ? std::max((area.columns - columns_of(row.text)) / 2, 0) : 0);
  if (!row.name.empty()) column += grid.put({column, at}, row.name, area.columns, row.name_style);
  grid.put({column, at}, row.text, area.column + area.columns - column, row.style);
  if (!row.mark.empty())
    grid.put_right({area.column + area.columns - 1, at}, row.mark, area.columns - 1, row.mark_style);
}

// What stands above the first message.
std::string_view head_of(const Chat& chat) {
  if (chat.is_loading) return "Loading…";
  if (!chat.history.is_held()) return "Not loaded";
  if (chat.history.has_more()) return "Earlier messages could not be loaded";
  return chat.history.messages().empty() && chat.outgoing.empty() ? "No messages yet" : "This is the beginning";
}

}  // namespace

void draw_chat(const State& state, const Chat& chat, Frame& frame, Area area) {
  // A column of air beside the line to the list.
  const int air = area.column > 0 ? 1 : 0;
  area.column += air;
  area.columns -= air;
  if (area.rows >= kRowsForTitle) {
    const std::string title = clip(one_row(state.title(chat)), std::max(area.columns - 1, 1));
    const int used = frame.grid.put({area.column, area.row}, title, area.columns, kBold);
    const int left = std::max(area.columns - used - 1, 0);
    frame.grid.put({area.column + used, area.row}, clip(about_chat(state, chat), left), left, kDim);
    ++area.row;
    --area.rows;
  }
  const Window window = window_of(state, chat, area);
  const int count = window.bottom - window.top + 1;
  // The newest stand at the bottom.
  const int blank = std::max(area.rows - std::max(count, 0), 0);
  frame.is_at_top = window.from_first && window.top == 0;
  if (blank > 0 && frame.is_at_top) {
    const std::string head = clip(head_of(chat), area.columns);
    frame.grid.put({area.column + (area.columns - columns_of(head)) / 2, area.row + blank - 1}, head, area.columns,
                   kDim);
  }
  for (int at = window.top; at <= window.bottom; ++at) {
    draw_row(frame.grid, window.rows[static_cast<std::size_t>(at)], area, area.row + blank + at - window.top);
  }
  const bool at_end = window.to_last && window.bottom == static_cast<int>(window.rows.size()) - 1;
  if (!at_end && window.bottom >= 0) {
    frame.anchor = window.rows[static_cast<std::size_t>(window.bottom)].place;
    frame.grid.put_right({area.column + area.columns - 1, area.row + area.rows - 1}, " ↓ PgDn: newer ", area.columns,
                         kBar);
  }
}

}  // namespace hongyan::chat::screen
