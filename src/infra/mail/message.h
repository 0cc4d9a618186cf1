// What a mail looks like on the wire.
#pragma once

#include <string>

#include "base/clock.h"

namespace hongyan::mail {

// A mail to one person. Value type; the addresses are checked already: no blanks, no line breaks, ASCII.
struct Message {
  std::string from;
  std::string from_name;
  std::string to;
  // UTF-8, without line breaks.
  std::string subject;
  // UTF-8.
  std::string text;
};

// The mail with its headers (RFC 5322, MIME), lines ended by CRLF. `id` is what no other mail of this sender has: letters and
// digits.
std::string to_wire(const Message& message, TimeMs now, const std::string& id);

}  // namespace hongyan::mail
