#include "infra/net/descriptors.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace hongyan::net {
namespace {

// Beside those of connections: stores, pools, logs, metrics.
constexpr std::int64_t kOwnFiles = 1'024;

}  // namespace

void raise_file_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::int64_t allowed_files() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max > static_cast<rlim_t>(INT64_MAX)) return INT64_MAX;
  return static_cast<std::int64_t>(limit.rlim_max);
}

std::int64_t files_for(std::int64_t connections) noexcept { return connections + kOwnFiles; }

std::string how_to_allow(std::int64_t files) {
  return fmt::format("ulimit -Hn {0}, or LimitNOFILE={0} in its systemd unit", files);
}

std::int64_t connections_within(std::int64_t files, std::int64_t wanted) noexcept {
  return std::min(wanted, std::max(files - kOwnFiles, files / 2));
}

}  // namespace hongyan::net
