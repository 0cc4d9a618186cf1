// Draws the state.
#pragma once

#include <optional>

#include "app/chat/screen/model/state.h"
#include "app/chat/screen/text/grid.h"

namespace hongyan::chat::screen {

// A drawn screen, and what drawing has found out about the open conversation.
struct Frame {
  explicit Frame(Size size) : grid(size) {}

  Grid grid;
  // Where typing goes on, if anywhere.
  std::optional<Point> cursor;
  // The last row that is seen, nothing at the end of the conversation.
  std::optional<Anchor> anchor;
  // The first row that is held is seen.
  bool is_at_top = false;
};

// Draws everything on a screen of State::size. Pure.
Frame draw(const State& state);

// Puts into the state what drawing has found out: where the conversation is scrolled to, that older messages are wanted, that its
// end is seen.
void settle(State& state, const Frame& frame);

}  // namespace hongyan::chat::screen
