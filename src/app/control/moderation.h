// The acts of administration on words and reports.
#pragma once

#include <string>

#include "domain/moderation/api.h"
#include "hongyan/internal/control.pb.h"

namespace hongyan::app {

// Whether the request is one of these acts.
bool is_moderation(const internal::ControlRequest& request);

// Does what the request says, as administer() does. A repeat is harmless.
async::Task<internal::ControlResponse> moderate(moderation::Api& moderation, internal::ControlRequest request,
                                                async::Deadline deadline);

// "review", "mask" and "block". Errors: invalid_argument naming `action`.
Result<text::WordAction> word_action_from(std::string_view name);
std::string_view name_of(text::WordAction action);

// A request that adds what stands in the file, one word a line; empty lines and those that begin with # are left out. Errors:
// not_found, too_large.
Result<internal::ControlRequest> words_in_file(const std::string& file, text::WordAction action);

// What the answer to such a request says, for the administrator: a word a line behind its action, a report as JSON a line.
std::string to_text(const internal::ControlRequest& request, const internal::ControlResponse& response);

}  // namespace hongyan::app
