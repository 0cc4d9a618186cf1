#include "edge/grpc/config.h"

#include "infra/net/address.h"

namespace hongyan::edge {

void GrpcConfig::bind(config::Binder& binder) {
  binder.field("enabled", enabled, "Whether the gRPC port is opened at all.");
  binder.field("listen", listen, "Address to listen on.");
  binder.field("port", port, "Port of gRPC; 0 takes a free one.");
  binder.field("insecure", insecure,
               "Allows an address beyond loopback without TLS: what is sent can be read on the way.");
  binder.field("max_message_bytes", max_message_bytes, "Largest request message.");
  binder.field("max_calls", max_calls, "Calls under way at once; one more is answered UNAVAILABLE.");
  binder.field("max_calls_per_connection", max_calls_per_connection,
               "Calls of a connection under way at once; further ones wait at the client.");
  binder.field("max_streams", max_streams, "Health watches and reflection streams at once.");
  binder.field("max_memory_bytes", max_memory_bytes, "Memory for what clients send; beyond it calls are refused.");
}

std::vector<std::string> GrpcConfig::validate() const {
  std::vector<std::string> problems;
  const auto between = [&problems](const char* key, std::int64_t value, std::int64_t low, std::int64_t high) {
    if (value < low || value > high) problems.push_back(fmt::format("grpc.{} must be {} to {}", key, low, high));
  };
  between("port", port, 0, 65'535);
  between("max_message_bytes", max_message_bytes, 1024, 64 * 1024 * 1024);
  between("max_calls", max_calls, 1, 1'000'000);
  between("max_calls_per_connection", max_calls_per_connection, 1, 1'000'000);
  between("max_streams", max_streams, 1, 1'000'000);
  between("max_memory_bytes", max_memory_bytes, 16 * 1024 * 1024, std::int64_t{64} * 1024 * 1024 * 1024);
  if (!net::make_endpoint(listen, 0)) problems.emplace_back("grpc.listen must be an IP address or localhost");
  return problems;
}

std::optional<std::string> GrpcConfig::exposure(bool encrypted) const {
  const auto endpoint = net::make_endpoint(listen, 0);
  if (!enabled || encrypted || insecure || !endpoint || endpoint->address().is_loopback()) return std::nullopt;
  return "grpc.listen is beyond loopback, where anybody on the way could read tokens and messages: switch on TLS "
         "(tls.mode), or say grpc.insecure = true";
}

}  // namespace hongyan::edge
