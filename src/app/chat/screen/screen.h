// `hongyan chat` as a full screen.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "app/chat/notes.h"
#include "app/chat/screen/curses_terminal.h"
#include "app/chat/screen/display.h"
#include "app/chat/screen/model/state.h"
#include "infra/crypto/random.h"

namespace hongyan::chat::screen {

// Ties keys, state and terminal together: a key changes the state at once and is drawn at once, whatever the network does. Until
// it is opened, and after it was closed, notes go to `printed`. Lives as long as the run, on the thread of its io_context.
class Screen final : public Notes, public Display {
 public:
  Screen(boost::asio::io_context& context, Notes& printed, crypto::RandomSource& random);

  // What the screen needs of the run.
  struct Hooks {
    // There are commands: State::commands.
    std::function<void()> on_commands;
    // The user has left; called once.
    std::function<void()> on_leave;
  };
  // Takes the terminal. Errors: as CursesTerminal::open.
  Result<void> open(v1::Me me, Hooks hooks);
  // Gives it back. A repeat changes nothing.
  void close();

  // Once it was opened.
  State& state() { return *state_; }

  void changed() override;
  void note(std::string_view text) override;
  void connection_lost(std::string_view why) override;
  void connection_back() override;

 private:
  void wait_for_keys();
  void take_keys();
  void wait_for_size();
  void draw_now();
  void leave_when_sent();
  void leave();

  boost::asio::io_context& context_;
  Notes& printed_;
  crypto::RandomSource& random_;
  Hooks hooks_;
  std::unique_ptr<State> state_;
  std::unique_ptr<CursesTerminal> terminal_;
  boost::asio::posix::stream_descriptor keys_;
  boost::asio::signal_set resizes_;
  // How long what was written may still be sent when the user leaves.
  boost::asio::steady_timer patience_;
  bool will_draw_ = false;
};

}  // namespace hongyan::chat::screen
