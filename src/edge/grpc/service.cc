#include "edge/grpc/service.h"

#include "edge/grpc/call_io.h"
#include "edge/grpc/reflection_stream.h"
#include "edge/grpc/unary_call.h"

namespace hongyan::edge {
namespace {

// A call that ends before it has begun.
class Refusal final : public ::grpc::ServerGenericBidiReactor {
 public:
  explicit Refusal(::grpc::Status status) { Finish(std::move(status)); }

 private:
  void OnDone() override { delete this; }
};

::grpc::ServerGenericBidiReactor* refuse_call(::grpc::GenericCallbackServerContext& context, const Error& error) {
  context.AddTrailingMetadata("x-request-id", Runner::new_request_id());
  return new Refusal(refuse(context, error));
}

std::vector<const google::protobuf::ServiceDescriptor*> services_of(const wire::Dispatcher& dispatcher) {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const auto& [name, rpc] : dispatcher.all()) services.push_back(rpc.method->service());
  for (const auto* file : {::grpc::health::v1::HealthCheckRequest::descriptor()->file(),
                           ::grpc::reflection::v1::ServerReflectionRequest::descriptor()->file()}) {
    services.push_back(file->service(0));
  }
  return services;
}

}  // namespace

GenericService::GenericService(const GrpcConfig& config, GrpcPorts ports)
    : ports_(std::move(ports)),
      reflection_(services_of(ports_.dispatcher)),
      health_(ports_.ready, reflection_.services()),
      calls_(config.max_calls),
      open_streams_(config.max_streams),
      streams_(ports_.io.context(0)) {
  for (const auto& [name, rpc] : ports_.dispatcher.all()) {
    rpcs_.emplace("/" + rpc.method->service()->full_name() + "/" + rpc.method->name(), &rpc);
  }
}

::grpc::ServerGenericBidiReactor* GenericService::CreateReactor(::grpc::GenericCallbackServerContext* context) {
  if (const auto found = rpcs_.find(context->method()); found != rpcs_.end())
    return begin_rpc(*context, *found->second);
  if (auto* stream = begin_stream(*context)) return stream;
  return refuse_call(*context, Error(ErrorCode::unimplemented, "no such method"));
}

::grpc::ServerGenericBidiReactor* GenericService::begin_rpc(::grpc::GenericCallbackServerContext& context,
                                                            const wire::Rpc& rpc) {
  CallLimit::Place place = calls_.take();
  if (!place) return refuse_call(context, Error::later(ErrorCode::unavailable, 1000, "too many calls"));
  return UnaryCall::begin(context, rpc, ports_.runner, scope_, ports_.io.next(), std::move(place));
}

::grpc::ServerGenericBidiReactor* GenericService::begin_stream(::grpc::GenericCallbackServerContext& context) {
  const std::string_view method = context.method();
  const bool check = method == "/grpc.health.v1.Health/Check";
  const bool watch = method == "/grpc.health.v1.Health/Watch";
  // Both packages have the same messages.
  const bool reflect = method == "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo" ||
                       method == "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  if (!check && !watch && !reflect) return nullptr;
  CallLimit::Place place = open_streams_.take();
  if (!place) return refuse_call(context, Error::later(ErrorCode::unavailable, 1000, "too many streams"));
  if (check) return streams_.begin(health_.check(streams_, std::move(place)));
  if (watch) return streams_.begin(health_.watch(streams_, std::move(place)));
  return streams_.begin(std::make_shared<ReflectionStream>(reflection_, streams_.io(), std::move(place)));
}

}  // namespace hongyan::edge
