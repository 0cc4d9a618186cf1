#include "app/commands.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/control/admin.h"
#include "app/control/moderation.h"
#include "app/control/socket.h"
#include "app/roles.h"
#include "domain/account/module.h"
#include "domain/moderation/module.h"
#include "infra/async/module.h"
#include "infra/config/data_folder.h"
#include "infra/log/log.h"

namespace hongyan::app {
namespace {

constexpr std::chrono::milliseconds kDeadline{10'000};

// Without a server: this process takes the data folder's lock and is the server for one request.
internal::ControlResponse administer_here(const std::string& folder, const config::Values& values,
                                          const internal::ControlRequest& request) {
  Registry registry;
  registry.provide(std::make_unique<config::Module>(values));
  registry.provide(std::make_unique<config::DataFolder>(folder));
  auto& accounts = registry.need<account::Module>();
  // Only for what needs it: it opens the history as well.
  auto* moderation = is_moderation(request) ? &registry.need<moderation::Module>() : nullptr;
  registry.start();
  const auto deadline = async::deadline_in(kDeadline);
  auto answer =
      async::start(registry.need<async::Module>().io().context(0).get_executor(),
                   moderation != nullptr ? moderate(moderation->api(), request, deadline)
                                         : administer({accounts.api(), accounts.invites()}, request, deadline));
  internal::ControlResponse response = answer.get();
  registry.stop();
  return response;
}

int report(const internal::ControlRequest& request, const internal::ControlResponse& response) {
  if (!response.error().empty()) {
    fmt::print(stderr, "hongyan: {}", response.error());
    for (const std::string& more : {response.field(), response.detail()}) {
      if (!more.empty()) fmt::print(stderr, ": {}", more);
    }
    fmt::print(stderr, "\n");
    return 1;
  }
  if (is_moderation(request)) {
    fmt::print("{}", to_text(request, response));
    return 0;
  }
  if (!response.log_levels().empty()) {
    fmt::print("{}\n", response.log_levels());
    return 0;
  }
  if (response.user_id() != 0) fmt::print("user_id {}\n", response.user_id());
  if (!response.invite().empty()) fmt::print("invite {0}\npage /register?invite={0}\n", response.invite());
  if (response.has_password()) fmt::print("one-time password {}\n", response.password());
  fmt::print("done\n");
  return 0;
}

}  // namespace

int print_roles() {
  for (const Role& role : roles()) fmt::print("{:<10} {}\n", role.name, role.what);
  return 0;
}

int check_config(const SettingsSource& source) {
  const auto values = valid_settings(source);
  if (values) fmt::print("the configuration is valid\n");
  return values ? 0 : 1;
}

int print_config(const SettingsSource& source) {
  const auto values = valid_settings(source);
  if (values) fmt::print("{}", to_toml(*values));
  return values ? 0 : 1;
}

int import_words(const std::string& data, const SettingsSource& source, const WordsFile& words) {
  const auto action = word_action_from(words.action);
  const auto request = action ? words_in_file(words.file, *action) : std::unexpected(action.error());
  if (!request) {
    fmt::print(stderr, "hongyan: {} ({})\n", error_name(request.error().code), request.error().detail);
    return 1;
  }
  return admin(data, source, *request);
}

int admin(const std::string& data, const SettingsSource& source, const internal::ControlRequest& request) {
  const std::string folder = data_folder_of(data);
  auto answer = ask_running_server(folder, request);
  if (!answer) {
    fmt::print(stderr, "hongyan: {} ({})\n", error_name(answer.error().code), answer.error().detail);
    return 1;
  }
  if (*answer) return report(request, **answer);
  if (request.has_set_log_levels()) {
    fmt::print(stderr, "hongyan: no server runs on the data folder {}\n", folder);
    return 1;
  }
  const auto values = valid_settings(source);
  if (!values) return 1;
  log::open({.standard = log::Level::warn}, {});
  try {
    return report(request, administer_here(folder, *values, request));
  } catch (const std::exception& error) {
    fmt::print(stderr, "hongyan: {}\n", error.what());
    return 1;
  }
}

}  // namespace hongyan::app
