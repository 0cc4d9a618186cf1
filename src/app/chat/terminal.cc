#include "app/chat/terminal.h"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

namespace hongyan::chat {
namespace {

constexpr std::size_t kMaxInput = 1024 * 1024;

std::unexpected<Error> no_password(std::string why) { return fail(Error::invalid("password", std::move(why))); }

// No echo and held-back signals while it lives, so that no signal can leave the terminal silent.
class QuietTerminal {
 public:
  QuietTerminal() {
    ::tcgetattr(STDIN_FILENO, &before_);
    sigemptyset(&held_back_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) sigaddset(&held_back_, signal);
    ::pthread_sigmask(SIG_BLOCK, &held_back_, &mask_before_);
    signals_ = ::signalfd(-1, &held_back_, SFD_CLOEXEC | SFD_NONBLOCK);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~QuietTerminal() {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    if (signals_ >= 0) ::close(signals_);
    // A signal that came meanwhile does its work here.
    ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  // Waits for a line; false when a signal came first.
  bool wait_for_line() const {
    std::array<pollfd, 2> watched{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{signals_, POLLIN, 0}};
    return ::poll(watched.data(), watched.size(), -1) > 0 && watched[1].revents == 0;
  }

 private:
  termios before_{};
  sigset_t held_back_{};
  sigset_t mask_before_{};
  int signals_ = -1;
};

}  // namespace

bool is_terminal() { return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0; }

Result<std::string> read_password_file(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) return fail(Error::invalid("password-file", "cannot be read: " + path));
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return fail(Error::invalid("password-file", "the first line is empty: " + path));
  return line;
}

Result<std::string> prompt_password() {
  if (::isatty(STDIN_FILENO) == 0) return no_password("none is given: use --password-file or HONGYAN_PASSWORD");
  std::array<char, 1024> line{};
  ssize_t size = 0;
  {
    const QuietTerminal quiet;
    std::fputs("Password: ", stderr);
    if (quiet.wait_for_line()) size = ::read(STDIN_FILENO, line.data(), line.size());
    std::fputs("\n", stderr);
  }
  if (size > 0 && line[static_cast<std::size_t>(size) - 1] == '\n') --size;
  if (size <= 0) return no_password("nothing was typed");
  return std::string(line.data(), static_cast<std::size_t>(size));
}

Result<std::string> read_input() {
  std::string text;
  std::array<char, 8192> buffer;
  while (text.size() <= kMaxInput && std::cin.read(buffer.data(), buffer.size()).gcount() > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(std::cin.gcount()));
  }
  if (text.size() > kMaxInput) return fail(Error::invalid("send", "the text on standard input is too large"));
  if (text.ends_with('\n')) text.pop_back();
  if (text.empty()) return fail(Error::invalid("send", "standard input is empty"));
  return text;
}

}  // namespace hongyan::chat
