#include "app/chat/screen/view/chat_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "app/chat/screen/text/text.h"
#include "app/chat/screen/text/words.h"

namespace hongyan::chat::screen {
namespace {

// Messages of one person closer together than this share a name and a time.
constexpr std::int64_t kTogetherMs = 5 * 60'000;
constexpr std::int64_t kOutgoingId = std::numeric_limits<std::int64_t>::max() / 2;
constexpr int kIndent = 2;

enum class Delivery : std::uint8_t { none, sending, sent, delivered, read, refused };

std::string_view word_of(Delivery delivery) {
  switch (delivery) {
    case Delivery::sending: return "sending…";
    case Delivery::sent: return "✓ sent";
    case Delivery::delivered: return "✓✓ delivered";
    case Delivery::read: return "✓✓ read";
    default: return {};
  }
}

Style style_of(Delivery delivery) {
  if (delivery == Delivery::read) return {.color = Color::green};
  if (delivery == Delivery::sending) return {.color = Color::yellow};
  return kDim;
}

std::int64_t time_of(const ChatItem& item) {
  return item.message != nullptr ? item.message->time_ms() : item.outgoing->time_ms;
}

// Who says it; 0 for the server.
std::uint64_t speaker_of(const State& state, const ChatItem& item) {
  return item.message != nullptr ? item.message->sender_id() : state.me.user_id();
}

bool is_line(const ChatItem& item) {
  return item.message != nullptr &&
         (!item.message->has_sender_id() || item.message->content().has_system() || item.message->has_recalled());
}

// What is known of a message of the user: of a group, and of a person who tells nothing, only that the server has it.
Delivery delivery_of(const State& state, const Chat& chat, const ChatItem& item) {
  if (speaker_of(state, item) != state.me.user_id() || is_line(item)) return Delivery::none;
  const std::int64_t seq = item.message != nullptr ? item.message->seq() : item.outgoing->seq;
  if (item.outgoing != nullptr && !item.outgoing->refused.empty()) return Delivery::refused;
  if (seq == 0) return Delivery::sending;
  if (!chat.about.has_peer_user_id()) return Delivery::sent;
  if (chat.about.has_peer_read_seq() && chat.about.peer_read_seq() >= seq) return Delivery::read;
  return chat.about.peer_delivered_seq() >= seq ? Delivery::delivered : Delivery::sent;
}

// Writes the rows of one item after the other.
class RowWriter {
 public:
  RowWriter(const State& state, const Chat& chat, int columns) : state_(state), chat_(chat), columns_(columns) {}

  void write(const ChatItem* before, const ChatItem& item, const ChatItem* after) {
    place_ = {item.id, 0};
    const bool new_day = before == nullptr || !same_day(time_of(*before), time_of(item));
    if (new_day) centered("── " + day_name(time_of(item), state_.now_ms) + " ──", kDim);
    if (is_first_new(before, item)) centered("── new ──", {.color = Color::yellow});
    if (is_line(item)) return line(*item.message);
    if (new_day || is_first_new(before, item) || !continues(*before, item)) name(item);
    if (item.message != nullptr) quote(*item.message);
    words(item, after);
    if (item.message != nullptr) reactions(*item.message);
    if (item.outgoing != nullptr && !item.outgoing->refused.empty()) refused(*item.outgoing);
  }

  std::vector<ChatRow> take() && { return std::move(rows_); }

 private:
  ChatRow& add(std::string text, Style style) {
    ChatRow row;
    row.place = place_;
    ++place_.row;
    row.text = std::move(text);
    row.style = style;
    rows_.push_back(std::move(row));
    return rows_.back();
  }

  void centered(std::string text, Style style) { add(clip(text, columns_), style).is_centered = true; }

  bool is_first_new(const ChatItem* before, const ChatItem& item) const {
    if (!chat_.new_after || item.message == nullptr || item.message->seq() <= *chat_.new_after) return false;
    return before == nullptr || (before->message != nullptr && before->message->seq() <= *chat_.new_after);
  }

