#include "domain/account/exports/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/numbers.h"

namespace hongyan::account {
namespace {

auto file_failed(std::string_view what) {
  return fail(ErrorCode::unavailable, fmt::format("export: {}: {}", what, std::strerror(errno)));
}

// Closes what it opened.
class OpenFile {
 public:
  OpenFile(const std::filesystem::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  const int number_;
};

Result<void> write_all(int number, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(number, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_failed("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// Fewer bytes than asked for only at the end of the file.
Result<std::string> read_at(int number, std::int64_t offset, std::int64_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t some =
        ::pread(number, bytes.data() + got, bytes.size() - got, offset + static_cast<std::int64_t>(got));
    if (some < 0 && errno == EINTR) continue;
    if (some < 0) return file_failed("read");
    if (some == 0) break;
    got += static_cast<std::size_t>(some);
  }
  bytes.resize(got);
  return bytes;
}

}  // namespace

std::filesystem::path ExportFiles::file(ExportId id) const { return folder_ / fmt::format("{}.jsonl", id.value); }

Result<void> ExportFiles::create(ExportId id) const {
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return file_failed("mkdir");
  const OpenFile opened(file(id), O_WRONLY | O_CREAT | O_TRUNC);
  if (!opened) return file_failed("create");
  return {};
}

Result<void> ExportFiles::append(ExportId id, std::string_view lines) const {
  const OpenFile opened(file(id), O_WRONLY | O_APPEND);
  if (!opened) return file_failed("open");
  return write_all(opened.number(), lines);
}

Result<void> ExportFiles::sync(ExportId id) const {
  const OpenFile opened(file(id), O_RDONLY);
  if (!opened || ::fdatasync(opened.number()) != 0) return file_failed("sync");
  return {};
}

Result<std::string> ExportFiles::read(ExportId id, std::int64_t offset) const {
  const OpenFile opened(file(id), O_RDONLY);
  if (!opened && errno == ENOENT) return fail(ErrorCode::not_found, "the export is gone");
  if (!opened) return file_failed("open");
  struct stat about{};
  if (::fstat(opened.number(), &about) != 0) return file_failed("stat");
  if (offset > about.st_size) return fail(ErrorCode::range_not_satisfiable, "behind the end");
  if (offset > 0) {
    HY_TRY(const std::string before, read_at(opened.number(), offset - 1, 1));
    if (before != "\n") return fail(Error::invalid("offset", "no line begins there"));
  }
  // Longer where a single line is.
  for (std::int64_t size = kPartBytes;; size *= 2) {
    HY_TRY(std::string part, read_at(opened.number(), offset, size));
    if (std::ssize(part) < size) return part;
    const std::size_t end = part.rfind('\n');
    if (end == std::string::npos) continue;
    part.resize(end + 1);
    return part;
  }
}

Result<std::vector<ExportId>> ExportFiles::all() const {
  std::error_code failed;
  std::vector<ExportId> ids;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, failed)) {
    if (const auto id = number_from<std::uint64_t>(entry.path().stem().string())) ids.emplace_back(*id);
  }
  if (failed && failed != std::errc::no_such_file_or_directory) return fail(ErrorCode::unavailable, failed.message());
  return ids;
}

Result<void> ExportFiles::remove(ExportId id) const {
  if (::unlink(file(id).c_str()) != 0 && errno != ENOENT) return file_failed("remove");
  return {};
}

}  // namespace hongyan::account
