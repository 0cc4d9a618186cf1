// How the run goes, for the person in front of it.
#pragma once

#include <string_view>

namespace hongyan::chat {

// Told about the run itself, not about what it shows. Implemented by Output, which prints it, and by the screen, which has a
// line for it.
class Notes {
 public:
  virtual ~Notes() = default;

  virtual void note(std::string_view text) = 0;
  // The connection is gone and is made again; it is back.
  virtual void connection_lost(std::string_view why) = 0;
  virtual void connection_back() = 0;
};

}  // namespace hongyan::chat
