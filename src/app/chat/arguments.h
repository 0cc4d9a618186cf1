// What the options of the command line say, checked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/chat/chat.h"
#include "app/chat/link/server_address.h"
#include "app/chat/login.h"
#include "base/result.h"

namespace hongyan::chat {

// One message to send.
struct SendItem {
  std::string user;
  std::string text;

  // The text is on standard input.
  bool is_from_input() const { return text == "-"; }
};

// Splits "user:text" at the first colon. Errors: invalid_argument naming `send`.
Result<SendItem> parse_send(std::string_view argument);

// The options, checked, without the password and what is on standard input. Errors: invalid_argument naming the option.
struct Arguments {
  ServerAddress server;
  std::vector<SendItem> send;
};
Result<Arguments> parse_arguments(const ChatOptions& options);

}  // namespace hongyan::chat
