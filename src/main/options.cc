#include "main/options.h"

namespace hongyan {

void add_settings(CLI::App& command, app::SettingsSource& settings) {
  command.add_option("--config", settings.file, "TOML file; every key has a default")->check(CLI::ExistingFile);
}

void add_data(CLI::App& command, std::string& data) {
  command.add_option("--data", data, "data folder (HONGYAN_DATA_DIR, default: data)");
}

}  // namespace hongyan
