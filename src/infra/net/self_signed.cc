#include "infra/net/self_signed.h"

#include <algorithm>
#include <utility>

#include "base/sort_unique.h"
#include "infra/config/data_folder.h"
#include "infra/net/tls_context.h"

namespace hongyan::net {
namespace {

constexpr std::chrono::hours kLifetime{365 * 24};
constexpr std::chrono::milliseconds kRenewBefore = std::chrono::hours(30 * 24);

std::vector<std::string> sorted(std::vector<std::string> names) {
  sort_unique(names);
  return names;
}

}  // namespace

SelfSigned::SelfSigned(std::filesystem::path folder, std::vector<std::string> names)
    : folder_(std::move(folder)),
      names_(sorted(std::move(names))),
      files_{.certificate = folder_ / "cert.pem", .key = folder_ / "key.pem"} {}

bool SelfSigned::is_due(TimeMs now) const {
  const auto pair = TlsPair::read(files_);
  if (!pair) return true;
  const auto info = inspect_certificate(pair->certificate);
  if (!info || info->not_after.value - kRenewBefore.count() < now.value || sorted(info->names) != names_) return true;
  // A crash between the two files leaves a key that does not fit.
  return !TlsContext().use(*pair);
}

Result<bool> SelfSigned::renew_when_due(TimeMs now) const {
  if (!is_due(now)) return false;
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) return fail(ErrorCode::unavailable, folder_.string() + ": " + error.message());
  HY_TRY(const TlsPair pair, make_self_signed(names_, now, kLifetime));
  HY_TRY(config::write_file_durably(files_.key, pair.key));
  HY_TRY(config::write_file_durably(files_.certificate, pair.certificate));
  return true;
}

}  // namespace hongyan::net
