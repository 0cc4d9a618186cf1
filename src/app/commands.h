// The small subcommands.
#pragma once

#include <string>

#include "app/settings.h"
#include "hongyan/internal/control.pb.h"

namespace hongyan::app {

// `hongyan roles`: prints what a process may be.
int print_roles();

// `hongyan check-config`: prints every problem; 0 when there is none.
int check_config(const SettingsSource& source);

// `--print-config`: prints the configuration that would be in force as TOML, or every problem.
int print_config(const SettingsSource& source);

// `hongyan admin …`: asks the running server of the data folder, or does it itself when none runs. Prints what came of it.
int admin(const std::string& data, const SettingsSource& source, const internal::ControlRequest& request);

// A file with a word a line, and what becomes of texts that hold one: review, mask or block.
struct WordsFile {
  std::string file;
  std::string action;
};
// `hongyan admin words import FILE`: the same for what stands in the file.
int import_words(const std::string& data, const SettingsSource& source, const WordsFile& words);

}  // namespace hongyan::app
