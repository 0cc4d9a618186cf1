#include <fmt/format.h>

#include <algorithm>

#include "app/chat/screen/text/text.h"
#include "app/chat/screen/text/words.h"
#include "app/chat/screen/view/parts.h"

namespace hongyan::chat::screen {

void draw_details(const State& state, Frame& frame, Area area) {
  const std::vector<ListRow> list = state.rows();
  const int at = state.chosen_row(list);
  if (at < 0) return;
  const ListRow& row = list[static_cast<std::size_t>(at)];
  int line = area.row + 1;
  const auto put = [&](std::string_view text, Style style) {
    for (const std::string& part : wrap(text, std::max(area.columns - 4, 1))) {
      if (line < area.row + area.rows) frame.grid.put({area.column + 2, line}, part, area.columns - 2, style);
      ++line;
    }
  };
  if (row.kind == RowKind::request || row.kind == RowKind::asked) {
    const v1::ContactRequest& request = *state.request(row.id);
    const bool received = row.kind == RowKind::request;
    put(state.names.of(received ? request.from_user_id() : request.to_user_id()), kBold);
    put(received ? "wants to be your friend" : "has not answered your request yet", kPlain);
    put(day_name(request.time_ms(), state.now_ms) + " " + clock_time(request.time_ms()), kDim);
    ++line;
    if (!request.message().empty()) put("“" + request.message() + "”", kPlain);
    ++line;
    if (received) put("Enter accepts, Ctrl-X rejects", {.color = Color::green});
  } else if (row.kind == RowKind::contact) {
    put(state.names.of(row.id), kBold);
    ++line;
    put("Enter opens the chat", {.color = Color::green});
  } else if (const v1::Group* const group = state.group(row.id)) {
    put(group->name().empty() ? "Group without a name" : group->name(), kBold);
    put(fmt::format("{} of at most {} members", group->member_count(), group->max_members()), kPlain);
    if (group->mute_all()) put("Only the owner and admins may write", kPlain);
    ++line;
    put("Enter opens the chat", {.color = Color::green});
  }
}

void draw_help(Frame& frame, Area area) {
  static constexpr std::string_view kLines[] = {
      "F1 F2 F3, Tab     Chats, Friends, Groups",
      "↑ ↓               choose in the list",
      "Enter             open what is chosen; send what is written",
      "Ctrl-J, Alt-Enter a new line in the message",
      "PgUp PgDn         older and newer messages",
      "Ctrl-N            the next chat with unread messages",
      "Ctrl-R            send again what was refused",
      "Esc               close the chat",
      "In Friends        a username and a greeting, then Enter, ask somebody;",
      "                  Enter accepts the chosen request, Ctrl-X rejects it",
      "Editing           ← → Home End, Ctrl-W a word, Ctrl-U the line",
      "📌 pinned   🔕 muted   ✓ sent   ✓✓ delivered, read",
      "Ctrl-L            draw the screen again",
      "Ctrl-Q, Ctrl-C    end, and log this terminal out",
      "",
      "Any key goes back.",
  };
  int row = area.row;
  for (const std::string_view line : kLines) {
    if (row >= area.row + area.rows) break;
    frame.grid.put({1, row++}, clip(line, area.columns - 1), area.columns - 1);
  }
}

}  // namespace hongyan::chat::screen
