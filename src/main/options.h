// Options that several subcommands have.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "app/settings.h"

namespace hongyan {

void add_settings(CLI::App& command, app::SettingsSource& settings);
void add_data(CLI::App& command, std::string& data);

}  // namespace hongyan
