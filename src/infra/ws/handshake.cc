#include "infra/ws/handshake.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace hongyan::ws {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool iequals(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The next item of a comma-separated list, taken off its front.
std::string_view take_item(std::string_view& list) {
  const std::size_t comma = std::min(list.find(','), list.size());
  const std::string_view item = trim(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return item;
}

bool list_has(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    if (iequals(take_item(list), token)) return true;
  }
  return false;
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string choose_protocol(std::string_view offered, std::span<const std::string_view> supported) {
  while (!offered.empty()) {
    const std::string_view item = take_item(offered);
    if (std::ranges::find(supported, item) != supported.end()) return std::string(item);
  }
  return {};
}

// The value of a header in the head of a response, empty when absent.
std::string_view header_of(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at)) {
    at += 2;
    const std::string_view line = head.substr(at, head.find("\r\n", at) - at);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && iequals(line.substr(0, colon), name)) return trim(line.substr(colon + 1));
  }
  return {};
}

}  // namespace

std::string accept_key(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HY_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1);
  return base64(std::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

bool is_valid_key(std::string_view key) {
  // 16 bytes are 22 digits of base64, the last with four bits unused, and two signs of padding.
  if (key.size() != 24 || !key.ends_with("==")) return false;
  const auto is_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  return std::ranges::all_of(key.substr(0, 22), is_digit);
}

std::expected<Handshake, HandshakeRefusal> accept_handshake(const HandshakeRequest& request,
                                                            std::span<const std::string_view> supported_protocols) {
  const auto refuse = [](int status, std::string_view why) {
    return std::unexpected(HandshakeRefusal{.status = status, .why = why});
  };
  if (!request.is_get || !request.is_http_1_1) return refuse(400, "a WebSocket begins with GET over HTTP/1.1");
  if (!list_has(request.upgrade, "websocket")) return refuse(426, "this address speaks WebSocket only");
  if (!list_has(request.connection, "upgrade")) return refuse(400, "the Connection header lacks \"Upgrade\"");
  if (trim(request.version) != "13") return refuse(426, "only WebSocket version 13 is spoken");
  const std::string_view key = trim(request.key);
  if (!is_valid_key(key)) return refuse(400, "Sec-WebSocket-Key is not 16 bytes in base64");

  Handshake handshake;
  handshake.protocol = choose_protocol(request.protocols, supported_protocols);
  handshake.response = fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n",
      accept_key(key));
  if (!handshake.protocol.empty()) {
    handshake.response += fmt::format("Sec-WebSocket-Protocol: {}\r\n", handshake.protocol);
  }
  handshake.response += "\r\n";
  return handshake;
}

std::string random_key() {
  std::string bytes(16, '\0');
  HY_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) == 1);
  return base64(bytes);
}

std::string client_request(std::string_view host, std::string_view target, std::string_view key,
                           std::string_view protocols, std::string_view authorization) {
  std::string out = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {}\r\n"
      "Sec-WebSocket-Version: 13\r\n",
      target, host, key);
  if (!protocols.empty()) out += fmt::format("Sec-WebSocket-Protocol: {}\r\n", protocols);
  if (!authorization.empty()) out += fmt::format("Authorization: {}\r\n", authorization);
  return out + "\r\n";
}

std::expected<Handshake, std::string> check_response(std::string_view head, std::string_view key) {
  const std::string_view status_line = head.substr(0, head.find("\r\n"));
  if (!status_line.starts_with("HTTP/1.1 101")) {
    return std::unexpected("the server does not upgrade: " + std::string(status_line));
  }
  if (!iequals(header_of(head, "Upgrade"), "websocket") || !list_has(header_of(head, "Connection"), "upgrade")) {
    return std::unexpected("the server upgrades to something else");
  }
  if (header_of(head, "Sec-WebSocket-Accept") != accept_key(key)) {
    return std::unexpected("the server's Sec-WebSocket-Accept does not answer the key");
  }
  return Handshake{.protocol = std::string(header_of(head, "Sec-WebSocket-Protocol")), .response = std::string(head)};
}

}  // namespace hongyan::ws
