// Parses the command line and calls app. Nothing else.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "app/chat/chat.h"
#include "app/commands.h"
#include "app/doctor/doctor.h"
#include "app/feed/follow.h"
#include "app/seed/seed.h"
#include "app/serve.h"
#include "app/verify/verify.h"
#include "app/version.h"
#include "main/admin.h"
#include "main/options.h"

namespace {

namespace app = hongyan::app;
namespace chat = hongyan::chat;
using hongyan::add_admin;
using hongyan::add_data;
using hongyan::add_settings;
using hongyan::AdminOptions;

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
  command.add_option("--web-root", options.settings.web_root,
                     "folder to serve the web client from instead of the one in the binary (HONGYAN_HTTP_WEB_ROOT)");
  command.add_option("--tls-cert", options.settings.tls_cert,
                     "PEM file with certificate and chain; the port speaks TLS");
  command.add_option("--tls-key", options.settings.tls_key, "PEM file with its private key");
  command.add_option("--tls", options.settings.tls_mode,
                     "off, files, or self-signed: a certificate of the server's own");
  add_print_config(command, print_config);
  command.callback([&] { status = print_config ? app::print_config(options.settings) : app::serve(options); });
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
  add_settings(verify, checked);
  verify.callback([&] { status = app::verify(verified, checked); });
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
