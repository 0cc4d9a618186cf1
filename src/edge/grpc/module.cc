#include "edge/grpc/module.h"

#include "domain/message/module.h"
#include "edge/rpc/module.h"
#include "infra/async/module.h"
#include "wire/module.h"

namespace hongyan::edge {
namespace {

// As for REST: handlers take milliseconds, and the gateway drains after this.
constexpr std::chrono::milliseconds kStopPatience{1'000};

}  // namespace

GrpcModule::GrpcModule(Registry& registry)
    : config_(registry.need<config::Module>().section<GrpcConfig>()),
      net_(registry.need<net::Module>()),
      server_(config_, {.dispatcher = registry.need<wire::Module>().dispatcher(),
                        .runner = registry.need<RpcModule>().runner(),
                        .io = registry.need<async::Module>().io(),
                        .ready = [&messages = registry.need<message::Module>().api()] { return messages.ready(); }}) {}

void GrpcModule::start() {
  if (!config_.enabled) return;
  if (const auto problem = config_.exposure(net_.enabled())) throw std::runtime_error(*problem);
  server_.start(tls());
}

std::optional<GrpcTls> GrpcModule::tls() const {
  const auto files = net_.files();
  if (!files) return std::nullopt;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(net_.check_every());
  return GrpcTls{.files = *files, .check_every = seconds};
}

void GrpcModule::stop() noexcept { server_.stop(kStopPatience); }

std::optional<std::string> GrpcModule::address() const {
  return config_.enabled ? std::optional(server_.address()) : std::nullopt;
}

}  // namespace hongyan::edge
