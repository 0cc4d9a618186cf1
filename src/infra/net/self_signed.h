// The certificate a server makes for itself, kept in a folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "infra/net/certificate.h"

namespace hongyan::net {

// A pair in `folder` (cert.pem, key.pem, each 0600). Owned by Module, used on the main thread; blocks on the disk.
class SelfSigned {
 public:
  // `names` are what the certificate must be for.
  SelfSigned(std::filesystem::path folder, std::vector<std::string> names);

  const TlsFiles& files() const { return files_; }

  // Makes a new pair unless there is one for these names that is not near its end and whose key fits. True when it made
  // one. Errors: unavailable when the folder cannot be written. A repeat is harmless.
  Result<bool> renew_when_due(TimeMs now) const;

 private:
  bool is_due(TimeMs now) const;

  std::filesystem::path folder_;
  std::vector<std::string> names_;
  TlsFiles files_;
};

}  // namespace hongyan::net
