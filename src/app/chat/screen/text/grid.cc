#include "app/chat/screen/text/grid.h"

#include <algorithm>

#include "app/chat/screen/text/text.h"

namespace hongyan::chat::screen {

Grid::Grid(Size size)
    : size_{std::max(size.columns, 1), std::max(size.rows, 1)},
      cells_(static_cast<std::size_t>(size_.columns) * static_cast<std::size_t>(size_.rows)) {}

const Cell& Grid::at(int column, int row) const {
  return cells_[static_cast<std::size_t>(row) * static_cast<std::size_t>(size_.columns) +
                static_cast<std::size_t>(column)];
}

Cell& Grid::cell(int column, int row) { return const_cast<Cell&>(std::as_const(*this).at(column, row)); }

int Grid::put(Point where, std::string_view text, int columns, Style style) {
  if (where.row < 0 || where.row >= size_.rows || where.column < 0) return 0;
  const int end = std::min(where.column + columns, size_.columns);
  int column = where.column;
  for (const Glyph& glyph : glyphs_of(text)) {
    if (column + glyph.columns > end) break;
    cell(column, where.row) = {glyph.shown, glyph.columns, style};
    if (glyph.columns == 2) cell(column + 1, where.row) = {"", 0, style};
    column += glyph.columns;
  }
  return std::max(column - where.column, 0);
}

int Grid::put_right(Point right, std::string_view text, int columns, Style style) {
  const std::string shown = clip(text, columns);
  return put({right.column - columns_of(shown), right.row}, shown, columns, style);
}

void Grid::fill(Area area, Style style) {
  for (int row = std::max(area.row, 0); row < std::min(area.row + area.rows, size_.rows); ++row) {
    for (int column = std::max(area.column, 0); column < std::min(area.column + area.columns, size_.columns); ++column)
      cell(column, row) = {" ", 1, style};
  }
}

std::string Grid::row_text(int row) const {
  std::string text;
  for (int column = 0; column < size_.columns; ++column) text += at(column, row).text;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace hongyan::chat::screen
