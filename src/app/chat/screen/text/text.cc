#include "app/chat/screen/text/text.h"

#include <langinfo.h>

#include <algorithm>
#include <clocale>
#include <cwchar>

#include "app/chat/output.h"

namespace hongyan::chat::screen {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
// As many marks as ncurses keeps with a character.
constexpr int kMaxMarks = 4;

bool is_utf8() { return std::string_view(::nl_langinfo(CODESET)) == "UTF-8"; }

// Joiners, marks of direction and of variants, tags.
bool is_left_out(wchar_t code) {
  return (code >= 0x200B && code <= 0x200F) || (code >= 0x2060 && code <= 0x2064) || code == 0xFEFF ||
         (code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0000 && code <= 0xE01EF);
}

bool is_skin_tone(wchar_t code) { return code >= 0x1F3FB && code <= 0x1F3FF; }

// Separators of lines, and marks that reorder the text around them.
bool acts_on_row(wchar_t code) { return (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069); }

// The first character of a text, as the locale reads it.
struct Decoded {
  wchar_t code = 0;
  std::size_t size = 1;
  // No character begins here.
  bool is_broken = false;
};

Decoded decode(std::string_view text) {
  Decoded decoded;
  std::mbstate_t state{};
  const std::size_t size = std::mbrtowc(&decoded.code, text.data(), text.size(), &state);
  decoded.is_broken = size == static_cast<std::size_t>(-1) || size == static_cast<std::size_t>(-2);
  if (!decoded.is_broken) decoded.size = std::max<std::size_t>(size, 1);
  return decoded;
}

// Collects glyphs, and how many marks the last one has.
struct GlyphBuilder {
  void add(std::string_view text, std::size_t at) {
    const Decoded next = decode(text.substr(at));
    const int columns = next.is_broken || acts_on_row(next.code) ? -1 : ::wcwidth(next.code);
    const bool is_tone = is_skin_tone(next.code) && !glyphs.empty() && glyphs.back().columns == 2;
    // NUL has no width either.
    const bool is_mark = columns == 0 && next.code != 0;
    if (is_left_out(next.code) || is_tone || is_mark) return add_to_last(text.substr(at, next.size), is_mark);
    marks = 0;
    const bool is_shown = columns > 0;
    glyphs.push_back(
        {std::string(is_shown ? text.substr(at, next.size) : kReplacement), is_shown ? columns : 1, at, next.size});
  }

  void add_to_last(std::string_view bytes, bool is_shown) {
    if (glyphs.empty()) {
      before += bytes.size();
      return;
    }
    glyphs.back().size += bytes.size();
    const bool is_joiner = is_left_out(decode(bytes).code);
    if (is_shown && !is_joiner && ++marks <= kMaxMarks) glyphs.back().shown += bytes;
  }

  std::size_t next() const { return glyphs.empty() ? before : glyphs.back().at + glyphs.back().size; }

  std::vector<Glyph> glyphs;
  int marks = 0;
  // Bytes in front of the first glyph.
  std::size_t before = 0;
};

// One row that is being filled, and where it was last possible to break it.
class RowBreaker {
 public:
  explicit RowBreaker(int columns) : limit_(std::max(columns, 1)) {}

  void add(const Glyph& glyph) {
    if (used_ + glyph.columns > limit_ && used_ > 0) break_row(glyph);
    // A blank that ends a row is not carried into the next one.
    if (row_.empty() && !rows_.empty() && glyph.shown == " " && was_broken_) return;
    was_broken_ = false;
    row_ += glyph.shown;
    used_ += glyph.columns;
    if (glyph.shown == " " || glyph.columns == 2) {
      break_at_ = row_.size();
      break_used_ = used_;
    }
  }

  void end_line() {
    rows_.push_back(std::move(row_));
    start();
  }

  std::vector<std::string> take() && { return std::move(rows_); }

 private:
  void break_row(const Glyph& next) {
    const bool anywhere = next.shown == " " || next.columns == 2 || break_at_ == 0;
    std::string rest = anywhere ? std::string() : row_.substr(break_at_);
    const int rest_used = anywhere ? 0 : used_ - break_used_;
    if (!anywhere) row_.resize(break_at_);
    while (row_.ends_with(' ')) row_.pop_back();
    rows_.push_back(std::move(row_));
    start();
    row_ = std::move(rest);
    used_ = rest_used;
    was_broken_ = row_.empty();
  }

  void start() {
    row_.clear();
    used_ = break_used_ = 0;
    break_at_ = 0;
    was_broken_ = false;
  }

  const int limit_;
  std::vector<std::string> rows_;
  std::string row_;
  int used_ = 0;
  std::size_t break_at_ = 0;
  int break_used_ = 0;
  bool was_broken_ = false;
};

std::string without_tabs(std::string_view line) {
  std::string out;
  for (const char c : line) out += c == '\t' ? std::string("    ") : std::string(1, c);
  return out;
}

}  // namespace

bool use_utf8() {
  if (std::setlocale(LC_CTYPE, "") != nullptr && is_utf8()) return true;
  return std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr && is_utf8();
}

std::vector<Glyph> glyphs_of(std::string_view text) {
  GlyphBuilder builder;
  while (builder.next() < text.size()) builder.add(text, builder.next());
  return std::move(builder.glyphs);
}

int columns_of(std::string_view text) {
  int columns = 0;
  for (const Glyph& glyph : glyphs_of(text)) columns += glyph.columns;
  return columns;
}

std::string clip(std::string_view text, int columns) {
  const std::vector<Glyph> glyphs = glyphs_of(text);
  std::string out;
  int used = 0;
  // What fits beside the mark that something is cut off.
  std::size_t kept = 0;
  for (const Glyph& glyph : glyphs) {
    if (used + glyph.columns > columns) {
      out.resize(kept);
      return columns > 0 ? out + "…" : std::string();
    }
    out += glyph.shown;
    used += glyph.columns;
    if (used < columns) kept = out.size();
  }
  return out;
}

std::string one_row(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
  return printable(out);
}

std::vector<std::string> wrap(std::string_view text, int columns) {
  RowBreaker rows(columns);
  for (;;) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (const Glyph& glyph : glyphs_of(printable(without_tabs(line)))) rows.add(glyph);
    rows.end_line();
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
  }
  return std::move(rows).take();
}

}  // namespace hongyan::chat::screen
