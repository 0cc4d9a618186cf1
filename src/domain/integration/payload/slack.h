// What is posted to Slack's incoming webhooks: text, blocks, attachments. For the .cc files of this folder.
#pragma once

#include "domain/integration/payload/json_fields.h"

namespace hongyan::integration::payload {

// Whether the payload says anything in Slack's form.
bool is_slack(const object& payload);

// All that it says, as plain text; empty when that is nothing. Where there are blocks, `text` only stands for them.
std::string slack_text(const object& payload);

}  // namespace hongyan::integration::payload