  bool continues(const ChatItem& before, const ChatItem& item) const {
    return !is_line(before) && speaker_of(state_, before) == speaker_of(state_, item) &&
           time_of(item) - time_of(before) < kTogetherMs;
  }

  void line(const v1::Message& message) {
    const bool recalled = message.has_recalled();
    const std::string text =
        recalled ? preview_of(message, state_.names, true) : words_of(message.content(), state_.names);
    for (const std::string& row : wrap(text, std::max(columns_ - 4, 1))) centered(row, kDim);
  }

  void name(const ChatItem& item) {
    const bool mine = speaker_of(state_, item) == state_.me.user_id();
    const std::string time = clock_time(time_of(item));
    ChatRow& row = add("  " + time, kDim);
    row.name = clip(mine ? "You" : one_row(state_.names.of(speaker_of(state_, item))), std::max(columns_ - 7, 1));
    row.name_style = {.color = mine ? Color::green : Color::cyan, .bold = true};
  }

  void quote(const v1::Message& message) {
    if (!message.has_quote()) return;
    const std::string words = message.quote().has_content() ? words_of(message.quote().content(), state_.names) : "…";
    const std::string text = "│ " + state_.names.of(message.quote().sender_id()) + ": " + words;
    add(indented(clip(one_row(text), text_columns())), kDim);
  }

  void words(const ChatItem& item, const ChatItem* after) {
    std::string text = item.message != nullptr ? words_of(item.message->content(), state_.names) : item.outgoing->text;
    if (item.message != nullptr && item.message->has_edited_ms()) text += " (edited)";
    const bool plain = item.message == nullptr || item.message->content().has_text();
    for (const std::string& row : wrap(text, text_columns()))
      add(indented(row), plain ? kPlain : Style{.color = Color::cyan});
    const Delivery delivery = delivery_of(state_, chat_, item);
    const std::string_view word = word_of(delivery);
    // Of several in a row that stand alike, the last one says so: what stands above is at least as far.
    if (word.empty() || (after != nullptr && delivery_of(state_, chat_, *after) == delivery)) return;
    ChatRow* row = &rows_.back();
    if (columns_of(row->text) + columns_of(word) + 2 > columns_) row = &add({}, kPlain);
    row->mark = word;
    row->mark_style = style_of(delivery);
  }

  void reactions(const v1::Message& message) {
    std::string text;
    for (const v1::Reaction& reaction : message.reactions())
      text += fmt::format("{} {}  ", reaction.emoji(), reaction.count());
    if (!text.empty()) add(indented(clip(one_row(text), text_columns())), {.color = Color::yellow});
  }

  void refused(const Outgoing& outgoing) {
    const std::string why = "! not sent: " + outgoing.refused + " (^R tries again)";
    for (const std::string& row : wrap(why, text_columns())) add(indented(row), {.color = Color::red});
  }

  int text_columns() const { return std::max(columns_ - kIndent - 1, 1); }
  static std::string indented(const std::string& text) { return std::string(kIndent, ' ') + text; }

  const State& state_;
  const Chat& chat_;
  const int columns_;
  Anchor place_;
  std::vector<ChatRow> rows_;
};

}  // namespace

std::vector<ChatItem> items_of(const Chat& chat) {
  std::vector<ChatItem> items;
  for (const auto& [seq, message] : chat.history.messages()) items.push_back({seq, &message, nullptr});
  for (const Outgoing& one : chat.outgoing) {
    items.push_back({kOutgoingId + static_cast<std::int64_t>(&one - chat.outgoing.data()), nullptr, &one});
  }
  return items;
}

std::vector<ChatRow> rows_of(const State& state, const Chat& chat, const std::vector<ChatItem>& items,
                             std::size_t first, std::size_t last, int columns) {
  RowWriter writer(state, chat, columns);
  for (std::size_t at = first; at <= last && at < items.size(); ++at) {
    writer.write(at > 0 ? &items[at - 1] : nullptr, items[at], at + 1 < items.size() ? &items[at + 1] : nullptr);
  }
  return std::move(writer).take();
}

}  // namespace hongyan::chat::screen
