#include "edge/grpc/stream_call.h"

#include <boost/asio/post.hpp>
#include <future>

#include "edge/grpc/call_io.h"

namespace hongyan::edge {
namespace {

constexpr std::chrono::milliseconds kTick{500};
constexpr std::chrono::seconds kRequestWithin{60};

}  // namespace

void StreamCall::receive() {
  receive_until_ = Clock::now() + kRequestWithin;
  StartRead(&request_);
}

bool StreamCall::send(const google::protobuf::Message& message) {
  if (sending_ || ended_ || ending_) return false;
  sending_ = true;
  response_ = serialize_message(message);
  StartWrite(&response_);
  return true;
}

void StreamCall::end(::grpc::Status status) {
  if (ended_ || ending_) return;
  if (sending_) {
    ending_ = std::move(status);
    return;
  }
  ended_ = true;
  Finish(std::move(status));
}

void StreamCall::end_with(const google::protobuf::Message& last, ::grpc::Status status) {
  if (sending_ || ended_ || ending_) return end(std::move(status));
  ended_ = true;
  response_ = serialize_message(last);
  StartWriteAndFinish(&response_, ::grpc::WriteOptions(), std::move(status));
}

void StreamCall::OnReadDone(bool ok) {
  boost::asio::post(io_, [self = shared_from_this(), ok] {
    self->receive_until_.reset();
    if (self->ended_) return;
    if (!ok) return self->end(::grpc::Status::OK);
    self->on_request(self->request_);
  });
}

void StreamCall::OnWriteDone(bool ok) {
  boost::asio::post(io_, [self = shared_from_this(), ok] {
    self->sending_ = false;
    if (self->ending_) {
      self->ended_ = true;
      return self->Finish(*std::move(self->ending_));
    }
    if (!ok) return self->end({::grpc::CANCELLED, "cancelled"});
    self->on_sent();
  });
}

void StreamCall::OnCancel() {
  boost::asio::post(io_, [self = shared_from_this()] { self->end({::grpc::CANCELLED, "cancelled"}); });
}

void StreamCall::OnDone() { self_.reset(); }

void StreamCall::tick(Clock::time_point now) {
  if (receive_until_ && now > *receive_until_) return end({::grpc::DEADLINE_EXCEEDED, "no request in time"});
  on_tick();
}

void StreamCalls::start() {
  boost::asio::post(io_, [this] { schedule(); });
}

void StreamCalls::schedule() {
  if (stopping_) return;
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    const auto now = StreamCall::Clock::now();
    std::erase_if(calls_, [](const auto& call) { return call->ended_; });
    for (const auto& call : calls_) call->tick(now);
    schedule();
  });
}

void StreamCalls::stop() {
  std::promise<void> told;
  boost::asio::post(io_, [this, &told] {
    stopping_ = true;
    timer_.cancel();
    for (const auto& call : calls_) call->on_stop();
    calls_.clear();
    told.set_value();
  });
  told.get_future().wait();
}

StreamCall* StreamCalls::begin(std::shared_ptr<StreamCall> call) {
  StreamCall* reactor = call.get();
  call->self_ = call;
  boost::asio::post(io_, [this, call = std::move(call)] {
    if (stopping_) return call->end({::grpc::UNAVAILABLE, "the server stops"});
    calls_.insert(call);
    call->receive();
  });
  return reactor;
}

}  // namespace hongyan::edge
