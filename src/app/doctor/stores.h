// Checks of the databases. They read only, and only while no server has the data folder.
#pragma once

#include <filesystem>

#include "app/doctor/finding.h"
#include "infra/sql/module.h"

namespace hongyan::app {

// Whether the stores of the folder open and are whole; nothing to say for a folder that holds none yet. Whether the database
// server answers, where `config` names one.
Findings check_stores(const std::filesystem::path& folder, const sql::Config& config);

}  // namespace hongyan::app
