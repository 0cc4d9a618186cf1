// The terminal, by ncurses.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/chat/screen/text/key.h"
#include "app/chat/screen/view/view.h"
#include "base/result.h"

namespace hongyan::chat::screen {

// Has the terminal of standard input and output for itself while it lives, and leaves it as it was. One at a time, one thread.
// Signals that ncurses would handle (SIGINT, SIGTERM, SIGWINCH) are to be handled by others before it is made.
class CursesTerminal {
 public:
  // Errors: invalid_argument naming `TERM` when that terminal cannot show a screen.
  static Result<std::unique_ptr<CursesTerminal>> open();
  ~CursesTerminal();
  CursesTerminal(const CursesTerminal&) = delete;
  CursesTerminal& operator=(const CursesTerminal&) = delete;

  // A new descriptor that can be read while keys wait, -1 when there is none to be had. It is not the terminal: who waits for one
  // with Asio makes it non-blocking, and the terminal would stay so for all who share it.
  static int open_key_events();

  Size size() const;
  // The window may have another size now.
  void take_size();
  // The next key that was typed, without waiting; nothing when there is none.
  std::optional<Key> next_key();
  // Nobody can type any more: the window is closed.
  bool is_gone() const;
  // Shows a frame; only what differs is sent.
  void show(const Frame& frame);
  // Sends everything again with the next show().
  void redraw();

 private:
  struct Impl;
  explicit CursesTerminal(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace hongyan::chat::screen
