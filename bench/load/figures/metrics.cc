#include "bench/load/figures/metrics.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "bench/sockets/loop.h"

namespace hongyan::bench::load {
namespace {

std::string fetch(int fd, std::uint16_t port) {
  const sockaddr_in address = sockets::loopback(0, port);
  const timeval patience{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  const std::string request =
      fmt::format("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", port);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    return {};
  }
  std::string page;
  char block[16'384];
  for (ssize_t got = 0; (got = ::recv(fd, block, sizeof(block), 0)) > 0;)
    page.append(block, static_cast<std::size_t>(got));
  return page;
}

double metric_of(const std::string& page, const std::string& name) {
  const auto at = page.find("\n" + name + " ");
  return at == std::string::npos ? 0 : std::strtod(page.c_str() + at + name.size() + 2, nullptr);
}

}  // namespace

ServerCounters read_counters(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const std::string page = fetch(fd, port);
  ::close(fd);
  if (!page.starts_with("HTTP/1.1 200")) throw std::runtime_error(fmt::format("no /metrics at 127.0.0.1:{}", port));
  return parse_counters(page);
}

ServerCounters parse_counters(const std::string& page) {
  ServerCounters counters{.messages = metric_of(page, "hongyan_messages_total"),
                          .commits = metric_of(page, "hongyan_store_commits_total"),
                          .fsyncs = metric_of(page, "hongyan_store_fsyncs_total"),
                          .commit_times = {}};
  const std::string bucket = "\nhongyan_store_commit_seconds_bucket{le=\"";
  for (auto at = page.find(bucket); at != std::string::npos; at = page.find(bucket, at + 1)) {
    char* end = nullptr;
    const double bound = std::strtod(page.c_str() + at + bucket.size(), &end);
    // Behind the bound stand a quote, a brace and a space.
    counters.commit_times[bound] = std::strtod(end + 3, nullptr);
  }
  return counters;
}

double commit_ms_at(double share, const CommitTimes& from, const CommitTimes& to) {
  const auto before = [&](double bound) { return from.contains(bound) ? from.at(bound) : 0; };
  if (to.empty()) return 0;
  const double wanted = share * (to.rbegin()->second - before(to.rbegin()->first));
  for (const auto& [bound, count] : to) {
    if (wanted > 0 && count - before(bound) >= wanted) return bound * 1000;
  }
  return 0;
}

}  // namespace hongyan::bench::load
