#include "edge/grpc/server.h"

#include <grpc/support/log.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <stdexcept>

#include "edge/grpc/service.h"
#include "infra/log/log.h"
#include "infra/net/address.h"

namespace hongyan::edge {
namespace {

constexpr int kMaxMetadataBytes = 16 * 1024;
constexpr std::chrono::milliseconds kHandshakeWithin{10'000};
constexpr std::chrono::milliseconds kKeepaliveEvery{30'000};
constexpr std::chrono::milliseconds kKeepaliveWithin{20'000};
// A client that pings more often than this is sent away after two warnings.
constexpr std::chrono::milliseconds kPingsApart{10'000};
constexpr std::chrono::milliseconds kIdleConnection{300'000};

// The library complains about what peers send, so a client could fill the log with it: debug only.
void log_library_line(gpr_log_func_args* line) {
  log::debug("grpc_library", {{"file", line->file}, {"line", line->line}, {"message", line->message}});
}

void set_limits(::grpc::ServerBuilder& builder, const GrpcConfig& config) {
  const auto ms = [](std::chrono::milliseconds time) { return static_cast<int>(time.count()); };
  builder.SetMaxReceiveMessageSize(static_cast<int>(config.max_message_bytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, static_cast<int>(config.max_calls_per_connection));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, ms(kHandshakeWithin));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, ms(kKeepaliveEvery));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, ms(kKeepaliveWithin));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, ms(kPingsApart));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, ms(kIdleConnection));
  // Otherwise a second process could share the port without either noticing.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // The size of a message is checked before it is unpacked, so a kilobyte could become a megabyte a thousand times.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  ::grpc::ResourceQuota quota("hongyan");
  quota.Resize(static_cast<std::size_t>(config.max_memory_bytes));
  builder.SetResourceQuota(quota);
}

std::shared_ptr<::grpc::ServerCredentials> credentials_of(const std::optional<GrpcTls>& tls) {
  if (!tls) return ::grpc::InsecureServerCredentials();
  namespace experimental = ::grpc::experimental;
  auto files = std::make_shared<experimental::FileWatcherCertificateProvider>(
      tls->files.key.string(), tls->files.certificate.string(), static_cast<unsigned>(tls->check_every.count()));
  experimental::TlsServerCredentialsOptions options(std::move(files));
  options.watch_identity_key_cert_pairs();
  return experimental::TlsServerCredentials(options);
}

}  // namespace

struct GrpcServer::Impl {
  Impl(const GrpcConfig& config, GrpcPorts ports) : service(config, std::move(ports)) {}

  GenericService service;
  std::unique_ptr<::grpc::Server> server;
};

GrpcServer::GrpcServer(GrpcConfig config, GrpcPorts ports)
    : config_(std::move(config)), impl_(std::make_unique<Impl>(config_, std::move(ports))) {}

GrpcServer::~GrpcServer() = default;

void GrpcServer::start(const std::optional<GrpcTls>& tls) {
  gpr_set_log_function(log_library_line);
  const auto endpoint = net::make_endpoint(config_.listen, static_cast<std::uint16_t>(config_.port));
  if (!endpoint) throw std::runtime_error(endpoint.error().detail);
  ::grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(net::to_text(*endpoint), credentials_of(tls), &port);
  builder.RegisterCallbackGenericService(&impl_->service);
  set_limits(builder, config_);
  impl_->server = builder.BuildAndStart();
  if (impl_->server == nullptr || port == 0) {
    throw std::runtime_error("cannot listen on " + net::to_text(*endpoint) + " for gRPC (grpc.port)");
  }
  address_ = net::to_text({endpoint->address(), static_cast<std::uint16_t>(port)});
  impl_->service.streams().start();
}

void GrpcServer::stop(std::chrono::milliseconds patience) noexcept {
  if (impl_->server == nullptr) return;
  impl_->service.streams().stop();
  // Cancelled calls end at once for gRPC; what runs for them goes on until its deadline, and the scope waits for it.
  impl_->server->Shutdown(std::chrono::system_clock::now() + patience);
  impl_->service.scope().close(patience);
  impl_->server.reset();
}

}  // namespace hongyan::edge
