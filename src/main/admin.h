// `hongyan admin`: what an administrator does from a terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "app/settings.h"

namespace hongyan {

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
  // Of API keys and hooks.
  std::string name;
  std::vector<std::string> scopes;
  std::vector<std::string> networks;
  std::string as_username;
  std::uint64_t id = 0;
  // Of words.
  std::vector<std::string> words;
  std::string words_file;
  std::string word_action = "block";
  // Empty: all.
  std::string list_action;
  // Of reports.
  std::uint64_t report_id = 0;
  std::uint64_t reports_after = 0;
  std::int64_t reports_limit = 50;
  bool reports_closed = false;
};

// Adds the subcommand; parsing it runs it and sets `status`. Both outlive `cli`.
void add_admin(CLI::App& cli, AdminOptions& options, int& status);

}  // namespace hongyan
