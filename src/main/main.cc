// Parses the command line and calls app. Nothing else.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "app/chat/chat.h"
#include "app/commands.h"
#include "app/control/moderation.h"
#include "app/doctor/doctor.h"
#include "app/feed/follow.h"
#include "app/seed/seed.h"
#include "app/serve.h"
#include "app/verify/verify.h"
#include "app/version.h"

namespace {

namespace app = hongyan::app;
namespace chat = hongyan::chat;
namespace internal = hongyan::internal;

void add_settings(CLI::App& command, app::SettingsSource& settings) {
  command.add_option("--config", settings.file, "TOML file; every key has a default")->check(CLI::ExistingFile);
}

void add_data(CLI::App& command, std::string& data) {
  command.add_option("--data", data, "data folder (HONGYAN_DATA_DIR, default: data)");
}

void add_print_config(CLI::App& command, bool& print) {
  command.add_flag("--print-config", print, "print the configuration that would be in force, and end");
}

void add_serve(CLI::App& cli, app::ServeOptions& options, bool& print_config, int& status) {
  CLI::App& command = *cli.add_subcommand("serve", "run the server");
  command.add_option("--role", options.role, "what this process is")->capture_default_str();
  add_data(command, options.data);
  add_settings(command, options.settings);
  command.add_option("--listen", options.settings.listen, "address to listen on (HONGYAN_LISTEN, default: 127.0.0.1)");
  command.add_option("--http-port", options.settings.http_port,
                     "REST, WebSocket and web client (HONGYAN_HTTP_PORT, default: 8080; 0: a free one)");
  command.add_option("--metrics-port", options.settings.metrics_port,
                     "/metrics (HONGYAN_METRICS_PORT, default: 9100; 0: a free one)");
  command.add_option("--grpc-port", options.settings.grpc_port,
                     "gRPC (HONGYAN_GRPC_PORT, default: 50051; 0: a free one)");
  command.add_option("--tls-cert", options.settings.tls_cert,
                     "PEM file with certificate and chain; the port speaks TLS");
  command.add_option("--tls-key", options.settings.tls_key, "PEM file with its private key");
  command.add_option("--tls", options.settings.tls_mode,
                     "off, files, or self-signed: a certificate of the server's own");
  add_print_config(command, print_config);
  command.callback([&] { status = print_config ? app::print_config(options.settings) : app::serve(options); });
}

struct AdminOptions {
  std::string data;
  app::SettingsSource settings;
  std::string username;
  std::string nickname;
  std::string email;
  std::string phone;
  bool password_from_stdin = false;
  bool is_admin = false;
  std::vector<std::string> log_levels;
  std::int64_t invite_uses = 1;
  std::int64_t invite_days = 7;
  std::vector<std::string> words;
  std::string words_file;
  std::string word_action = "block";
  // Empty: all.
  std::string list_action;
  std::uint64_t report_id = 0;
  std::uint64_t reports_after = 0;
  std::int64_t reports_limit = 50;
  bool reports_closed = false;
};

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

void add_admin(CLI::App& cli, AdminOptions& options, int& status) {
  CLI::App& admin =
      *cli.add_subcommand("admin", "administer accounts, words and reports, with or without a running server");
  admin.require_subcommand(1);
  const auto act = [&](const char* name, const char* what, auto make_request) -> CLI::App& {
    CLI::App& command = *admin.add_subcommand(name, what);
    command.add_option("username", options.username, "whose account")->required();
    add_data(command, options.data);
    add_settings(command, options.settings);
    command.callback([&, make_request] { status = app::admin(options.data, options.settings, make_request(options)); });
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

  CLI::App& invite =
      *admin.add_subcommand("invite", "make an invite to register; prints its token, which is told only here");
  invite.add_option("--uses", options.invite_uses, "accounts it may make; 0: any number")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
  invite.add_option("--days", options.invite_days, "how long it is good")
      ->capture_default_str()
      ->check(CLI::Range(1, 366));
  add_data(invite, options.data);
  add_settings(invite, options.settings);
  invite.callback([&] { status = app::admin(options.data, options.settings, invite_request(options)); });

  add_words(admin, options, status);
  add_reports(admin, options, status);

  CLI::App& levels = *admin.add_subcommand("log-level", "show or change what the running server logs");
  levels.add_option("change", options.log_levels, "LEVEL for all, MODULE=LEVEL for one, MODULE= to undo it");
  add_data(levels, options.data);
  levels.callback([&] { status = app::admin(options.data, options.settings, log_levels_request(options)); });
}

struct ChatArguments {
  chat::ChatOptions options;
  std::int64_t timeout_ms = 10'000;
};

void add_chat(CLI::App& cli, ChatArguments& arguments, int& status) {
  CLI::App& command = *cli.add_subcommand(
      "chat", "a client for terminals and scripts: without --list, --send, --follow and --json a full screen");
  chat::ChatOptions& options = arguments.options;
  command.add_option("--server", options.server, "where the server is")->capture_default_str();
  command.add_option("--user", options.user, "username to log in with")->required();
  command.add_option("--password-file", options.password_file,
                     "its first line is the password (else HONGYAN_PASSWORD, else a prompt)");
  command.add_flag("--register", options.register_account, "create the account first");
  command.add_option("--nickname", options.nickname, "display name of a new account");
  command.add_flag("--list", options.list, "print the conversations");
  command.add_option("--send", options.send, "user:text, may be repeated; user:- reads the text from standard input");
  command.add_flag("--follow", options.follow, "print messages as they come, until Ctrl-C");
  command.add_flag("--json", options.json, "one JSON object a line");
  command.add_option("--timeout-ms", arguments.timeout_ms, "for each step")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command.callback([&] {
    options.timeout = std::chrono::milliseconds(arguments.timeout_ms);
    status = chat::run_chat(options);
  });
}

void add_feed(CLI::App& cli, app::FollowOptions& options, int& status) {
  CLI::App& command = *cli.add_subcommand("feed", "print what was committed since the last time, as JSON lines");
  command.add_option("name", options.name, "the reader: what one has printed, another still gets")->required();
  command.add_option("--limit", options.limit, "entries at most (default: all there are)")
      ->check(CLI::NonNegativeNumber);
  add_data(command, options.data);
  command.callback([&] { status = app::follow_feed(options); });
}

void add_seed(CLI::App& cli, app::SeedOptions& options, int& status) {
  CLI::App& command = *cli.add_subcommand("seed", "fill a data folder with made-up people, groups and messages");
  add_data(command, options.data);
  add_settings(command, options.settings);
  app::SeedShape& shape = options.shape;
  command.add_option("--users", shape.users, "people")->required()->check(CLI::Range(2, 1'000'000));
  command.add_option("--groups", shape.groups, "groups")->required()->check(CLI::Range(0, 100'000));
  command.add_option("--messages", shape.messages, "messages")->required()->check(CLI::Range(0, 1'000'000'000));
  command.add_option("--directs", shape.directs, "1:1s, so many times the people")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command.add_option("--group-size", shape.group_size, "people of each group (default: few large groups, many small)")
      ->check(CLI::Range(2, 100'000));
  command.add_option("--seed", shape.seed, "the same number makes the same people, groups and texts")
      ->capture_default_str();
  command.add_option("--password", options.password, "of all of them (default: a new one, which is printed)");
  command.add_option("--tokens", options.tokens, "file to write an access token of each to, one JSON object a line");
  command.callback([&] { status = app::seed(options); });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli("Hongyan, a self-hosted instant-messaging server");
  cli.require_subcommand(1);
  int status = 0;
  app::ServeOptions serve;
  AdminOptions admin;
  app::SettingsSource checked;
  bool print_config = false;
  ChatArguments chat;
  add_chat(cli, chat, status);
  add_serve(cli, serve, print_config, status);
  add_admin(cli, admin, status);
  app::FollowOptions follow;
  add_feed(cli, follow, status);
  app::SeedOptions seed;
  add_seed(cli, seed, status);
  cli.add_subcommand("roles", "list what a process may be")->callback([&] { status = app::print_roles(); });
  std::string examined;
  CLI::App& doctor = *cli.add_subcommand("doctor", "look for what would go wrong, and say what mends it");
  add_data(doctor, examined);
  add_settings(doctor, checked);
  doctor.callback([&] { status = app::doctor(examined, checked); });
  std::string verified;
  CLI::App& verify = *cli.add_subcommand("verify", "look through stored messages for what must never be");
  add_data(verify, verified);
  verify.callback([&] { status = app::verify(verified); });
  CLI::App& check = *cli.add_subcommand("check-config", "check a configuration without starting");
  add_settings(check, checked);
  add_print_config(check, print_config);
  check.callback([&] { status = print_config ? app::print_config(checked) : app::check_config(checked); });
  cli.add_subcommand("version", "print the version")->callback([] {
    std::cout << "hongyan " << app::kVersion << "\n";
  });
  CLI11_PARSE(cli, argc, argv);
  return status;
}
