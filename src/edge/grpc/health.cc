#include "edge/grpc/health.h"

#include "edge/grpc/call_io.h"
#include "edge/grpc/stream_call.h"

namespace hongyan::edge {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

HealthCheckResponse response_of(Health::Status status) {
  HealthCheckResponse response;
  response.set_status(status);
  return response;
}

class Check final : public StreamCall {
 public:
  Check(const Health& health, boost::asio::io_context& io, CallLimit::Place place)
      : StreamCall(io, std::move(place)), health_(health) {}

 private:
  void on_request(::grpc::ByteBuffer& bytes) override {
    HealthCheckRequest request;
    if (!parse_message(bytes, request)) return end({::grpc::INVALID_ARGUMENT, "no such message"});
    const Health::Status status = health_.status_of(request.service());
    if (status == HealthCheckResponse::SERVICE_UNKNOWN) return end({::grpc::NOT_FOUND, "no such service"});
    end_with(response_of(status), ::grpc::Status::OK);
  }

  const Health& health_;
};

class Watch final : public StreamCall {
 public:
  Watch(const Health& health, boost::asio::io_context& io, CallLimit::Place place)
      : StreamCall(io, std::move(place)), health_(health) {}

 private:
  void on_request(::grpc::ByteBuffer& bytes) override {
    HealthCheckRequest request;
    if (!parse_message(bytes, request)) return end({::grpc::INVALID_ARGUMENT, "no such message"});
    service_ = request.service();
    tell();
  }
  void on_sent() override { tell(); }
  void on_tick() override { tell(); }
  void on_stop() override {
    end_with(response_of(HealthCheckResponse::NOT_SERVING), {::grpc::UNAVAILABLE, "the server stops"});
  }

  // Sends the status when it is another one than was sent last.
  void tell() {
    if (!service_) return;
    const Health::Status status = health_.status_of(*service_);
    if (status != told_ && send(response_of(status))) told_ = status;
  }

  const Health& health_;
  std::optional<std::string> service_;
  Health::Status told_ = HealthCheckResponse::UNKNOWN;
};

}  // namespace

Health::Status Health::status_of(const std::string& service) const {
  if (!service.empty() && !services_.contains(service)) return HealthCheckResponse::SERVICE_UNKNOWN;
  return ready_() ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
}

std::shared_ptr<StreamCall> Health::check(StreamCalls& calls, CallLimit::Place place) const {
  return std::make_shared<Check>(*this, calls.io(), std::move(place));
}

std::shared_ptr<StreamCall> Health::watch(StreamCalls& calls, CallLimit::Place place) const {
  return std::make_shared<Watch>(*this, calls.io(), std::move(place));
}

}  // namespace hongyan::edge
