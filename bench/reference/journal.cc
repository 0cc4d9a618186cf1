#include "bench/reference/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace hongyan::bench::reference {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

Journal::Journal(const std::string& file) : fd_(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) {
  if (fd_ < 0) fail(file.c_str());
}

Journal::~Journal() { ::close(fd_); }

void Journal::commit() {
  if (gathered_.empty()) return;
  for (std::string_view rest = gathered_; !rest.empty();) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written < 0) fail("write");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fdatasync(fd_) != 0) fail("fdatasync");
  gathered_.clear();
  ++commits_;
}

}  // namespace hongyan::bench::reference
