// The certificate a server shows, and how it speaks TLS.
#pragma once

#include <memory>
#include <mutex>

#include "base/result.h"
#include "infra/net/certificate.h"

struct ssl_st;
struct ssl_ctx_st;

namespace hongyan::net {

struct SslDeleter {
  void operator()(ssl_st* ssl) const;
};
using SslPtr = std::unique_ptr<ssl_st, SslDeleter>;

// TLS 1.2 with forward secrecy and authenticated encryption, and 1.3; http/1.1 by ALPN; no renegotiation, no compression,
// no session tickets (a client keeps one connection, and without tickets there is no key that opens recorded ones).
// Thread-safe. Owned by Module, outlives every stream's making, but not the streams: they hold what they began with.
class TlsContext {
 public:
  // New connections use this pair from now on. Errors: invalid_argument when a text is no PEM, or the key belongs to
  // another certificate; then nothing has changed.
  Result<void> use(const TlsPair& pair);

  // The server's side of a new connection. A pair must be in use.
  SslPtr new_session() const;

 private:
  std::shared_ptr<ssl_ctx_st> current() const;

  mutable std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace hongyan::net
