#include "edge/grpc/unary_call.h"

#include "edge/grpc/call_io.h"
#include "edge/grpc/peer.h"
#include "edge/rpc/session_wish.h"
#include "infra/async/use_task.h"

namespace hongyan::edge {
namespace {

std::string authorization_of(const ::grpc::GenericCallbackServerContext& context) {
  const auto found = context.client_metadata().find("authorization");
  if (found == context.client_metadata().end()) return {};
  return {found->second.data(), found->second.size()};
}

// The client's, when that is sooner than ours.
async::Deadline deadline_of(const ::grpc::GenericCallbackServerContext& context) {
  const auto left = context.deadline() - std::chrono::system_clock::now();
  if (left >= Runner::kDeadline) return async::deadline_in(Runner::kDeadline);
  return async::deadline_in(std::chrono::duration_cast<std::chrono::milliseconds>(left));
}

// A cookie needs a browser that keeps it, and a REST answer that sets it.
Result<void> refuse_cookie_session(const google::protobuf::Message& request) {
  const auto wish = session_wish(request);
  if (wish && wish->kind == v1::SESSION_KIND_COOKIE) {
    return fail(Error::invalid("session", "cookie sessions are for REST"));
  }
  return {};
}

}  // namespace

UnaryCall* UnaryCall::begin(::grpc::GenericCallbackServerContext& context, const wire::Rpc& rpc, Runner& runner,
                            async::Scope& scope, boost::asio::io_context& io, CallLimit::Place place) {
  auto call = std::make_shared<UnaryCall>(context, rpc, runner, io, std::move(place));
  call->self_ = call;
  call->StartRead(&call->request_);
  if (!scope.spawn(io.get_executor(), call->serve(call))) {
    call->finish(fail(ErrorCode::unavailable, "the server stops"));
  }
  return call.get();
}

UnaryCall::UnaryCall(::grpc::GenericCallbackServerContext& context, const wire::Rpc& rpc, Runner& runner,
                     boost::asio::io_context& io, CallLimit::Place place)
    : context_(context),
      rpc_(rpc),
      runner_(runner),
      io_(io),
      place_(std::move(place)),
      authorization_(authorization_of(context)),
      arrival_(io) {
  caller_.ip = ip_of_peer(context.peer());
  caller_.request_id = Runner::new_request_id();
  caller_.deadline = deadline_of(context);
}

void UnaryCall::OnReadDone(bool ok) {
  boost::asio::post(io_, [self = shared_from_this(), ok] {
    self->arrived_ = ok ? Arrival::complete : Arrival::broken;
    self->arrival_.cancel();
  });
}

// Nobody waits for the answer any more. What has begun runs to its end all the same: its outcome may be durable.
void UnaryCall::OnCancel() {
  if (claim_end()) Finish({::grpc::CANCELLED, "cancelled"});
}

void UnaryCall::OnDone() { self_.reset(); }

async::Task<void> UnaryCall::serve(std::shared_ptr<UnaryCall> self) { finish(co_await self->answer()); }

async::Task<Result<wire::MessagePtr>> UnaryCall::answer() {
  HY_CO_TRY(co_await received());
  HY_CO_TRY(caller_, co_await runner_.admit(rpc_, caller_, authorization_));
  wire::MessagePtr message = rpc_.new_request();
  if (!parse_message(request_, *message)) co_return fail(ErrorCode::invalid_argument, "no such message");
  HY_CO_TRY(refuse_cookie_session(*message));
  co_return co_await runner_.run(rpc_, caller_, std::move(message), Transport::grpc);
}

async::Task<Result<void>> UnaryCall::received() {
  if (arrived_ == Arrival::awaited) {
    arrival_.expires_at(caller_.deadline);
    co_await arrival_.async_wait(async::use_task);
  }
  if (arrived_ == Arrival::awaited) co_return fail(ErrorCode::timeout, "no request in time");
  if (arrived_ == Arrival::broken || ended_) co_return fail(ErrorCode::invalid_argument, "no request");
  co_return Result<void>();
}

void UnaryCall::finish(const Result<wire::MessagePtr>& result) {
  if (!claim_end()) return;
  context_.AddTrailingMetadata("x-request-id", caller_.request_id);
  if (!result) return Finish(refuse(context_, result.error()));
  response_ = serialize_message(**result);
  StartWriteAndFinish(&response_, ::grpc::WriteOptions(), ::grpc::Status::OK);
}

}  // namespace hongyan::edge
