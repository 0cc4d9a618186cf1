#include "app/doctor/machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "infra/net/descriptors.h"

namespace hongyan::app {
namespace {

constexpr std::uintmax_t kLeastFreeBytes = 256ULL << 20;
constexpr std::uintmax_t kEnoughFreeBytes = 2ULL << 30;
constexpr int kAppends = 50;
constexpr std::size_t kAppendBytes = 300;
constexpr double kSlowMs = 5;
// Ids are given out up to a minute ahead (IdGenerator); a clock behind that by more was set back.
constexpr std::int64_t kToleratedMs = 120'000;

// A file that is gone when its owner is.
class ScratchFile {
 public:
  explicit ScratchFile(const std::filesystem::path& folder) : path_((folder / "doctor.XXXXXX").string()) {
    fd_ = ::mkostemp(path_.data(), O_CLOEXEC);
    if (fd_ >= 0) ::unlink(path_.c_str());
  }
  ~ScratchFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  int fd() const { return fd_; }

 private:
  std::string path_;
  int fd_ = -1;
};

// Milliseconds of each append + fdatasync, ascending; nothing when one failed.
std::optional<std::vector<double>> append_times(int fd) {
  std::array<char, kAppendBytes> record{};
  std::vector<double> took;
  for (int i = 0; i < kAppends; ++i) {
    const auto began = std::chrono::steady_clock::now();
    if (::write(fd, record.data(), record.size()) != static_cast<ssize_t>(record.size())) return std::nullopt;
    if (::fdatasync(fd) != 0) return std::nullopt;
    took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
  }
  std::ranges::sort(took);
  return took;
}

Finding check_durability(const std::filesystem::path& folder, int fd) {
  struct statfs kind{};
  if (::statfs(folder.c_str(), &kind) == 0 && (kind.f_type == TMPFS_MAGIC || kind.f_type == RAMFS_MAGIC)) {
    return Finding::failure(fmt::format("{} lies in memory: nothing there survives a restart", folder.string()),
                            "hongyan serve --data DIR, with DIR on a disk");
  }
  const auto took = append_times(fd);
  if (!took) {
    return Finding::failure(
        fmt::format("an append to {} cannot be made durable: {}", folder.string(), std::strerror(errno)),
        "dmesg --level=err,warn");
  }
  const double median = (*took)[took->size() / 2];
  const std::string what = fmt::format("append + fdatasync takes {:.2f} ms (median of {}, slowest {:.2f} ms)", median,
                                       took->size(), took->back());
  if (median < kSlowMs) return Finding::good(what);
  return Finding::warning(what + ": every acknowledged message waits for one",
                          "hongyan serve --data DIR, with DIR on a local SSD");
}

Finding check_room(const std::filesystem::path& folder) {
  std::error_code problem;
  const auto space = std::filesystem::space(folder, problem);
  if (problem)
    return Finding::failure(fmt::format("free space of {}: {}", folder.string(), problem.message()), "df -h");
  const std::string what = fmt::format("{} MiB free for {}", space.available >> 20, folder.string());
  const std::string mend = fmt::format("df -h {}; then free some, or hongyan serve --data DIR", folder.string());
  if (space.available < kLeastFreeBytes) return Finding::failure(what, mend);
  return space.available < kEnoughFreeBytes ? Finding::warning(what, mend) : Finding::good(what);
}

}  // namespace

Finding check_descriptors(std::int64_t connections) {
  // The server raises its soft limit to the hard one by itself.
  const std::int64_t allowed = net::allowed_files();
  const std::int64_t needed = net::files_for(connections);
  const std::string what = allowed == INT64_MAX ? std::string("open files are not limited")
                                                : fmt::format("{} open files allowed, {} needed for {} connections",
                                                              allowed, needed, connections);
  if (allowed >= needed) return Finding::good(what);
  return Finding::warning(what, net::how_to_allow(needed));
}

Findings check_disk(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::path existing = std::filesystem::absolute(folder, problem);
  // A folder that is not there yet will be made by the first start.
  while (!existing.empty() && !std::filesystem::exists(existing, problem) && existing != existing.root_path()) {
    existing = existing.parent_path();
  }
  const ScratchFile file(existing);
  if (file.fd() < 0) {
    return {Finding::failure(fmt::format("{} cannot be written: {}", existing.string(), std::strerror(errno)),
                             fmt::format("chown -R \"$(id -un)\" {}", existing.string()))};
  }
  return {check_room(existing), check_durability(existing, file.fd())};
}

Findings check_clock(TimeMs now, TimeMs ceiling) {
  Findings found;
  timex state{};
  const int outcome = ::adjtimex(&state);
  if (outcome < 0) {
    found.push_back(Finding::warning("whether the clock is kept right is unknown", "timedatectl"));
  } else if (outcome == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    found.push_back(Finding::warning("nothing keeps the clock right (no NTP): times of messages drift",
                                     "timedatectl set-ntp true, or apt-get install chrony"));
  } else {
    found.push_back(Finding::good("the clock is kept right"));
  }
  if (ceiling.value - now.value > kToleratedMs) {
    found.push_back(
        Finding::failure(fmt::format("the clock is {} s behind ids that were given already: it was set back",
                                     (ceiling.value - now.value) / 1000),
                         "timedatectl set-ntp true; until then new ids go on from where they were"));
  }
  return found;
}

}  // namespace hongyan::app
