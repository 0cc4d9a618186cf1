#include "app/chat/screen/view/view.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/chat/screen/text/text.h"
#include "app/chat/screen/view/parts.h"

namespace hongyan::chat::screen {
namespace {

// Narrower screens show either the list or the conversation.
constexpr int kColumnsForBoth = 60;
constexpr int kMaxInputRows = 4;

// Where the parts stand.
struct Layout {
  Area list;
  Area right;
  Area input;
};

bool has_input(const State& state) {
  return state.tab == Tab::friends || (state.tab == Tab::chats && state.open_chat() != nullptr);
}

const InputLine& input_of(const State& state) {
  return state.tab == Tab::friends ? state.ask : state.open_chat()->input;
}

std::string prompt_of(const State& state, int columns) {
  if (state.tab == Tab::friends) return clip("Add a friend: ", std::max(columns / 2, 2));
  return clip("› ", columns);
}

int rows_of_input(const State& state, int columns) {
  if (!has_input(state)) return 0;
  const int width = std::max(columns - columns_of(prompt_of(state, columns)) - 1, 2);
  const int wanted = static_cast<int>(lay_out(input_of(state), width).rows.size());
  return std::clamp(wanted, 1, std::clamp(state.size.rows / 4, 1, kMaxInputRows));
}

Layout lay_out_parts(const State& state) {
  const Size size = state.size;
  const bool both = size.columns >= kColumnsForBoth;
  const int list_columns = both ? std::clamp(size.columns * 35 / 100, 24, 40) : size.columns;
  const bool chat_is_alone = !both && state.tab == Tab::chats && state.open_chat() != nullptr;
  const int right_column = both ? list_columns + 1 : 0;
  const int right_columns = both ? size.columns - right_column : (chat_is_alone ? size.columns : 0);
  const int input_columns = right_columns > 0 ? right_columns : size.columns;
  const int input_rows = rows_of_input(state, input_columns);
  const int body = std::max(size.rows - 2, 0);
  Layout layout;
  layout.input = {size.columns - input_columns, 1 + body - input_rows, input_columns, input_rows};
  // A line above the input where there is room for it.
  const int rule = both && input_rows > 0 && body >= 10 ? 1 : 0;
  layout.right = {right_column, 1, right_columns, std::max(body - input_rows - rule, 0)};
  const int list_rows = both ? body : std::max(body - input_rows, 0);
  layout.list = {0, 1, chat_is_alone ? 0 : list_columns, list_rows};
  return layout;
}

void draw_tabs(const State& state, Frame& frame) {
  const int columns = state.size.columns;
  frame.grid.fill({0, 0, columns, 1}, kBar);
  const bool is_short = columns < kColumnsForBoth;
  const auto label = [&](Tab tab, std::string_view name, std::int64_t count) {
    const std::string number = count > 0 ? fmt::format(" {}", count) : std::string();
    const std::string key = is_short ? std::string() : fmt::format("F{} ", static_cast<int>(tab) + 1);
    return fmt::format(" {}{}{} ", key, name, number);
  };
  int column = 0;
  const auto put = [&](Tab tab, std::string_view name, std::int64_t count) {
    const Style style = state.tab == tab ? kBold : kBar;
    column += frame.grid.put({column, 0}, label(tab, name, count), columns - column, style);
  };
  put(Tab::chats, "Chats", state.total_unread());
  put(Tab::friends, "Friends", static_cast<std::int64_t>(state.received.size()));
  put(Tab::groups, "Groups", 0);
  const std::string who = fmt::format("{} (@{}) ", state.me.nickname(), state.me.username());
  if (columns - column > columns_of(who) + 1) frame.grid.put_right({columns, 0}, who, columns - column, kBar);
}

std::string link_text(const State& state) {
  if (state.is_leaving) return "Leaving…";
  switch (state.link) {
    case Link::up: return state.size.columns < kColumnsForBoth ? "●" : "● connected";
    case Link::connecting: return "○ connecting…";
    case Link::down: return "○ reconnecting…";
  }
  return {};
}

std::string_view keys_text(const State& state) {
  if (state.tab == Tab::friends) {
    const std::vector<ListRow> rows = state.rows();
    const int at = state.chosen_row(rows);
    if (at >= 0 && rows[static_cast<std::size_t>(at)].kind == RowKind::request)
      return "Enter accept  ^X reject  F4 help  ^Q quit";
    return "↑↓ choose  Enter chat  F4 help  ^Q quit";
  }
  if (state.tab == Tab::groups) return "↑↓ choose  Enter open  F4 help  ^Q quit";
  if (state.open) return "Enter send  PgUp older  ^N next unread  F4 help  ^Q quit";
  return "↑↓ choose  Enter open  F4 help  ^Q quit";
}

void draw_status(const State& state, Frame& frame) {
  const int row = state.size.rows - 1;
  const int columns = state.size.columns;
  if (row < 1) return;
  const Color color = state.link == Link::up ? Color::green : Color::yellow;
  int column = frame.grid.put({0, row}, " " + link_text(state), columns, {.color = color});
  const std::string notice = one_row(state.notice.empty() ? state.trouble : state.notice);
  if (!notice.empty()) {
    const bool is_bad = state.notice.empty() || state.notice_is_error;
    const Style style{.color = is_bad ? Color::red : Color::usual, .bold = true};
    frame.grid.put({column + 2, row}, clip(notice, columns - column - 3), columns - column - 3, style);
    return;
  }
  std::string_view keys = keys_text(state);
  // The last ones are the most important: help and quit.
  while (columns_of(keys) > columns - column - 3 && keys.find("  ") != std::string_view::npos) {
    keys.remove_prefix(keys.find("  ") + 2);
  }
  if (columns_of(keys) <= columns - column - 2) frame.grid.put_right({columns - 1, row}, keys, columns, kDim);
}

void draw_input(const State& state, Frame& frame, Area area) {
  if (area.rows == 0) return;
  const std::string prompt = prompt_of(state, area.columns);
  const int indent = frame.grid.put({area.column, area.row}, prompt, area.columns, kBold);
  const int width = std::max(area.columns - indent - 1, 2);
  const InputLine& input = input_of(state);
  const InputRows laid = lay_out(input, width);
  const int first = std::max(laid.cursor.row - area.rows + 1, 0);
  for (int row = 0; row < area.rows; ++row) {
    const auto index = static_cast<std::size_t>(first + row);
    if (index >= laid.rows.size()) break;
    frame.grid.put({area.column + indent, area.row + row}, laid.rows[index], width + 1);
  }
  if (input.text().empty()) {
    const std::string hint =
        state.tab == Tab::friends ? "username and a greeting" : "Write to " + state.title(*state.open_chat());
    frame.grid.put({area.column + indent, area.row}, clip(hint, width), width, kDim);
  }
  frame.cursor = Point{area.column + indent + laid.cursor.column, area.row + laid.cursor.row - first};
}

void draw_lines(const Layout& layout, Frame& frame) {
  if (layout.list.columns == 0 || layout.right.columns == 0) return;
  for (int row = 1; row < frame.grid.size().rows - 1; ++row) {
    frame.grid.put({layout.list.columns, row}, "│", 1, kDim);
  }
  const int rule = layout.right.row + layout.right.rows;
  if (layout.input.rows == 0 || rule >= layout.input.row) return;
  for (int column = layout.right.column; column < frame.grid.size().columns; ++column) {
    frame.grid.put({column, rule}, "─", 1, kDim);
  }
}

void draw_right(const State& state, Frame& frame, Area area) {
  if (area.columns == 0 || area.rows == 0) return;
  if (state.tab != Tab::chats) return draw_details(state, frame, area);
  const Chat* const chat = state.open_chat();
  if (chat != nullptr) return draw_chat(state, *chat, frame, area);
  const std::string text =
      state.chats.empty() ? "Nobody to write to yet: F2 adds a friend." : "Choose a chat with ↑ ↓ and Enter";
  const std::string shown = clip(text, area.columns);
  const int column = area.column + (area.columns - columns_of(shown)) / 2;
  frame.grid.put({column, area.row + area.rows / 2}, shown, area.columns, kDim);
}

}  // namespace

Frame draw(const State& state) {
  Frame frame(state.size);
  const Layout layout = lay_out_parts(state);
  if (state.shows_help) {
    draw_tabs(state, frame);
    draw_help(frame, {0, 1, state.size.columns, std::max(state.size.rows - 2, 0)});
    draw_status(state, frame);
    return frame;
  }
  if (layout.list.columns > 0) draw_list(state, frame, layout.list);
  draw_right(state, frame, layout.right);
  draw_lines(layout, frame);
  draw_input(state, frame, layout.input);
  draw_tabs(state, frame);
  draw_status(state, frame);
  return frame;
}

void settle(State& state, const Frame& frame) {
  Chat* const chat = state.open_chat();
  if (chat == nullptr || state.tab != Tab::chats || state.shows_help) return;
  // What could not be had is asked for again by who scrolls again.
  if (chat->scroll_by < 0) chat->older_failed = false;
  chat->anchor = frame.anchor;
  chat->scroll_by = 0;
  if (frame.is_at_top && chat->history.has_more() && !chat->is_loading && !chat->older_failed) {
    chat->is_loading = true;
    state.want(LoadOlder{*state.open});
  }
  state.mark_seen();
}

}  // namespace hongyan::chat::screen
