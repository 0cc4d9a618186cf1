// What shows the state.
#pragma once

namespace hongyan::chat::screen {

class Display {
 public:
  virtual ~Display() = default;
  // The state is another one: draw it soon.
  virtual void changed() = 0;
};

}  // namespace hongyan::chat::screen
