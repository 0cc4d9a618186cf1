#include "edge/gateway/direct_call.h"

#include "edge/gateway/session.h"

namespace hongyan::gateway {

DirectCall::DirectCall(async::Loop& loop, std::shared_ptr<Session> session, const wire::Rpc& rpc, std::string id,
                       async::Scope::Hold hold)
    : loop_(loop), session_(std::move(session)), rpc_(rpc), id_(std::move(id)), hold_(std::move(hold)) {}

wire::Reply DirectCall::reply() {
  return [self = shared_from_this()](Result<wire::MessagePtr> response) mutable {
    DirectCall& call = *self;
    call.response_.emplace(std::move(response));
    // Also from the loop's own thread: then begin() comes first.
    call.loop_.post([self = std::move(self)] { self->end(*self->response_); });
  };
}

void DirectCall::begin() {
  self_ = shared_from_this();
  loop_.expire_at(*this, deadline());
}

void DirectCall::expire() { end(fail(ErrorCode::timeout, "no answer before the deadline")); }

void DirectCall::end(const Result<wire::MessagePtr>& response) {
  const auto self = std::exchange(self_, nullptr);
  if (!self) return;
  loop_.cancel(*this);
  session_->directly_done(*this, response);
}

}  // namespace hongyan::gateway
