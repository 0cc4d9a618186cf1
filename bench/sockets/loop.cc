#include "bench/sockets/loop.h"

#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace hongyan::bench::sockets {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr int kBacklog = 4096;
// Sockets accepted before others get their turn.
constexpr int kAcceptsATurn = 64;

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

void set(int fd, int level, int option) {
  const int on = 1;
  checked(::setsockopt(fd, level, option, &on, sizeof(on)), "setsockopt");
}

const sockaddr* generic(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

std::string message_of(int error) { return std::generic_category().message(error); }

}  // namespace

Loop::Loop(int sockets_a_turn)
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      events_(static_cast<std::size_t>(sockets_a_turn)),
      buffer_(kBufferBytes) {
  // Else the kernel wakes a sleeper up to 50 us late, to wake several at once.
  ::prctl(PR_SET_TIMERSLACK, 1);
}

Loop::~Loop() {
  for (const auto& socket : sockets_) {
    if (socket->fd_ >= 0) ::close(socket->fd_);
  }
  if (listener_ >= 0) ::close(listener_);
  ::close(epoll_);
}

Socket& Loop::adopt(int fd, std::uint32_t tag, Receiver& receiver) {
  set(fd, IPPROTO_TCP, TCP_NODELAY);
  Socket& socket = *sockets_.emplace_back(std::make_unique<Socket>(fd, tag, receiver));
  epoll_event event{.events = EPOLLIN, .data = {.ptr = &socket}};
  checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  return socket;
}

Socket& Loop::connect(const sockaddr_in& server, const sockaddr_in& source, std::uint32_t tag, Receiver& receiver) {
  const int fd = checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
  Socket& socket = adopt(fd, tag, receiver);
  if (source.sin_addr.s_addr != server.sin_addr.s_addr) {
    // The port is chosen when the other end is known: the same one serves several servers.
    set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    checked(::bind(fd, generic(source), sizeof(source)), "bind");
  }
  // Whether it is connected already shows when something is sent.
  if (::connect(fd, generic(server), sizeof(server)) < 0 && errno != EINPROGRESS) checked(-1, "connect");
  return socket;
}

std::uint16_t Loop::listen(std::uint16_t port, Receiver& receiver) {
  listener_ = checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
  set(listener_, SOL_SOCKET, SO_REUSEADDR);
  sockaddr_in address = loopback(0, port);
  checked(::bind(listener_, generic(address), sizeof(address)), "bind");
  checked(::listen(listener_, kBacklog), "listen");
  socklen_t length = sizeof(address);
  checked(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  accepted_ = &receiver;
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event), "epoll_ctl");
  return ntohs(address.sin_port);
}

void Loop::wait(Nanos until) {
  const Nanos left = std::max<Nanos>(until - now(), 0);
  const timespec time{.tv_sec = left / kSecond, .tv_nsec = left % kSecond};
  const int count = ::epoll_pwait2(epoll_, events_.data(), static_cast<int>(events_.size()), &time, nullptr);
  if (count < 0 && errno != EINTR) checked(count, "epoll_pwait2");
  for (int i = 0; i < count; ++i) on_event(events_[static_cast<std::size_t>(i)]);
  bury();
}

void Loop::on_event(const epoll_event& event) {
  if (event.data.ptr == nullptr) return accept_all();
  auto& socket = *static_cast<Socket*>(event.data.ptr);
  // Closed by what was received before in this turn.
  if (!socket.open()) return;
  if ((event.events & EPOLLOUT) != 0) {
    socket.blocked_ = false;
    watch(socket, false);
    // Not sent here: what was written in this turn may have to wait for something.
    write(socket);
  }
  if (socket.open() && (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive(socket);
}

void Loop::accept_all() {
  for (int i = 0; i < kAcceptsATurn; ++i) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && (errno == EAGAIN || errno == ECONNABORTED)) return;
    adopt(checked(fd, "accept4"), 0, *accepted_);
  }
}

void Loop::receive(Socket& socket) {
  const std::size_t kept = socket.kept_.size();
  if (kept == buffer_.size()) return lose(socket, "more at once than there is room for");
  std::memcpy(buffer_.data(), socket.kept_.data(), kept);
  const ssize_t got = ::recv(socket.fd_, buffer_.data() + kept, buffer_.size() - kept, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return lose(socket, got == 0 ? "closed by the other end" : message_of(errno));
  std::span<char> bytes(buffer_.data(), kept + static_cast<std::size_t>(got));
  const Nanos time = now();
  // Who hands the socket on leaves the rest to the next one.
  for (Receiver* before = nullptr; socket.open() && !bytes.empty() && before != socket.receiver_;) {
    before = socket.receiver_;
    bytes = bytes.subspan(before->on_bytes(socket, bytes, time));
  }
  socket.kept_.assign(bytes.data(), bytes.size());
}

void Loop::flush() {
  // What is sent may close sockets, which may make others write.
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    Socket& socket = *dirty_[i];
    socket.dirty_ = false;
    if (socket.open() && !socket.blocked_) send(socket);
  }
  dirty_.clear();
  bury();
}

void Loop::send(Socket& socket) {
  Bytes& out = socket.out_;
  if (out.empty()) return;
  const ssize_t sent = ::send(socket.fd_, out.view().data(), out.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return lose(socket, message_of(errno));
  out.drop_front(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
  if (out.empty()) return;
  socket.blocked_ = true;
  watch(socket, true);
}

void Loop::watch(Socket& socket, bool writable) {
  epoll_event event{.events = EPOLLIN, .data = {.ptr = &socket}};
  if (writable) event.events |= EPOLLOUT;
  checked(::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket.fd_, &event), "epoll_ctl");
}

void Loop::close(Socket& socket) {
  if (!socket.open()) return;
  ::close(socket.fd_);
  socket.fd_ = -1;
  socket.out_.clear();
  ++closed_;
}

void Loop::lose(Socket& socket, const std::string& why) {
  close(socket);
  socket.receiver_->on_closed(socket, why);
}

void Loop::bury() {
  if (closed_ == 0) return;
  closed_ = 0;
  std::erase_if(dirty_, [](const Socket* socket) { return !socket->open(); });
  std::erase_if(sockets_, [](const auto& socket) { return !socket->open(); });
}

sockaddr_in loopback(std::uint32_t number, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number);
  return address;
}

std::size_t raise_file_limit() {
  rlimit limit{};
  checked(::getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  checked(::setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
  return limit.rlim_cur;
}

}  // namespace hongyan::bench::sockets
