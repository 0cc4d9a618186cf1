// What Alertmanager and Grafana post to webhooks of no particular kind: a list of alerts. For the .cc files of this folder.
#pragma once

#include "domain/integration/payload/json_fields.h"

namespace hongyan::integration::payload {

// Whether the payload is a list of alerts.
bool is_alerts(const object& payload);

// A title, a line an alert, and where to read on.
std::string alerts_text(const object& payload);

}  // namespace hongyan::integration::payload
