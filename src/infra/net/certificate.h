// A certificate and its key, as PEM text.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace hongyan::net {

// Where a server's certificate (with the chain behind it) and its key lie.
struct TlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

// What TlsFiles hold. Value type; the key is secret.
struct TlsPair {
  std::string certificate;
  std::string key;

  // Reads both files. Errors: invalid_argument naming the file and what is wrong with it. Blocks.
  static Result<TlsPair> read(const TlsFiles& files);
};

// What a certificate says of itself.
struct CertificateInfo {
  TimeMs not_after;
  // Names and addresses it is for.
  std::vector<std::string> names;
};

// Reads the first certificate of a PEM text. `invalid_argument` when there is none.
Result<CertificateInfo> inspect_certificate(const std::string& pem);

// A new P-256 key and a certificate for these names and addresses, signed by itself. Errors: internal when OpenSSL cannot.
Result<TlsPair> make_self_signed(const std::vector<std::string>& names, TimeMs now, std::chrono::hours lifetime);

}  // namespace hongyan::net
