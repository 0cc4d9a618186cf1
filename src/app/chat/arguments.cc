#include "app/chat/arguments.h"

#include <algorithm>

namespace hongyan::chat {

Result<SendItem> parse_send(std::string_view argument) {
  const std::size_t colon = argument.find(':');
  if (colon == std::string_view::npos) return fail(Error::invalid("send", "expected user:text"));
  SendItem item{std::string(argument.substr(0, colon)), std::string(argument.substr(colon + 1))};
  if (item.user.empty()) return fail(Error::invalid("send", "no user before the colon"));
  if (item.text.empty()) return fail(Error::invalid("send", "no text after the colon"));
  return item;
}

Result<Arguments> parse_arguments(const ChatOptions& options) {
  using namespace std::chrono_literals;
  Arguments arguments;
  HY_TRY(arguments.server, parse_server(options.server));
  if (options.user.empty()) return fail(Error::invalid("user", "nobody is named"));
  if (!options.nickname.empty() && !options.register_account) {
    return fail(Error::invalid("nickname", "only a new account gets one: it needs --register"));
  }
  if (options.timeout < 100ms || options.timeout > 1h)
    return fail(Error::invalid("timeout", "must be 100 ms to an hour"));
  for (const std::string& argument : options.send) {
    HY_TRY(SendItem item, parse_send(argument));
    arguments.send.push_back(std::move(item));
  }
  if (std::ranges::count_if(arguments.send, &SendItem::is_from_input) > 1) {
    return fail(Error::invalid("send", "standard input holds one text only"));
  }
  return arguments;
}

}  // namespace hongyan::chat
