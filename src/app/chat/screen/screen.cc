#include "app/chat/screen/screen.h"

#include <boost/asio/post.hpp>
#include <csignal>

#include "app/chat/screen/model/press.h"
#include "app/chat/screen/view/view.h"

namespace hongyan::chat::screen {
namespace {

constexpr std::chrono::milliseconds kPatienceOfLeaving{2'000};

std::int64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

Screen::Screen(boost::asio::io_context& context, Notes& printed, crypto::RandomSource& random)
    : context_(context), printed_(printed), random_(random), keys_(context), resizes_(context), patience_(context) {}

Result<void> Screen::open(v1::Me me, Hooks hooks) {
  boost::system::error_code refused;
  keys_.assign(CursesTerminal::open_key_events(), refused);
  if (refused) return fail(ErrorCode::internal, "keys cannot be waited for: " + refused.message());
  // Before ncurses, which else would take the signal for itself.
  resizes_.add(SIGWINCH);
  HY_TRY(terminal_, CursesTerminal::open());
  state_ = std::make_unique<State>(std::move(me));
  hooks_ = std::move(hooks);
  wait_for_keys();
  wait_for_size();
  draw_now();
  return {};
}

void Screen::close() {
  boost::system::error_code ignored;
  keys_.close(ignored);
  resizes_.cancel(ignored);
  patience_.cancel();
  if (!terminal_) return;
  terminal_.reset();
  if (state_->has_unsent()) printed_.note("what was written last may not have been sent");
}

void Screen::changed() {
  if (will_draw_) return;
  will_draw_ = true;
  // What comes in one turn is drawn once.
  boost::asio::post(context_, [this] {
    will_draw_ = false;
    draw_now();
  });
}

void Screen::note(std::string_view text) {
  if (!terminal_) return printed_.note(text);
  state_->trouble = text;
  changed();
}

void Screen::connection_lost(std::string_view why) {
  if (!terminal_) return printed_.connection_lost(why);
  state_->link = Link::down;
  changed();
}

void Screen::connection_back() {
  if (!terminal_) return printed_.connection_back();
  state_->link = Link::up;
  changed();
}

void Screen::wait_for_keys() {
  keys_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                   [this](const boost::system::error_code& cancelled) {
                     if (cancelled || !terminal_) return;
                     take_keys();
                     if (!terminal_) return;
                     if (terminal_->is_gone()) return leave();
                     wait_for_keys();
                   });
}

void Screen::take_keys() {
  while (const auto key = terminal_->next_key()) {
    // Who wants to leave twice does not wait.
    if (key->code == KeyCode::quit && state_->is_leaving) return leave();
    if (key->code == KeyCode::redraw) terminal_->redraw();
    state_->now_ms = wall_clock_ms();
    press(*state_, *key, random_);
  }
  draw_now();
}

void Screen::wait_for_size() {
  resizes_.async_wait([this](const boost::system::error_code& cancelled, int) {
    if (cancelled || !terminal_) return;
    terminal_->take_size();
    draw_now();
    wait_for_size();
  });
}

void Screen::draw_now() {
  if (!terminal_) return;
  state_->size = terminal_->size();
  state_->now_ms = wall_clock_ms();
  const Frame frame = draw(*state_);
  settle(*state_, frame);
  terminal_->show(frame);
  if (!state_->commands.empty() && hooks_.on_commands) hooks_.on_commands();
  if (state_->is_leaving) leave_when_sent();
}

void Screen::leave_when_sent() {
  if (!state_->has_unsent()) return leave();
  if (patience_.expiry() > std::chrono::steady_clock::now()) return;
  patience_.expires_after(kPatienceOfLeaving);
  patience_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) leave();
  });
}

void Screen::leave() {
  close();
  if (const auto on_leave = std::exchange(hooks_.on_leave, nullptr)) on_leave();
}

}  // namespace hongyan::chat::screen
