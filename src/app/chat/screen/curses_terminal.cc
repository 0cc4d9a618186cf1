#include "app/chat/screen/curses_terminal.h"

// Wide characters; functions instead of macros, whose names would be those of the standard library.
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cwchar>

namespace hongyan::chat::screen {
namespace {

// Codes of keys beyond those that ncurses knows.
constexpr int kPasteBegins = KEY_MAX + 1;
constexpr int kPasteEnds = KEY_MAX + 2;
constexpr int kAltEnter = KEY_MAX + 3;
// An escape sequence comes within this; else Escape was pressed.
constexpr int kEscapeMs = 25;
constexpr std::size_t kMaxPaste = 64 * 1024;

constexpr char kAskForPastes[] = "\033[?2004h";
constexpr char kNoPastes[] = "\033[?2004l";

constexpr wint_t control(char letter) { return static_cast<wint_t>(letter & 0x1F); }

void write_all(const char* text) {
  const ssize_t written = ::write(STDOUT_FILENO, text, std::char_traits<char>::length(text));
  // A terminal that takes nothing is closed, which shows itself elsewhere.
  (void)written;
}

std::string utf8_of(wint_t code) {
  std::array<char, MB_LEN_MAX> bytes{};
  std::mbstate_t state{};
  const std::size_t size = std::wcrtomb(bytes.data(), static_cast<wchar_t>(code), &state);
  return size == static_cast<std::size_t>(-1) ? std::string() : std::string(bytes.data(), size);
}

std::optional<KeyCode> control_key(wint_t code) {
  switch (code) {
    case '\r': return KeyCode::enter;
    case '\n': return KeyCode::line_break;
    case '\t': return KeyCode::next_tab;
    case 0x1B: return KeyCode::escape;
    case 0x7F:
    case control('H'): return KeyCode::backspace;
    case control('A'): return KeyCode::home;
    case control('C'):
    case control('Q'): return KeyCode::quit;
    case control('E'): return KeyCode::end;
    case control('L'): return KeyCode::redraw;
    case control('N'): return KeyCode::next_unread;
    case control('R'): return KeyCode::resend;
    case control('U'): return KeyCode::kill_line;
    case control('W'): return KeyCode::kill_word;
    case control('X'): return KeyCode::reject;
    default: return std::nullopt;
  }
}

std::optional<KeyCode> function_key(wint_t code) {
  switch (static_cast<int>(code)) {
    case KEY_F(1): return KeyCode::chats;
    case KEY_F(2): return KeyCode::friends;
    case KEY_F(3): return KeyCode::groups;
    case KEY_F(4): return KeyCode::help;
    case KEY_BTAB: return KeyCode::previous_tab;
    case KEY_UP: return KeyCode::up;
    case KEY_DOWN: return KeyCode::down;
    case KEY_PPAGE: return KeyCode::page_up;
    case KEY_NPAGE: return KeyCode::page_down;
    case KEY_LEFT: return KeyCode::left;
    case KEY_RIGHT: return KeyCode::right;
    case KEY_HOME: return KeyCode::home;
    case KEY_END: return KeyCode::end;
    case KEY_BACKSPACE: return KeyCode::backspace;
    case KEY_DC: return KeyCode::del;
    case KEY_ENTER: return KeyCode::enter;
    case kAltEnter: return KeyCode::line_break;
    default: return std::nullopt;
  }
}

// What keys send beyond the terminal's description: it may be another terminal's, and pastes are in none.
void define_keys() {
  ::define_key("\033[200~", kPasteBegins);
  ::define_key("\033[201~", kPasteEnds);
  ::define_key("\033\r", kAltEnter);
  ::define_key("\033[A", KEY_UP);
  ::define_key("\033[B", KEY_DOWN);
  ::define_key("\033[C", KEY_RIGHT);
  ::define_key("\033[D", KEY_LEFT);
  ::define_key("\033[H", KEY_HOME);
  ::define_key("\033[F", KEY_END);
  ::define_key("\033[1~", KEY_HOME);
  ::define_key("\033[4~", KEY_END);
  ::define_key("\033[3~", KEY_DC);
  ::define_key("\033[5~", KEY_PPAGE);
  ::define_key("\033[6~", KEY_NPAGE);
  ::define_key("\033[Z", KEY_BTAB);
  for (int number = 1; number <= 4; ++number) {
    const std::string rest(1, static_cast<char>('P' + number - 1));
    ::define_key(("\033O" + rest).c_str(), KEY_F(number));
    ::define_key(("\033[1" + std::to_string(number) + "~").c_str(), KEY_F(number));
  }
}

short pair_of(Color color) { return static_cast<short>(color); }

void make_colors() {
  if (!::has_colors()) return;
  ::start_color();
  ::use_default_colors();
  constexpr std::array<short, 5> kColors{COLOR_RED, COLOR_GREEN, COLOR_YELLOW, COLOR_BLUE, COLOR_CYAN};
  for (short i = 0; i < static_cast<short>(kColors.size()); ++i) {
    ::init_pair(static_cast<short>(i + 1), kColors[static_cast<std::size_t>(i)], -1);
  }
}

attr_t attributes_of(const Style& style) {
  attr_t attributes = A_NORMAL;
  if (style.bold) attributes |= A_BOLD;
  if (style.dim) attributes |= A_DIM;
  if (style.reverse) attributes |= A_REVERSE;
  if (style.underline) attributes |= A_UNDERLINE;
  return attributes;
}

void put_cell(int column, int row, const Cell& cell) {
  std::array<wchar_t, CCHARW_MAX + 1> text{};
  std::mbstate_t state{};
  const char* from = cell.text.c_str();
  std::mbsrtowcs(text.data(), &from, CCHARW_MAX, &state);
  cchar_t shown{};
  const short pair = ::has_colors() ? pair_of(cell.style.color) : short{0};
  if (::setcchar(&shown, text.data(), attributes_of(cell.style), pair, nullptr) == OK) ::mvadd_wch(row, column, &shown);
}

}  // namespace

struct CursesTerminal::Impl {
  ~Impl() {
    ::endwin();
    ::delscreen(screen);
    write_all(kNoPastes);
  }

