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

void GrpcConfig::validate(config::Rules& rules) const {
  rules.must_be("an IP address or localhost", "listen", net::make_endpoint(listen, 0).has_value());
  rules.between("port", port, 0, 65'535);
  rules.between("max_message_bytes", max_message_bytes, 1024, 64 * 1024 * 1024);
  rules.between("max_calls", max_calls, 1, 1'000'000);
  rules.between("max_calls_per_connection", max_calls_per_connection, 1, 1'000'000);
  rules.between("max_streams", max_streams, 1, 1'000'000);
  rules.between("max_memory_bytes", max_memory_bytes, 16 * 1024 * 1024, std::int64_t{64} * 1024 * 1024 * 1024);
}

std::optional<std::string> GrpcConfig::exposure(bool encrypted) const {
  if (!enabled || encrypted || insecure || net::is_loopback(listen)) return std::nullopt;
  return "grpc.listen is beyond loopback, where anybody on the way could read tokens and messages: switch on TLS "
         "(tls.mode), or say grpc.insecure = true";
}

}  // namespace hongyan::edge
