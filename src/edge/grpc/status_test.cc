#include "edge/grpc/status.h"

#include <gtest/gtest.h>

namespace hongyan::edge {
namespace {

TEST(GrpcStatus, FollowsTheHttpStatus) {
  EXPECT_EQ(grpc_status(ErrorCode::invalid_argument), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(grpc_status(ErrorCode::token_expired), grpc::UNAUTHENTICATED);
  EXPECT_EQ(grpc_status(ErrorCode::not_member), grpc::PERMISSION_DENIED);
  EXPECT_EQ(grpc_status(ErrorCode::not_found), grpc::NOT_FOUND);
  EXPECT_EQ(grpc_status(ErrorCode::group_full), grpc::FAILED_PRECONDITION);
  EXPECT_EQ(grpc_status(ErrorCode::too_large), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(grpc_status(ErrorCode::rate_limited), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(grpc_status(ErrorCode::internal), grpc::INTERNAL);
  EXPECT_EQ(grpc_status(ErrorCode::unimplemented), grpc::UNIMPLEMENTED);
  EXPECT_EQ(grpc_status(ErrorCode::unavailable), grpc::UNAVAILABLE);
  EXPECT_EQ(grpc_status(ErrorCode::timeout), grpc::DEADLINE_EXCEEDED);
}

TEST(GrpcStatus, TellsApartWhatHttpDoesNot) {
  EXPECT_EQ(grpc_status(ErrorCode::already_exists), grpc::ALREADY_EXISTS);
  EXPECT_EQ(grpc_status(ErrorCode::conflict), grpc::ABORTED);
}

}  // namespace
}  // namespace hongyan::edge