  SCREEN* screen = nullptr;
  // Between the marks of a paste.
  bool is_pasting = false;
  std::string pasted;
};

CursesTerminal::CursesTerminal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CursesTerminal::~CursesTerminal() = default;

Result<std::unique_ptr<CursesTerminal>> CursesTerminal::open() {
  SCREEN* const screen = ::newterm(nullptr, stdout, stdin);
  if (screen == nullptr) {
    return fail(Error::invalid("TERM", "this terminal cannot show a screen; use --list, --send and --follow"));
  }
  auto impl = std::make_unique<Impl>();
  impl->screen = screen;
  ::set_escdelay(kEscapeMs);
  ::raw();
  ::noecho();
  ::nonl();
  ::keypad(stdscr, TRUE);
  ::nodelay(stdscr, TRUE);
  define_keys();
  make_colors();
  write_all(kAskForPastes);
  return std::unique_ptr<CursesTerminal>(new CursesTerminal(std::move(impl)));
}

int CursesTerminal::open_key_events() {
  const int events = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  if (events >= 0 && ::epoll_ctl(events, EPOLL_CTL_ADD, STDIN_FILENO, &wanted) == 0) return events;
  if (events >= 0) ::close(events);
  return -1;
}

Size CursesTerminal::size() const { return {::getmaxx(stdscr), ::getmaxy(stdscr)}; }

void CursesTerminal::take_size() {
  winsize window{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) return;
  ::resizeterm(window.ws_row, window.ws_col);
  // What the terminal has made of the old rows is its own business.
  redraw();
}

std::optional<Key> CursesTerminal::next_key() {
  wint_t code = 0;
  for (int kind; (kind = ::get_wch(&code)) != ERR;) {
    const bool is_function = kind == KEY_CODE_YES;
    if (is_function && code == kPasteBegins) {
      impl_->is_pasting = true;
    } else if (is_function && code == kPasteEnds) {
      impl_->is_pasting = false;
      return Key{KeyCode::text, std::exchange(impl_->pasted, {})};
    } else if (impl_->is_pasting) {
      if (is_function || impl_->pasted.size() > kMaxPaste) continue;
      impl_->pasted += code == '\r' ? "\n" : utf8_of(code);
    } else {
      const std::optional<KeyCode> known = is_function ? function_key(code) : control_key(code);
      if (known) return Key{*known, {}};
      if (!is_function && code >= 0x20) return Key{KeyCode::text, utf8_of(code)};
    }
  }
  return std::nullopt;
}

bool CursesTerminal::is_gone() const {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void CursesTerminal::show(const Frame& frame) {
  const Size size = frame.grid.size();
  ::erase();
  for (int row = 0; row < size.rows; ++row) {
    for (int column = 0; column < size.columns; ++column) {
      const Cell& cell = frame.grid.at(column, row);
      const bool is_blank = cell.text == " " && cell.style == kPlain;
      if (cell.columns > 0 && !is_blank) put_cell(column, row, cell);
    }
  }
  ::curs_set(frame.cursor ? 1 : 0);
  if (frame.cursor) ::move(frame.cursor->row, frame.cursor->column);
  ::refresh();
}

void CursesTerminal::redraw() { ::clearok(stdscr, TRUE); }

}  // namespace hongyan::chat::screen
