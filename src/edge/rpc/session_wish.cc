#include "edge/rpc/session_wish.h"

namespace hongyan::edge {
namespace {

template <class Request>
std::optional<SessionWish> wish_in(const google::protobuf::Message& request) {
  const auto* begins = dynamic_cast<const Request*>(&request);
  return begins == nullptr ? std::nullopt : std::optional(SessionWish{begins->session(), begins->remember()});
}

}  // namespace

std::optional<SessionWish> session_wish(const google::protobuf::Message& request) {
  if (const auto wish = wish_in<v1::LoginRequest>(request)) return wish;
  if (const auto wish = wish_in<v1::LoginByCodeRequest>(request)) return wish;
  return wish_in<v1::RegisterRequest>(request);
}

}  // namespace hongyan::edge
