// What must hold once everything is quiet.
#pragma once

#include <vector>

#include "simulation/device.h"
#include "simulation/ledger.h"
#include "simulation/truth.h"

namespace hongyan::simulation {

// Complains of what the server has against what it promised, and against itself. `whole` is each history without anybody's
// bounds.
void judge_server(Ledger& ledger, const std::vector<Truth>& truths,
                  const std::map<ConversationId, std::vector<v1::Message>>& whole);

// Complains of what a device holds against what its person may see.
void judge_device(Ledger& ledger, const Device& device, const Truth& truth);

}  // namespace hongyan::simulation
