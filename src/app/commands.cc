#include "app/commands.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

#include "app/control/admin.h"
#include "app/control/integration.h"
#include "app/control/moderation.h"
#include "app/control/socket.h"
#include "app/roles.h"
#include "domain/account/module.h"
#include "domain/integration/module.h"
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
  auto& io = registry.need<async::Module>().io();
  // Only for what needs them: they open the history as well.
  auto* const integration = is_about_integration(request) ? &registry.need<integration::Module>().admin() : nullptr;
  auto* const moderation = is_moderation(request) ? &registry.need<moderation::Module>().api() : nullptr;
  registry.start();
  const auto deadline = async::deadline_in(kDeadline);
  const auto act = [&] {
    if (integration != nullptr) return integrate(*integration, request, deadline);
    if (moderation != nullptr) return moderate(*moderation, request, deadline);
    return administer({accounts.api(), accounts.invites()}, request, deadline);
  };
  auto answer = async::start(io.context(0).get_executor(), act());
  internal::ControlResponse response = answer.get();
  registry.stop();
  return response;
}

// "2026-07-01T12:00:00Z", or "never".
std::string time_text(std::int64_t time_ms) {
  if (time_ms == 0) return "never";
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(time_ms / 1000)));
}

// One line of a list. The name stands last, because it may hold blanks.
void print_item(const internal::IntegrationRecord& item) {
  fmt::print("{}", item.id());
  if (item.group_id() != 0) fmt::print(" group={}", item.group_id());
  if (!item.username().empty()) fmt::print(" as={} scopes={}", item.username(), fmt::join(item.scopes(), ","));
  fmt::print(" allow={}", item.networks().empty() ? "all" : fmt::format("{}", fmt::join(item.networks(), ",")));
  fmt::print(" created={} used={}", time_text(item.created_ms()), time_text(item.used_ms()));
  if (item.revoked_ms() != 0) fmt::print(" revoked={}", time_text(item.revoked_ms()));
  fmt::print(" name={}\n", item.name());
}

// What was made, with its secret.
void print_fresh(const internal::ControlResponse& response) {
  const internal::IntegrationRecord& made = response.items(0);
  if (made.group_id() != 0) {
    fmt::print("hook_id {}\npath /v1/hooks/{}\n", made.id(), response.secret());
  } else {
    fmt::print("key_id {}\nas {} (user_id {})\nkey {}\n", made.id(), made.username(), made.user_id(),
               response.secret());
  }
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
  if (!response.secret().empty()) print_fresh(response);
  if (response.secret().empty()) std::ranges::for_each(response.items(), print_item);
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
