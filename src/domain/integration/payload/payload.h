// What others post to a hook, as one text. Pure: no I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::integration {

// The text of a payload, not empty, at most `max_bytes` of UTF-8: cut with an ellipsis. Understood are Slack's incoming webhooks
// (JSON, or JSON in the field `payload` of a form) and the lists of alerts of Alertmanager and Grafana. Errors: unsupported_media
// for another content type; invalid_argument, naming `payload` for what is no JSON object, `text` for one that says nothing.
Result<std::string> read_payload(std::string_view content_type, std::string_view body, std::size_t max_bytes);

}  // namespace hongyan::integration
