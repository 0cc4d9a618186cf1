// API keys and hooks through the control socket.
#pragma once

#include "domain/integration/api.h"
#include "hongyan/internal/control.pb.h"

namespace hongyan::app {

// Whether the request is about API keys or hooks.
bool is_about_integration(const internal::ControlRequest& request);

// Does what the request says of them. Never fails otherwise than in the response. A repeat of a revocation is harmless.
async::Task<internal::ControlResponse> integrate(integration::Admin& admin, internal::ControlRequest request,
                                                 async::Deadline deadline);

}  // namespace hongyan::app
