// A text that is being written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/chat/screen/text/grid.h"
#include "app/chat/screen/text/key.h"

namespace hongyan::chat::screen {

// The text and the place in it where typing goes on, always between two characters as they are shown. Value type.
class InputLine {
 public:
  // More is not taken: no message is as long.
  static constexpr std::size_t kMaxBytes = 16 * 1024;

  const std::string& text() const { return text_; }
  // In bytes of the text.
  std::size_t cursor() const { return cursor_; }

  // Edits with a key; false when the key edits nothing here.
  bool press(const Key& key);
  // Puts a text in: line breaks stay, blanks take the place of tabs, other control characters and what is no UTF-8 are left out.
  void insert(std::string_view text);
  // Gives the text away and is empty.
  std::string take();

 private:
  void erase(std::size_t from, std::size_t to);
  std::size_t before_cursor() const;
  std::size_t behind_cursor() const;
  std::size_t start_of_word() const;

  std::string text_;
  std::size_t cursor_ = 0;
};

// A text broken into rows of some columns, and where in them the cursor stands.
struct InputRows {
  std::vector<std::string> rows;
  Point cursor;
};

// As many rows as it takes; line breaks are shown as such. `columns` is at least 2.
InputRows lay_out(const InputLine& line, int columns);

}  // namespace hongyan::chat::screen
