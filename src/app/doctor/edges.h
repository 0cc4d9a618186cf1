// Checks of the ports and of how clients get to them.
#pragma once

#include "app/doctor/finding.h"
#include "base/clock.h"
#include "infra/config/config.h"

namespace hongyan::app {

// Whether the configured ports are free. To be asked only while no server of ours runs.
Findings check_ports(const config::Values& values);

// Whether the certificate can be used and lasts, whether passwords travel in the clear, and whether a proxy in front is
// known as such.
Findings check_edges(const config::Values& values, TimeMs now);

}  // namespace hongyan::app
