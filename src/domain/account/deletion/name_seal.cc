#include "domain/account/deletion/name_seal.h"

#include "infra/crypto/base64.h"
#include "infra/crypto/hash.h"

namespace hongyan::account {

NameSeal::NameSeal(const crypto::Secrets& secrets) : key_(crypto::hmac_sha256(secrets.refresh, "deleted usernames")) {}

std::string NameSeal::of(std::string_view username) const {
  return crypto::base64url_encode(crypto::hmac_sha256(key_, username));
}

}  // namespace hongyan::account
