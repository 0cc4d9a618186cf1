// What is kept of the usernames of deleted accounts.
#pragma once

#include <string>
#include <string_view>

#include "infra/crypto/secrets.h"

namespace hongyan::account {

// Nobody who reads the database can find the names by trying all, as long as they lack the installation's secrets. Immutable,
// thread-safe.
class NameSeal {
 public:
  explicit NameSeal(const crypto::Secrets& secrets);

  // Of the one spelling of a username.
  std::string of(std::string_view username) const;

 private:
  std::string key_;
};

}  // namespace hongyan::account
