// `hongyan verify`: looks through all stores of a server for what must never be.
#pragma once

#include <string>

#include "app/settings.h"

namespace hongyan::app {

// Prints every problem and what was looked at; 0 when there is no problem. The folder must be free: a server that writes
// meanwhile would be found to contradict itself. `source` says where accounts and groups are.
int verify(const std::string& data, const SettingsSource& source);

}  // namespace hongyan::app
