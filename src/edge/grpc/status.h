// Between our error codes and the status codes of gRPC.
#pragma once

#include <grpcpp/support/status_code_enum.h>

#include "base/error_code.h"

namespace hongyan::edge {

// The status a client of gRPC gets for this code; the code itself goes along as metadata. The table stands in
// docs/protocol.md §4.
grpc::StatusCode grpc_status(ErrorCode code);

}  // namespace hongyan::edge
