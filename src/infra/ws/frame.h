// The words of RFC 6455 that parser, builder and socket share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hongyan::ws {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// Which end of the connection this process is: clients mask what they send, servers must not.
enum class Role : std::uint8_t { server, client };

// Status codes of Close frames (RFC 6455 section 7.4.1). Applications add their own from 4000 to 4999.
inline constexpr std::uint16_t kCloseNormal = 1000;
inline constexpr std::uint16_t kCloseProtocolError = 1002;
// Never sent: the Close frame carried no code, or the connection ended without one.
inline constexpr std::uint16_t kCloseNoCode = 1005;
inline constexpr std::uint16_t kCloseAbnormal = 1006;
inline constexpr std::uint16_t kCloseBadData = 1007;
inline constexpr std::uint16_t kCloseTooBig = 1009;
// Hongyan's own (docs/protocol.md).
inline constexpr std::uint16_t kCloseHeartbeatMissed = 4408;
inline constexpr std::uint16_t kCloseTooManyRequests = 4429;

inline constexpr std::size_t kMaxControlPayload = 125;
inline constexpr std::size_t kMaxHeaderBytes = 14;

// Whether a peer may put `code` on the wire.
constexpr bool is_sendable_close_code(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

}  // namespace hongyan::ws
