// How somebody stands, as clients are told.
#pragma once

#include "domain/presence/types.h"
#include "hongyan/v1/presence.pb.h"

namespace hongyan::presence {

v1::Presence to_proto(const Standing& standing);

}  // namespace hongyan::presence
