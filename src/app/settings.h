// All sections of the configuration, and where their values come from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "infra/config/config.h"

namespace hongyan::app {

// What the command line may say about the configuration. Value type; empty means not given.
struct SettingsSource {
  std::string file;
  std::string listen;
  std::string http_port;
  std::string metrics_port;
  std::string grpc_port = {};
  std::string web_root = {};
  std::string tls_mode = {};
  std::string tls_cert = {};
  std::string tls_key = {};
};

// Reads file, environment (HONGYAN_SECTION_KEY, HONGYAN_LISTEN) and command line, later ones over earlier ones, and
// checks every section. `problems` gets one line for each thing that is wrong.
config::Values read_settings(const SettingsSource& source, std::vector<std::string>& problems);

// The same; nothing when something is wrong, which is then printed to stderr.
std::optional<config::Values> valid_settings(const SettingsSource& source);

// Checks every section; one line a problem.
void check_settings(const config::Values& values, std::vector<std::string>& problems);

// The whole configuration as TOML: every section and key with its value, and where it came from unless it is the default.
// `values` must be free of problems.
std::string to_toml(const config::Values& values);

// The data folder: the command line's, else HONGYAN_DATA_DIR, else "data".
std::string data_folder_of(const std::string& given);

}  // namespace hongyan::app
