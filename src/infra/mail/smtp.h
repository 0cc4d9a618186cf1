// Hands mails over to a mail server (RFC 5321).
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "base/result.h"

namespace hongyan::mail {

// Value type.
struct SmtpServer {
  // "smtp://HOST[:PORT]", which turns to TLS by STARTTLS before anything is told, or "smtps://HOST[:PORT]".
  std::string url;
  // Empty: without logging in.
  std::string user = {};
  std::string password = {};
  // Goes without TLS over smtp://, for a relay on this machine.
  bool plain = false;
  // Empty: the system's authorities.
  std::string ca_file = {};
  std::chrono::milliseconds connect_timeout{3'000};
};

// Gives `mail`, as mail::to_wire writes it, to the server. Success: the server has taken it over. Blocks, at most `timeout`;
// less when `stopped` turns true. A repeat sends it again. Errors, without any address in their detail: unavailable (no
// connection, no TLS, refused), timeout (the server may have taken it).
Result<void> deliver(const SmtpServer& server, const std::string& from, const std::string& to, const std::string& mail,
                     std::chrono::milliseconds timeout, const std::atomic<bool>& stopped);

}  // namespace hongyan::mail
