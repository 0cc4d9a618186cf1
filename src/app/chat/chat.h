// `hongyan chat`: a screen for people, lines for scripts.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace hongyan::chat {

struct ChatOptions {
  // "http://host[:port][/prefix]"
  std::string server = "http://127.0.0.1:8080";
  std::string user;
  // Never from the command line, where other users of the machine can read it. When empty: the first line of
  // `password_file`, else HONGYAN_PASSWORD, else a prompt without echo when standard input is a terminal.
  std::string password;
  std::string password_file;
  // Create the account, under this nickname (the username when empty), before anything else.
  bool register_account = false;
  std::string nickname;
  // What to do, in this order; with none of them a screen is opened where standard input and output are a terminal (and json
  // is not asked for), and elsewhere only the login is tried.
  bool list = false;
  // "user:text", the text may contain colons; "user:-" takes it from standard input.
  std::vector<std::string> send;
  bool follow = false;
  // One JSON object {"type", "data"} a line instead of text for people.
  bool json = false;
  // For each step: login, list, one message with its repeats.
  std::chrono::milliseconds timeout{10'000};
};

// Runs one session to its end. 0: all was done (following and the screen end so by SIGINT or SIGTERM); 1: refused or failed, the error
// code stands on standard error; 2: the options make no sense.
int run_chat(const ChatOptions& options);

}  // namespace hongyan::chat
