// What is typed.
#pragma once

#include <cstdint>
#include <string>

namespace hongyan::chat::screen {

enum class KeyCode : std::uint8_t {
  text,  // one character or more, line breaks only when they were pasted
  enter,
  line_break,
  backspace,
  del,
  left,
  right,
  home,
  end,
  kill_line,
  kill_word,
  up,
  down,
  page_up,
  page_down,
  escape,
  chats,
  friends,
  groups,
  next_tab,
  previous_tab,
  next_unread,
  reject,
  resend,
  help,
  redraw,
  quit,
};

// Value type.
struct Key {
  KeyCode code = KeyCode::text;
  // Of KeyCode::text.
  std::string text;
};

}  // namespace hongyan::chat::screen
