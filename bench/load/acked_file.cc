#include "bench/load/acked_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iterator>
#include <system_error>

namespace hongyan::bench::load {
namespace {

constexpr std::size_t kBlock = 1 << 16;

}  // namespace

AckedFile::AckedFile(const std::string& file, const RequestWriter& requests)
    : requests_(requests), fd_(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), file);
}

AckedFile::~AckedFile() {
  try {
    write();
  } catch (const std::system_error& error) {
    fmt::print(stderr, "hongyan-bench: the list of acks is not complete: {}\n", error.what());
  }
  ::close(fd_);
}

void AckedFile::add(const ConversationName& conversation, std::uint64_t seq, std::uint32_t number) {
  fmt::format_to(std::back_inserter(gathered_), "{} {} {}\n", conversation.text(), seq,
                 requests_.client_msg_id(number));
  if (gathered_.size() >= kBlock) write();
}

void AckedFile::write() {
  for (std::string_view rest = gathered_; !rest.empty();) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written < 0) throw std::system_error(errno, std::generic_category(), "write");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  gathered_.clear();
}

}  // namespace hongyan::bench::load
