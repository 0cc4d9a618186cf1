#include <fmt/format.h>

#include <algorithm>

#include "app/chat/screen/text/text.h"
#include "app/chat/screen/text/words.h"
#include "app/chat/screen/view/parts.h"

namespace hongyan::chat::screen {
namespace {

// Lower lists show one row a conversation.
constexpr int kRowsForPreviews = 8;

int height_of(const ListRow& row, const Area& area) {
  const bool has_second = row.kind == RowKind::chat || row.kind == RowKind::request;
  return has_second && area.rows >= kRowsForPreviews ? 2 : 1;
}

// Draws entries from top to bottom.
class ListPainter {
 public:
  ListPainter(const State& state, Frame& frame, Area area) : state_(state), grid_(frame.grid), area_(area) {}

  void draw(const ListRow& row, int height, bool is_chosen) {
    const Area entry{area_.column, area_.row + used_, area_.columns, std::min(height, area_.rows - used_)};
    used_ += height;
    if (entry.rows <= 0) return;
    base_ = is_chosen ? kBar : kPlain;
    grid_.fill(entry, base_);
    switch (row.kind) {
      case RowKind::heading: text(entry, 0, row.text, styled({.bold = true, .underline = true})); return;
      case RowKind::chat: chat(entry, *state_.chat(row.id)); return;
      case RowKind::request: request(entry, *state_.request(row.id)); return;
      case RowKind::contact: contact(entry, row.id); return;
      case RowKind::asked: asked(entry, *state_.request(row.id)); return;
      case RowKind::group: group(entry, *state_.group(row.id)); return;
    }
  }
  bool is_full() const { return used_ >= area_.rows; }

 private:
  Style styled(Style style) const {
    style.reverse = base_.reverse;
    // Half bright and reversed cannot be read on many terminals.
    if (base_.reverse) style.dim = false, style.color = Color::usual;
    return style;
  }

  void text(Area entry, int row, std::string_view shown, Style style, int right = 0) {
    const int columns = entry.columns - 2 - right;
    grid_.put({entry.column + 1, entry.row + row}, clip(one_row(shown), columns), columns, style);
  }
  // At the right edge; answers the columns it takes, with a blank in front.
  int mark(Area entry, int row, std::string_view shown, Style style) {
    if (shown.empty()) return 0;
    return grid_.put_right({entry.column + entry.columns - 1, entry.row + row}, shown, entry.columns - 2, style) + 1;
  }

  void chat(Area entry, const Chat& chat) {
    const v1::Conversation& about = chat.about;
    const std::int64_t unread = State::unread(chat);
    const bool muted = about.settings().muted();
    if (state_.open == about.conversation_id())
      grid_.put({entry.column, entry.row}, "▌", 1, styled({.color = Color::green}));
    std::string count = unread == 0 ? std::string() : unread > 99 ? "(99+)" : fmt::format("({})", unread);
    if (muted) count = count.empty() ? "🔕" : "🔕 " + count;
    const Style count_style = muted ? styled(kDim) : styled({.color = Color::red, .bold = true});
    const bool has_second = entry.rows > 1;
    std::string name = one_row(state_.title(chat));
    if (about.settings().pinned()) name = "📌" + name;
    const std::int64_t time = about.last_message().time_ms();
    const int right = has_second ? mark(entry, 0, time == 0 ? "" : short_time(time, state_.now_ms), styled(kDim))
                                 : mark(entry, 0, count, count_style);
    text(entry, 0, name, styled({.bold = unread > 0}), right);
    if (!has_second) return;
    const int taken = mark(entry, 1, count, count_style);
    text(entry, 1, second_row(chat), styled(kDim), taken);
  }

  std::string second_row(const Chat& chat) const {
    if (!chat.outgoing.empty()) {
      const Outgoing& last = chat.outgoing.back();
      return (last.refused.empty() ? "You: " : "! not sent: ") + last.text;
    }
    if (!chat.about.has_last_message()) return {};
    const bool mentioned = chat.about.has_mentioned_seq() && State::unread(chat) > 0;
    return (mentioned ? "[@you] " : "") + preview_of(chat.about.last_message(), state_.names, chat.is_group());
  }

  void request(Area entry, const v1::ContactRequest& request) {
    text(entry, 0, state_.names.of(request.from_user_id()), styled({.color = Color::yellow, .bold = true}));
    if (entry.rows > 1)
      text(entry, 1, request.message().empty() ? "wants to be your friend" : request.message(), styled(kDim));
  }

  void contact(Area entry, std::uint64_t user) {
    const auto found = std::ranges::find(state_.contacts, user, &v1::Contact::user_id);
    const int right = found->starred() ? mark(entry, 0, "★", styled({.color = Color::yellow})) : 0;
    text(entry, 0, state_.names.of(user), styled({}), right);
  }

  void asked(Area entry, const v1::ContactRequest& request) {
    const int right = mark(entry, 0, "waiting", styled(kDim));
    text(entry, 0, state_.names.of(request.to_user_id()), styled(kDim), right);
  }

  void group(Area entry, const v1::Group& group) {
    const int right = mark(entry, 0, std::to_string(group.member_count()), styled(kDim));
    text(entry, 0, group.name().empty() ? "Group without a name" : group.name(), styled({}), right);
  }

  const State& state_;
  Grid& grid_;
  const Area area_;
  Style base_;
  int used_ = 0;
};

std::string_view nothing_in(Tab tab) {
  switch (tab) {
    case Tab::chats: return "No chats yet";
    case Tab::friends: return "No friends yet";
    case Tab::groups: return "No groups yet";
  }
  return {};
}

// The first row to draw so that the chosen one is seen.
int first_row(const std::vector<ListRow>& rows, int chosen, const Area& area) {
  int first = std::max(chosen, 0);
  int used = 0;
  for (; first >= 0; --first) {
    used += height_of(rows[static_cast<std::size_t>(first)], area);
    if (used > area.rows) return std::min(first + 1, std::max(chosen, 0));
  }
  return 0;
}

}  // namespace

void draw_list(const State& state, Frame& frame, Area area) {
  const std::vector<ListRow> rows = state.rows();
  if (rows.empty()) {
    frame.grid.put({area.column + 1, area.row}, clip(nothing_in(state.tab), area.columns - 1), area.columns - 1, kDim);
    return;
  }
  const int chosen = state.chosen_row(rows);
  ListPainter painter(state, frame, area);
  for (int at = first_row(rows, chosen, area); at < static_cast<int>(rows.size()) && !painter.is_full(); ++at) {
    const ListRow& row = rows[static_cast<std::size_t>(at)];
    painter.draw(row, height_of(row, area), at == chosen);
  }
}

}  // namespace hongyan::chat::screen
