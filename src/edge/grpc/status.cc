#include "edge/grpc/status.h"

namespace hongyan::edge {

grpc::StatusCode grpc_status(ErrorCode code) {
  // The two that gRPC tells apart and HTTP does not.
  if (code == ErrorCode::already_exists) return grpc::ALREADY_EXISTS;
  if (code == ErrorCode::conflict) return grpc::ABORTED;
  switch (error_status(code)) {
    case 400:
    case 415: return grpc::INVALID_ARGUMENT;
    case 401: return grpc::UNAUTHENTICATED;
    case 403: return grpc::PERMISSION_DENIED;
    case 404: return grpc::NOT_FOUND;
    case 405:
    case 501: return grpc::UNIMPLEMENTED;
    case 409: return grpc::FAILED_PRECONDITION;
    case 413:
    case 429: return grpc::RESOURCE_EXHAUSTED;
    case 416: return grpc::OUT_OF_RANGE;
    case 503: return grpc::UNAVAILABLE;
    case 504: return grpc::DEADLINE_EXCEEDED;
    default: return grpc::INTERNAL;
  }
}

}  // namespace hongyan::edge
