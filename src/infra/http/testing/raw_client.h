// A blocking HTTP client that speaks raw bytes, for tests that send what no library would.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace hongyan::http::testing {

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
  bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

// A blocking client that speaks raw bytes. Reads give up after 20 s.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (port != 0) connect(port);
  }
  ~RawClient() { ::close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void connect(std::uint16_t port) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }

  // False when the server has closed meanwhile.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // The next response; status 0 when the server has closed. A HEAD's has no body.
  Answer read(bool head_only = false) {
    while (input_.find("\r\n\r\n") == std::string::npos) {
      if (!fill()) return {};
    }
    Answer answer;
    const std::size_t end = input_.find("\r\n\r\n") + 4;
    answer.head = input_.substr(0, end);
    input_.erase(0, end);
    answer.status = std::stoi(answer.head.substr(9, 3));
    const std::size_t at = answer.head.find("Content-Length: ");
    if (at == std::string::npos || head_only) return answer;
    const std::size_t length = std::stoul(answer.head.substr(at + 16));
    while (input_.size() < length && fill()) {
    }
    answer.body = input_.substr(0, length);
    input_.erase(0, answer.body.size());
    return answer;
  }

  // Exactly `size` raw bytes, or what comes before the end.
  std::string read_raw(std::size_t size) {
    while (input_.size() < size && fill()) {
    }
    std::string out = input_.substr(0, size);
    input_.erase(0, out.size());
    return out;
  }

  // Whether the server has ended the connection and nothing is left to read.
  bool at_end() { return input_.empty() && !fill(); }

 private:
  bool fill() {
    char buffer[16 * 1024];
    const ssize_t size = ::recv(fd_, buffer, sizeof buffer, 0);
    EXPECT_FALSE(size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) << "nothing came";
    if (size <= 0) return false;
    input_.append(buffer, static_cast<std::size_t>(size));
    return true;
  }

  int fd_;
  std::string input_;
};

}  // namespace hongyan::http::testing
