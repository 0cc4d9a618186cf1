#include "main/admin.h"

#include <iostream>

#include "app/commands.h"
#include "app/control/moderation.h"
#include "main/options.h"

namespace hongyan {
namespace {

internal::ControlRequest create_user_request(const AdminOptions& options) {
  internal::ControlRequest request;
  auto& user = *request.mutable_create_user();
  user.set_username(options.username);
  user.set_nickname(options.nickname);
  user.set_admin(options.is_admin);
  user.set_email(options.email);
  user.set_phone(options.phone);
  if (options.password_from_stdin) {
    std::string password;
    std::getline(std::cin, password);
    user.set_password(password);
  }
  return request;
}

internal::ControlRequest enabled_request(const AdminOptions& options, bool enabled) {
  internal::ControlRequest request;
  request.mutable_set_enabled()->set_username(options.username);
  request.mutable_set_enabled()->set_enabled(enabled);
  return request;
}

internal::ControlRequest reset_request(const AdminOptions& options) {
  internal::ControlRequest request;
  request.mutable_reset_password()->set_username(options.username);
  return request;
}

internal::ControlRequest invite_request(const AdminOptions& options) {
  internal::ControlRequest request;
  request.mutable_create_invite()->set_max_uses(options.invite_uses);
  request.mutable_create_invite()->set_life_ms(options.invite_days * 24 * 3'600'000);
  return request;
}

internal::ControlRequest log_levels_request(const AdminOptions& options) {
  internal::ControlRequest request;
  std::string& change = *request.mutable_set_log_levels()->mutable_change();
  for (const std::string& word : options.log_levels) change += word + " ";
  return request;
}

internal::ControlRequest create_key_request(const AdminOptions& options) {
  internal::ControlRequest request;
  auto& key = *request.mutable_create_api_key();
  key.set_name(options.name);
  for (const std::string& scope : options.scopes) key.add_scopes(scope);
  for (const std::string& network : options.networks) key.add_networks(network);
  key.set_as_username(options.as_username);
  return request;
}

internal::ControlRequest create_hook_request(const AdminOptions& options) {
  internal::ControlRequest request;
  auto& hook = *request.mutable_create_hook();
  hook.set_group_id(options.id);
  hook.set_name(options.name);
  for (const std::string& network : options.networks) hook.add_networks(network);
  return request;
}

// A subcommand that asks the server for one thing.
template <class MakeRequest>
CLI::App& add_act(CLI::App& parent, AdminOptions& options, int& status, const char* name, const char* what,
                  MakeRequest make_request) {
  CLI::App& command = *parent.add_subcommand(name, what);
  add_data(command, options.data);
  add_settings(command, options.settings);
  command.callback([&, make_request] { status = app::admin(options.data, options.settings, make_request(options)); });
  return command;
}

// The acts of API keys and of hooks: create, list, revoke.
struct IntegrationActs {
  const char* name;
  const char* what;
  internal::ControlRequest (*create)(const AdminOptions&);
  internal::ControlRequest (*list)(const AdminOptions&);
  internal::ControlRequest (*revoke)(const AdminOptions&);
};

constexpr IntegrationActs kKeyActs{"api-key", "what other servers call the API with", create_key_request,
                                   [](const AdminOptions&) {
                                     internal::ControlRequest request;
                                     request.mutable_list_api_keys();
                                     return request;
                                   },
                                   [](const AdminOptions& options) {
                                     internal::ControlRequest request;
                                     request.mutable_revoke_api_key()->set_key_id(options.id);
                                     return request;
                                   }};
constexpr IntegrationActs kHookActs{"hook", "where other systems post into groups", create_hook_request,
                                    [](const AdminOptions&) {
                                      internal::ControlRequest request;
                                      request.mutable_list_hooks();
                                      return request;
                                    },
                                    [](const AdminOptions& options) {
                                      internal::ControlRequest request;
                                      request.mutable_revoke_hook()->set_hook_id(options.id);
                                      return request;
                                    }};

// Answers the command that creates, for the options of its own.
CLI::App& add_integration(CLI::App& admin, AdminOptions& options, const IntegrationActs& acts, int& status) {
  CLI::App& all = *admin.add_subcommand(acts.name, acts.what);
  all.require_subcommand(1);
  CLI::App& create =
      add_act(all, options, status, "create", "make one; prints its secret, which is told only here", acts.create);
  create.add_option("--name", options.name, "what it is called")->required();
  create.add_option("--allow", options.networks, "addresses and ranges from which alone it is good (default: all)")
      ->delimiter(',');
  add_act(all, options, status, "list", "print all, the newest first", acts.list);
  add_act(all, options, status, "revoke", "refuse it from now on", acts.revoke)
      .add_option("id", options.id, "which one")
      ->required();
  return create;
}

void add_integrations(CLI::App& admin, AdminOptions& options, int& status) {
  CLI::App& key = add_integration(admin, options, kKeyActs, status);
  key.add_option("--scopes", options.scopes, "the rpcs that it may call, separated by commas")
      ->required()
      ->delimiter(',');
  key.add_option("--as", options.as_username, "the bot that it acts as; made when there is none (default: a new one)");
  CLI::App& hook = add_integration(admin, options, kHookActs, status);
  hook.add_option("--group", options.id, "id of the group")->required();
}

// The name was checked by its option.
std::int32_t number_of_action(const std::string& name) {
  return static_cast<std::int32_t>(app::word_action_from(name).value());
}

internal::ControlRequest add_words_request(const AdminOptions& options) {
  internal::ControlRequest request;
  for (const std::string& word : options.words) {
    internal::WordRecord& record = *request.mutable_change_words()->add_add();
    record.set_text(word);
    record.set_action(number_of_action(options.word_action));
  }
  return request;
}

internal::ControlRequest remove_words_request(const AdminOptions& options) {
  internal::ControlRequest request;
  for (const std::string& word : options.words) request.mutable_change_words()->add_remove(word);
  return request;
}

internal::ControlRequest list_words_request(const AdminOptions& options) {
  internal::ControlRequest request;
  auto& list = *request.mutable_list_words();
  if (!options.list_action.empty()) list.set_action(number_of_action(options.list_action));
  return request;
}

internal::ControlRequest count_words_request(const AdminOptions&) {
  internal::ControlRequest request;
  request.mutable_list_words()->set_count(true);
  return request;
}

internal::ControlRequest list_reports_request(const AdminOptions& options) {
  internal::ControlRequest request;
  request.mutable_list_reports()->set_closed(options.reports_closed);
  request.mutable_list_reports()->set_after(options.reports_after);
  request.mutable_list_reports()->set_limit(options.reports_limit);
  return request;
}

internal::ControlRequest close_report_request(const AdminOptions& options) {
  internal::ControlRequest request;
  request.mutable_close_report()->set_report_id(options.report_id);
  return request;
}

void add_words(CLI::App& admin, AdminOptions& options, int& status) {
  CLI::App& words = *admin.add_subcommand("words", "words that are looked for in what people write");
  words.require_subcommand(1);
  const auto add_action = [&](CLI::App& command) {
    return command.add_option("--action", options.word_action, "review, mask or block")
        ->check(CLI::IsMember({"review", "mask", "block"}));
  };
  CLI::App& add =
      add_act(words, options, status, "add", "look for these, too, or give them another action", add_words_request);
  add.add_option("word", options.words, "the words")->required();
  add_action(add)->capture_default_str();
  CLI::App& remove = add_act(words, options, status, "remove", "look for these no more", remove_words_request);
  remove.add_option("word", options.words, "the words")->required();
  CLI::App& list = add_act(words, options, status, "list", "print them, each behind its action", list_words_request);
  list.add_option("--action", options.list_action, "only those with this one")
      ->check(CLI::IsMember({"review", "mask", "block"}));
  add_act(words, options, status, "count", "print how many there are", count_words_request);
  CLI::App& import = *words.add_subcommand("import", "add what stands in a file, one word a line");
  import.add_option("file", options.words_file, "empty lines and those that begin with # are left out")
      ->required()
      ->check(CLI::ExistingFile);
  add_action(import)->capture_default_str();
  add_data(import, options.data);
  add_settings(import, options.settings);
  import.callback(
      [&] { status = app::import_words(options.data, options.settings, {options.words_file, options.word_action}); });
}

void add_reports(CLI::App& admin, AdminOptions& options, int& status) {
  CLI::App& reports = *admin.add_subcommand("reports", "what people and words have reported");
  reports.require_subcommand(1);
  CLI::App& list = add_act(reports, options, status, "list", "print the open ones, the oldest first, as JSON lines",
                           list_reports_request);
  list.add_flag("--closed", options.reports_closed, "those that are closed instead");
  list.add_option("--after", options.reports_after, "only those behind this report_id");
  list.add_option("--limit", options.reports_limit, "so many at most")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  CLI::App& close = add_act(reports, options, status, "close", "say that one was dealt with", close_report_request);
  close.add_option("report_id", options.report_id, "which")->required();
}

}  // namespace

void add_admin(CLI::App& cli, AdminOptions& options, int& status) {
  CLI::App& admin =
      *cli.add_subcommand("admin", "administer accounts, words and reports, with or without a running server");
  admin.require_subcommand(1);
  const auto act = [&](const char* name, const char* what, auto make_request) -> CLI::App& {
    CLI::App& command = add_act(admin, options, status, name, what, make_request);
    command.add_option("username", options.username, "whose account")->required();
    return command;
  };
  CLI::App& create =
      act("create-user", "create an account; prints a one-time password unless one is given", create_user_request);
  create.add_option("--nickname", options.nickname, "display name (default: the username)");
  create.add_option("--email", options.email, "e-mail address, as one that is known to be theirs");
  create.add_option("--phone", options.phone, "phone number with its country: +8613800000000");
  create.add_flag("--admin", options.is_admin, "make it an administrator");
  create.add_flag("--password-stdin", options.password_from_stdin, "read the password from standard input");
  act("reset-password", "sign out all devices and print a one-time password", reset_request);
  act("disable-user", "sign out all devices and refuse everything",
      [](const AdminOptions& o) { return enabled_request(o, false); });
  act("enable-user", "undo disable-user", [](const AdminOptions& o) { return enabled_request(o, true); });

  CLI::App& invite = add_act(admin, options, status, "invite",
                             "make an invite to register; prints its token, which is told only here", invite_request);
  invite.add_option("--uses", options.invite_uses, "accounts it may make; 0: any number")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
  invite.add_option("--days", options.invite_days, "how long it is good")
      ->capture_default_str()
      ->check(CLI::Range(1, 366));

  add_integrations(admin, options, status);
  add_words(admin, options, status);
  add_reports(admin, options, status);

  CLI::App& levels = *admin.add_subcommand("log-level", "show or change what the running server logs");
  levels.add_option("change", options.log_levels, "LEVEL for all, MODULE=LEVEL for one, MODULE= to undo it");
  add_data(levels, options.data);
  levels.callback([&] { status = app::admin(options.data, options.settings, log_levels_request(options)); });
}

}  // namespace hongyan
