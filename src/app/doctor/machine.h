// Checks of the machine: file descriptors, disk, clock. Nothing here is changed but one scratch file, which is removed.
#pragma once

#include <cstdint>
#include <filesystem>

#include "app/doctor/finding.h"
#include "base/clock.h"

namespace hongyan::app {

// Whether the process may open as many descriptors as `connections` need.
Finding check_descriptors(std::int64_t connections);

// Whether the folder is there (or can be made), can be written, has room, and how long its disk takes to make an append
// durable, which every acknowledged message waits for.
Findings check_disk(const std::filesystem::path& folder);

// Whether something keeps the clock right, and whether it has been set back behind ids that were given already.
// `ceiling`: up to when ids may have been given, 0 when none were.
Findings check_clock(TimeMs now, TimeMs ceiling);

}  // namespace hongyan::app
