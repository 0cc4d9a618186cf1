// The parts a screen is drawn from.
#pragma once

#include "app/chat/screen/view/view.h"

namespace hongyan::chat::screen {

// The list of the present tab.
void draw_list(const State& state, Frame& frame, Area area);

// The open conversation: its title, its messages.
void draw_chat(const State& state, const Chat& chat, Frame& frame, Area area);

// What can be said about the chosen row of friends or groups.
void draw_details(const State& state, Frame& frame, Area area);

// What the keys do.
void draw_help(Frame& frame, Area area);

}  // namespace hongyan::chat::screen
