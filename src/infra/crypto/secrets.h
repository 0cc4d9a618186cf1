// The secrets of an installation, kept in one file of its data folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "infra/crypto/jwt.h"
#include "infra/crypto/random.h"

namespace hongyan::crypto {

// Value type. Never logged.
struct Secrets {
  // The first signs access tokens, the others still verify them.
  std::vector<JwtKey> jwt_keys;
  // Derives successors of refresh tokens.
  std::string refresh;
  // Signs list cursors.
  std::string cursor;
};

// Reads the secrets, or makes them and keeps them (mode 0600, on disk when it returns) when there is no file yet.
// Blocks. Errors: permission_denied when group or others may read or write the file, internal when it is damaged or
// cannot be written.
Result<Secrets> load_or_create_secrets(const std::filesystem::path& file, RandomSource& random);

}  // namespace hongyan::crypto
