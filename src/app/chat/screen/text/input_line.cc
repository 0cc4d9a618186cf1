#include "app/chat/screen/text/input_line.h"

#include <algorithm>
#include <utility>

#include "app/chat/screen/text/text.h"
#include "infra/ws/utf8.h"

namespace hongyan::chat::screen {

bool InputLine::press(const Key& key) {
  switch (key.code) {
    case KeyCode::text: insert(key.text); return true;
    case KeyCode::line_break: insert("\n"); return true;
    case KeyCode::backspace: erase(before_cursor(), cursor_); return true;
    case KeyCode::del: erase(cursor_, behind_cursor()); return true;
    case KeyCode::left: cursor_ = before_cursor(); return true;
    case KeyCode::right: cursor_ = behind_cursor(); return true;
    case KeyCode::home: cursor_ = 0; return true;
    case KeyCode::end: cursor_ = text_.size(); return true;
    case KeyCode::kill_line: erase(0, cursor_); return true;
    case KeyCode::kill_word: erase(start_of_word(), cursor_); return true;
    default: return false;
  }
}

void InputLine::insert(std::string_view text) {
  if (!ws::is_valid_utf8(text)) return;
  std::string clean;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t') clean += ' ';
    if (c == '\n' || (byte >= 0x20 && byte != 0x7F)) clean += c;
  }
  if (text_.size() + clean.size() > kMaxBytes) return;
  text_.insert(cursor_, clean);
  cursor_ += clean.size();
}

std::string InputLine::take() {
  cursor_ = 0;
  return std::exchange(text_, {});
}

void InputLine::erase(std::size_t from, std::size_t to) {
  text_.erase(from, to - from);
  cursor_ = from;
}

std::size_t InputLine::before_cursor() const {
  std::size_t before = 0;
  for (const Glyph& glyph : glyphs_of(text_)) {
    if (glyph.at < cursor_) before = glyph.at;
  }
  return before;
}

std::size_t InputLine::behind_cursor() const {
  for (const Glyph& glyph : glyphs_of(text_)) {
    if (glyph.at + glyph.size > cursor_) return glyph.at + glyph.size;
  }
  return text_.size();
}

std::size_t InputLine::start_of_word() const {
  std::size_t start = cursor_;
  while (start > 0 && text_[start - 1] == ' ') --start;
  while (start > 0 && text_[start - 1] != ' ') --start;
  return start;
}

InputRows lay_out(const InputLine& line, int columns) {
  InputRows laid;
  laid.rows.emplace_back();
  int used = 0;
  const auto next_row = [&] {
    laid.rows.emplace_back();
    used = 0;
  };
  const auto here = [&] { return Point{used, static_cast<int>(laid.rows.size()) - 1}; };
  for (const Glyph& glyph : glyphs_of(line.text())) {
    const bool is_break = line.text()[glyph.at] == '\n';
    if (used + (is_break ? 1 : glyph.columns) > columns) next_row();
    if (glyph.at <= line.cursor()) laid.cursor = here();
    laid.rows.back() += is_break ? "↵" : glyph.shown;
    used += is_break ? 1 : glyph.columns;
    if (is_break) next_row();
  }
  if (line.cursor() == line.text().size()) {
    if (used >= columns) next_row();
    laid.cursor = here();
  }
  return laid;
}

}  // namespace hongyan::chat::screen
