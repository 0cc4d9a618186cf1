// Texts in columns of a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hongyan::chat::screen {

// Makes the process read and measure text as UTF-8, whatever its locale is: the one of the environment, or else C.UTF-8. Before
// anything else of this file, once, at the start of the process. False when the system knows no such locale.
bool use_utf8();

// What is shown as one character, and takes 1 or 2 columns. It stands for `size` bytes of the text from `at` on.
struct Glyph {
  std::string shown;
  int columns = 1;
  std::size_t at = 0;
  std::size_t size = 0;
};

// Cuts a text into what can be shown. Nothing of it can do anything to a terminal: what acts or is no UTF-8 becomes U+FFFD. Marks
// on which terminals disagree how wide they make a character (joiners, variants, skin tones) are left out, so that all of
// them agree: a family of emoji is shown as its members.
std::vector<Glyph> glyphs_of(std::string_view text);

// Columns of a text.
int columns_of(std::string_view text);

// The beginning of `text` that fits, ending in "…" when something is cut off.
std::string clip(std::string_view text, int columns);

// A text as one row: blanks take the place of line breaks and tabs, what acts on a terminal becomes visible.
std::string one_row(std::string_view text);

// Breaks a text into rows of at most `columns`: at line breaks, else at blanks, else between any two characters. What acts on a
// terminal becomes visible, as in printable(). At least one row.
std::vector<std::string> wrap(std::string_view text, int columns);

}  // namespace hongyan::chat::screen
