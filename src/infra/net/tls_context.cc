#include "infra/net/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "infra/net/openssl_ptr.h"

namespace hongyan::net {
namespace {

constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr char kGroups[] = "X25519:P-256:P-384";

std::unexpected<Error> refused(const std::string& why) { return fail(ErrorCode::invalid_argument, why); }

int choose_http_1_1(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  static constexpr std::array<unsigned char, 9> kHttp{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_size, kHttp.data(), kHttp.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

std::shared_ptr<SSL_CTX> new_context() {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  HY_CHECK(context != nullptr);
  SSL_CTX* raw = context.get();
  HY_CHECK(SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1);
  HY_CHECK(SSL_CTX_set_cipher_list(raw, kCiphers) == 1);
  HY_CHECK(SSL_CTX_set1_groups_list(raw, kGroups) == 1);
  // A peer that just closes looks like one that says goodbye: HTTP and WebSocket know by themselves what is complete.
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                               SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_CIPHER_SERVER_PREFERENCE |
                               SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_num_tickets(raw, 0);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // One system call takes what is there instead of the five bytes of a record's head.
  SSL_CTX_set_read_ahead(raw, 1);
  SSL_CTX_set_alpn_select_cb(raw, choose_http_1_1, nullptr);
  return context;
}

Result<void> add_certificates(SSL_CTX* context, const std::string& pem) {
  const BioPtr bio = bio_over(pem);
  const X509Ptr first(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  if (!first) return refused("the certificate file holds no certificate in PEM form");
  if (SSL_CTX_use_certificate(context, first.get()) != 1) return refused("the certificate cannot be used by a server");
  while (X509Ptr next{PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr)}) {
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) return refused("the chain cannot be used");
  }
  // The end of the text is one more "no start line"; anything else is a certificate that cannot be read.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
    return refused("the chain holds a broken certificate");
  return {};
}

Result<void> add_key(SSL_CTX* context, const std::string& pem) {
  const KeyPtr key(PEM_read_bio_PrivateKey(bio_over(pem).get(), nullptr, no_passphrase, nullptr));
  if (!key) return refused("the key file holds no private key in PEM form without passphrase");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return refused("the key does not belong to the certificate");
  }
  return {};
}

}  // namespace

void SslDeleter::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Result<void> TlsContext::use(const TlsPair& pair) {
  ERR_clear_error();
  auto context = new_context();
  HY_TRY(add_certificates(context.get(), pair.certificate));
  HY_TRY(add_key(context.get(), pair.key));
  const std::lock_guard lock(mutex_);
  context_.swap(context);
  return {};
}

std::shared_ptr<ssl_ctx_st> TlsContext::current() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

SslPtr TlsContext::new_session() const {
  const auto context = current();
  HY_CHECK(context != nullptr);
  SslPtr session(SSL_new(context.get()));
  if (!session) throw std::bad_alloc();
  SSL_set_accept_state(session.get());
  return session;
}

}  // namespace hongyan::net
