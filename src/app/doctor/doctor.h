// `hongyan doctor`: looks at everything a server needs and says what would go wrong, each with the command that mends it.
#pragma once

#include <string>

#include "app/doctor/finding.h"
#include "app/settings.h"

namespace hongyan::app {

// Every check, for a server that would start (or runs) with these. Changes nothing.
Findings examine(const std::string& data, const SettingsSource& source);

// Prints the findings, one line each and a second one with what mends it; 0 unless something would fail.
int doctor(const std::string& data, const SettingsSource& source);

}  // namespace hongyan::app
