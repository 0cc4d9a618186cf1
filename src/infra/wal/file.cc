#include "infra/wal/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace hongyan::wal {
namespace {

std::unexpected<Error> failed(std::string_view what) {
  const int code = errno;
  std::string detail = std::string(what) + ": " + std::strerror(code);
  if (code == ENOSPC || code == EDQUOT) {
    return fail(Error::later(ErrorCode::unavailable, 1000, std::move(detail)));
  }
  return fail(ErrorCode::internal, std::move(detail));
}

// Calls again what a signal has interrupted.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

// What is left of the parts after their first `written` bytes, as far as one call takes it.
template <std::size_t Size>
std::span<iovec> vectors_of(std::span<const std::string_view> parts, std::size_t written,
                            std::array<iovec, Size>& vectors) {
  std::size_t count = 0;
  for (std::string_view part : parts) {
    const std::size_t skipped = std::min(written, part.size());
    written -= skipped;
    part.remove_prefix(skipped);
    if (part.empty()) continue;
    if (count == Size) break;
    vectors[count++] = {const_cast<char*>(part.data()), part.size()};
  }
  return std::span(vectors).first(count);
}

}  // namespace

Result<File> File::open(const std::filesystem::path& path) {
  constexpr int kOwnerOnly = 0600;
  const int descriptor = uninterrupted([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly); });
  if (descriptor < 0) return failed("cannot open " + path.string());
  return File(descriptor);
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

File::File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Result<void> File::reserve(std::size_t bytes) {
  const int done = uninterrupted([&] { return ::fallocate(descriptor_, 0, 0, static_cast<off_t>(bytes)); });
  if (done < 0 && errno != EOPNOTSUPP && errno != ENOSYS) return failed("reserving space");
  return {};
}

Result<void> File::write(std::size_t at, std::span<const std::string_view> parts) {
  std::size_t total = 0;
  for (const std::string_view part : parts) total += part.size();
  std::array<iovec, 64> vectors{};
  std::size_t written = 0;
  while (written < total) {
    const auto some = vectors_of(parts, written, vectors);
    const ssize_t done = uninterrupted([&] {
      return ::pwritev(descriptor_, some.data(), static_cast<int>(some.size()), static_cast<off_t>(at + written));
    });
    if (done < 0) return failed("writing");
    written += static_cast<std::size_t>(done);
  }
  return {};
}

Result<void> File::sync() {
  if (uninterrupted([this] { return ::fdatasync(descriptor_); }) < 0) return failed("syncing");
  return {};
}

Result<void> File::cut(std::size_t bytes) {
  if (uninterrupted([&] { return ::ftruncate(descriptor_, static_cast<off_t>(bytes)); }) < 0) return failed("cutting");
  return {};
}

Result<std::string> File::read_all() {
  struct stat info{};
  if (::fstat(descriptor_, &info) < 0) return failed("asking for the size");
  std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t done = uninterrupted(
        [&] { return ::pread(descriptor_, bytes.data() + size, bytes.size() - size, static_cast<off_t>(size)); });
    if (done < 0) return failed("reading");
    if (done == 0) break;
    size += static_cast<std::size_t>(done);
  }
  bytes.resize(size);
  return bytes;
}

Result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) < 0) return failed("renaming " + from.string());
  return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failed("cannot open " + folder.string());
  const int done = uninterrupted([&] { return ::fsync(descriptor); });
  const auto result = done < 0 ? Result<void>(failed("syncing " + folder.string())) : Result<void>();
  ::close(descriptor);
  return result;
}

}  // namespace hongyan::wal
