// Checks of what the data folder holds. They read only, and only while no server has the folder.
#pragma once

#include <filesystem>

#include "app/doctor/finding.h"

namespace hongyan::app {

// Whether the stores of the folder open and are whole; nothing to say for a folder that holds none yet.
Findings check_stores(const std::filesystem::path& folder);

}  // namespace hongyan::app
