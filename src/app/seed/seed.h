// `hongyan seed`: fills a data folder with people, groups and messages that nobody wrote.
#pragma once

#include <string>

#include "app/seed/plan.h"
#include "app/settings.h"

namespace hongyan::app {

struct SeedOptions {
  std::string data;
  SettingsSource settings;
  SeedShape shape;
  // Of all the people; a new one when empty.
  std::string password;
  // Where to write their access tokens; nowhere when empty.
  std::string tokens;
};

// Prints what was made, how quickly, and the password; 0 on success. No server may run on the folder meanwhile.
int seed(const SeedOptions& options);

}  // namespace hongyan::app
