#include "infra/crypto/secrets.h"

#include <sys/stat.h>

#include <sstream>
#include <string_view>

#include "infra/config/data_folder.h"
#include "infra/crypto/base64.h"

namespace hongyan::crypto {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::string_view kNote =
    "# Secrets of this installation: whoever reads them can act as anybody. Keep the mode 0600.\n"
    "# One a line: name, then base64url; a jwt_key has its id between the two. The first jwt_key signs,\n"
    "# the others still verify: to rotate, put a new line above and drop the old one an hour later.\n";

Secrets fresh(RandomSource& random) {
  Secrets secrets;
  secrets.jwt_keys.push_back({base64url_encode(random.bytes(6)), random.bytes(kSecretBytes)});
  secrets.refresh = random.bytes(kSecretBytes);
  secrets.cursor = random.bytes(kSecretBytes);
  return secrets;
}

std::string to_text(const Secrets& secrets) {
  std::string text(kNote);
  for (const JwtKey& key : secrets.jwt_keys) text += "jwt_key " + key.kid + ' ' + base64url_encode(key.secret) + '\n';
  text += "refresh " + base64url_encode(secrets.refresh) + '\n';
  text += "cursor " + base64url_encode(secrets.cursor) + '\n';
  return text;
}

// One line into `secrets`; false when it says nothing known.
bool parse_line(const std::string& line, Secrets& secrets) {
  std::istringstream words(line);
  std::string name;
  std::string kid;
  std::string encoded;
  std::string more;
  words >> name;
  if (name == "jwt_key") words >> kid;
  words >> encoded;
  auto secret = base64url_decode_canonical(encoded);
  if (words >> more || !secret || secret->size() < kSecretBytes) return false;
  if (name == "jwt_key" && base64url_decode_canonical(kid)) {
    secrets.jwt_keys.push_back({kid, *std::move(secret)});
  } else if (name == "refresh" && secrets.refresh.empty()) {
    secrets.refresh = *std::move(secret);
  } else if (name == "cursor" && secrets.cursor.empty()) {
    secrets.cursor = *std::move(secret);
  } else {
    return false;
  }
  return true;
}

Result<Secrets> parse(const std::string& text) {
  Secrets secrets;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    // The line itself must not get into a log.
    if (!parse_line(line, secrets)) return fail(ErrorCode::internal, "secrets: line " + std::to_string(number));
  }
  if (secrets.jwt_keys.empty() || secrets.refresh.empty() || secrets.cursor.empty()) {
    return fail(ErrorCode::internal, "secrets: one is missing");
  }
  return secrets;
}

}  // namespace

Result<Secrets> load_or_create_secrets(const std::filesystem::path& file, RandomSource& random) {
  struct stat info{};
  if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0) {
    return fail(ErrorCode::permission_denied, file.string() + " must be readable by its owner only: chmod 600 it");
  }
  auto text = config::read_file(file);
  if (text) return parse(*text);
  if (text.error().code != ErrorCode::not_found) return fail(std::move(text).error());
  Secrets secrets = fresh(random);
  HY_TRY(config::write_file_durably(file, to_text(secrets)));
  return secrets;
}

}  // namespace hongyan::crypto
