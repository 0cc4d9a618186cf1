// A conversation broken into rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/chat/screen/model/state.h"
#include "app/chat/screen/text/grid.h"

namespace hongyan::chat::screen {

// One row of a conversation as it is shown.
struct ChatRow {
  // To which message it belongs, and its place among the rows of that.
  Anchor place;
  std::string text;
  Style style;
  // In front of the text, in another style.
  std::string name;
  Style name_style;
  // At the right edge.
  std::string mark;
  Style mark_style;
  bool is_centered = false;
};

// A message of a conversation, or one that is on its way.
struct ChatItem {
  std::int64_t id = 0;
  const v1::Message* message = nullptr;
  const Outgoing* outgoing = nullptr;
};

// Those that are held and those that are on their way, in order.
std::vector<ChatItem> items_of(const Chat& chat);

// The rows of items [first, last] at this width.
std::vector<ChatRow> rows_of(const State& state, const Chat& chat, const std::vector<ChatItem>& items,
                             std::size_t first, std::size_t last, int columns);

}  // namespace hongyan::chat::screen
