#include "infra/mail/message.h"

#include <fmt/chrono.h>
#include <openssl/evp.h>

#include <algorithm>
#include <string_view>

namespace hongyan::mail {
namespace {

// Of encoded text; RFC 2045 allows 76.
constexpr std::size_t kLine = 76;
// Bytes of a text that one encoded word holds (RFC 2047: 75 characters with its frame), a multiple of 3.
constexpr std::size_t kWordBytes = 42;

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

// As encoded words, none of which ends within a character.
std::string header_text(std::string_view text) {
  std::string encoded;
  while (!text.empty()) {
    std::size_t taken = std::min(kWordBytes, text.size());
    while (taken > 1 && taken < text.size() && is_continuation(text[taken])) --taken;
    if (!encoded.empty()) encoded += "\r\n ";
    encoded += "=?UTF-8?B?" + base64(text.substr(0, taken)) + "?=";
    text.remove_prefix(taken);
  }
  return encoded;
}

}  // namespace

std::string to_wire(const Message& message, TimeMs now, const std::string& id) {
  const auto date = fmt::gmtime(static_cast<std::time_t>(now.value / 1000));
  const std::string domain = message.from.substr(std::min(message.from.find('@') + 1, message.from.size()));
  std::string wire = fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} +0000\r\n", date);
  wire += fmt::format("From: {} <{}>\r\nTo: <{}>\r\n", header_text(message.from_name), message.from, message.to);
  wire += fmt::format("Message-ID: <{}@{}>\r\nSubject: {}\r\n", id, domain, header_text(message.subject));
  wire +=
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n";
  const std::string body = base64(message.text);
  for (std::size_t at = 0; at < body.size(); at += kLine) wire += body.substr(at, kLine) + "\r\n";
  return wire;
}

}  // namespace hongyan::mail
