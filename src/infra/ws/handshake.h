// The opening handshake (RFC 6455 section 4), as header values in and text out; it reads no socket.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hongyan::ws {

// What the HTTP server read; views into its request. Absent headers are empty.
struct HandshakeRequest {
  bool is_get = true;
  bool is_http_1_1 = true;
  std::string_view upgrade;
  std::string_view connection;
  std::string_view key;
  std::string_view version;
  // Sec-WebSocket-Protocol, several headers joined by commas.
  std::string_view protocols;
};

// What to answer instead of upgrading; for 426 with the header "Sec-WebSocket-Version: 13".
struct HandshakeRefusal {
  int status = 400;
  std::string_view why;
  // When the same request may be let through.
  std::optional<std::int64_t> retry_after_ms = {};
};

struct Handshake {
  // The chosen sub-protocol, empty when the client named none or none that is supported.
  std::string protocol;
  // The whole "101 Switching Protocols" answer: the first bytes to be sent.
  std::string response;
};

// Checks the request and composes the answer. The client's order decides among the supported sub-protocols.
std::expected<Handshake, HandshakeRefusal> accept_handshake(const HandshakeRequest& request,
                                                            std::span<const std::string_view> supported_protocols);

// Sec-WebSocket-Accept for a key.
std::string accept_key(std::string_view key);

// Whether `key` is 16 bytes in base64, as section 4.1 demands.
bool is_valid_key(std::string_view key);

// The client's side. A fresh key of 16 random bytes.
std::string random_key();
// The request of a client up to and including the empty line; `protocols` and `authorization` may be empty.
std::string client_request(std::string_view host, std::string_view target, std::string_view key,
                           std::string_view protocols, std::string_view authorization);
// Whether `head` (status line and headers of the answer) accepts the key. The error says what is wrong with it.
std::expected<Handshake, std::string> check_response(std::string_view head, std::string_view key);

}  // namespace hongyan::ws
