#include "infra/config/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace hongyan::config {
namespace {

// Closes what it holds.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> failed(const std::filesystem::path& path, const char* what) {
  return fail(ErrorCode::unavailable, path.string() + ": " + what + ": " + std::strerror(errno));
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

DataFolder::DataFolder(std::filesystem::path path) : path_(std::filesystem::absolute(std::move(path))) {
  std::error_code problem;
  const bool created = std::filesystem::create_directories(path_, problem);
  if (problem) throw std::runtime_error("data folder " + path_.string() + ": " + problem.message());
  if (created) std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  const std::string lock = path_ / "lock";
  lock_fd_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_fd_ < 0) throw std::runtime_error("data folder " + lock + ": " + std::strerror(errno));
  if (::flock(lock_fd_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_fd_);
    throw std::runtime_error("data folder " + path_.string() + " is in use by another process");
  }
}

DataFolder::~DataFolder() { ::close(lock_fd_); }

Result<void> write_file_durably(const std::filesystem::path& path, std::string_view content) {
  const std::string beside = path.string() + ".new";
  {
    const Fd file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.get() < 0) return failed(path, "open");
    if (!write_all(file.get(), content)) return failed(path, "write");
    if (::fsync(file.get()) != 0) return failed(path, "fsync");
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return failed(path, "rename");
  const Fd folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) return failed(path, "fsync of the folder");
  return {};
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return errno == ENOENT ? fail(ErrorCode::not_found, path.string()) : failed(path, "open");
  std::string content;
  char buffer[4096];
  while (true) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, "read");
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
  }
}

Result<std::string> read_first_line(const std::filesystem::path& path) {
  HY_TRY(const std::string text, read_file(path));
  return text.substr(0, text.find_first_of("\r\n"));
}

std::string secret_in(const std::string& file) {
  if (file.empty()) return {};
  auto line = read_first_line(file);
  if (!line) throw std::runtime_error(file + ": " + line.error().detail);
  return *std::move(line);
}

Result<TimeMs> FileCeiling::load() {
  auto text = read_file(path_);
  if (!text)
    return text.error().code == ErrorCode::not_found ? Result<TimeMs>(TimeMs(0)) : fail(std::move(text).error());
  std::int64_t ms = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), ms);
  if (problem != std::errc() || ms <= 0) return fail(ErrorCode::internal, path_.string() + " holds no time");
  return TimeMs(ms);
}

Result<void> FileCeiling::store(TimeMs ceiling) {
  return write_file_durably(path_, std::to_string(ceiling.value) + "\n");
}

}  // namespace hongyan::config
