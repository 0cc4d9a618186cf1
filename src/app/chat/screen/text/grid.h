// What stands on a screen: cells of characters with a style.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hongyan::chat::screen {

enum class Color : std::uint8_t { usual, red, green, yellow, blue, cyan };

// How a cell looks. Value type.
struct Style {
  Color color = Color::usual;
  bool bold = false;
  bool dim = false;
  bool reverse = false;
  bool underline = false;

  bool operator==(const Style&) const = default;
};

inline constexpr Style kPlain{};
inline constexpr Style kBold{.bold = true};
inline constexpr Style kDim{.dim = true};
inline constexpr Style kBar{.reverse = true};

// Of a screen or of a part of it.
struct Size {
  int columns = 80;
  int rows = 24;

  bool operator==(const Size&) const = default;
};

struct Point {
  int column = 0;
  int row = 0;

  bool operator==(const Point&) const = default;
};

// A character that takes `columns`: 0 is the right half of the one before.
struct Cell {
  std::string text = " ";
  int columns = 1;
  Style style;
};

// A rectangle of the screen.
struct Area {
  int column = 0;
  int row = 0;
  int columns = 0;
  int rows = 0;
};

// All cells of a screen. What is put outside of it is left out, half a character as well. Value type.
class Grid {
 public:
  explicit Grid(Size size);

  Size size() const { return size_; }
  const Cell& at(int column, int row) const;

  // Puts a text of one row, cut at `columns`. Answers how many columns it took.
  int put(Point where, std::string_view text, int columns, Style style = kPlain);
  // The same, ending at the column in front of `right`.
  int put_right(Point right, std::string_view text, int columns, Style style = kPlain);
  // Blanks in this style.
  void fill(Area area, Style style);
  // The text of a row without the blanks at its end.
  std::string row_text(int row) const;

 private:
  Cell& cell(int column, int row);

  Size size_;
  std::vector<Cell> cells_;
};

}  // namespace hongyan::chat::screen
