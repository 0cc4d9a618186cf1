// How an error looks to clients.
#pragma once

#include <string_view>

#include "base/error.h"
#include "hongyan/v1/error.pb.h"

namespace hongyan::wire {

// All of the error that is public: never its detail. Thread-safe.
v1::Error error_message(const Error& error, std::string_view request_id);

}  // namespace hongyan::wire
