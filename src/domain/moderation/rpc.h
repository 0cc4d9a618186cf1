// The rpcs of moderation: parse, call, map.
#pragma once

#include "domain/moderation/reports/service.h"
#include "wire/dispatcher.h"

namespace hongyan::moderation {

// Registers user.report; the service must outlive the dispatcher's use.
void register_rpcs(wire::Dispatcher& dispatcher, ReportService& reports);

}  // namespace hongyan::moderation
