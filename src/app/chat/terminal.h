// Secrets and texts from the person at the terminal, or from the script in their place.
#pragma once

#include <string>

#include "base/result.h"

namespace hongyan::chat {

// Standard input and output are a terminal: a person sits there.
bool is_terminal();

// The first line of a file. Errors: invalid_argument naming `password-file` when it cannot be read or its line is empty.
Result<std::string> read_password_file(const std::string& path);

// Asks on standard error and reads a line from the terminal without showing it. A signal meanwhile ends the process, with
// the terminal as it was. Errors: invalid_argument naming `password` when standard input is no terminal or nothing is typed.
Result<std::string> prompt_password();

// All of standard input without the newline at its end. Errors: invalid_argument naming `send` when it is empty or larger
// than any message.
Result<std::string> read_input();

}  // namespace hongyan::chat
