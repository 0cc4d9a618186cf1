// The acts of administration, the same through the control socket and without a running server.
#pragma once

#include "domain/account/api.h"
#include "hongyan/internal/control.pb.h"

namespace hongyan::app {

// What is administered.
struct Administered {
  account::Api& accounts;
  account::Invites& invites;
};

// Does what the request says. Never fails otherwise than in the response. A repeat of set_enabled is harmless.
async::Task<internal::ControlResponse> administer(Administered what, internal::ControlRequest request,
                                                  async::Deadline deadline);

// The answer to what cannot be done.
internal::ControlResponse refused(const Error& error);

}  // namespace hongyan::app
