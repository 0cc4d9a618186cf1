// Sockets of one thread over epoll: what came in is handed out, what is to go out is sent once a turn and socket.
#pragma once

#include <netinet/in.h>
#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/sockets/bytes.h"
#include "bench/sockets/clock.h"

namespace hongyan::bench::sockets {

class Socket;

// Takes what a socket receives. Outlives the socket; called on the loop's thread, within wait() and flush().
class Receiver {
 public:
  virtual ~Receiver() = default;

  // Answers how many bytes it has used up from the front; the others come again, before what follows. It may change the
  // bytes it uses up, give the socket another receiver, write to any socket and close any.
  virtual std::size_t on_bytes(Socket& socket, std::span<char> bytes, Nanos now) = 0;

  // The socket was closed from outside and is gone after this. Not called for Loop::close().
  virtual void on_closed(Socket& socket, const std::string& why) = 0;
};

// One connection. Made and owned by its loop; a reference is good until it is closed.
class Socket {
 public:
  Socket(int fd, std::uint32_t tag, Receiver& receiver) : tag_(tag), fd_(fd), receiver_(&receiver) {}

  // What whoever made the socket knows it by.
  std::uint32_t tag() const { return tag_; }
  void set_tag(std::uint32_t tag) { tag_ = tag; }
  void set_receiver(Receiver& receiver) { receiver_ = &receiver; }
  bool open() const { return fd_ >= 0; }

 private:
  friend class Loop;

  std::uint32_t tag_;
  int fd_;
  Receiver* receiver_;
  Bytes out_;
  // The beginning of something whose rest has not come yet.
  std::string kept_;
  // Among those that flush() looks at.
  bool dirty_ = false;
  // The kernel has taken no more; epoll says when it does again.
  bool blocked_ = false;
};

// Owns its sockets. Everything is called on one thread; there is no lock and no thread in it. What cannot be expected (no
// more file descriptors, say) throws std::system_error.
class Loop {
 public:
  // Receives from at most so many sockets in a turn.
  explicit Loop(int sockets_a_turn);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Begins to connect to `server` from `source` (port 0: any). What is written before it is connected is sent then; that it
  // cannot be connected is told as on_closed().
  Socket& connect(const sockaddr_in& server, const sockaddr_in& source, std::uint32_t tag, Receiver& receiver);

  // Listens on 127.0.0.1, port 0 for a free one; answers the port. New sockets have tag 0 and this receiver.
  std::uint16_t listen(std::uint16_t port, Receiver& receiver);

  // Where to write what the socket is to send with the next flush().
  Bytes& write(Socket& socket) {
    if (!socket.dirty_) {
      socket.dirty_ = true;
      dirty_.push_back(&socket);
    }
    return socket.out_;
  }

  // Sleeps until something has come or `until` has passed, and hands out what has come.
  void wait(Nanos until);

  // Sends what was written, with one call a socket. What the kernel does not take yet follows with a later flush().
  void flush();

  // Ends the connection and drops what was not sent. The socket is gone once wait() or flush() returns.
  void close(Socket& socket);

 private:
  Socket& adopt(int fd, std::uint32_t tag, Receiver& receiver);
  void on_event(const epoll_event& event);
  void accept_all();
  void receive(Socket& socket);
  void send(Socket& socket);
  void watch(Socket& socket, bool writable);
  void lose(Socket& socket, const std::string& why);
  void bury();

  const int epoll_;
  int listener_ = -1;
  Receiver* accepted_ = nullptr;
  std::vector<epoll_event> events_;
  std::vector<char> buffer_;
  std::vector<std::unique_ptr<Socket>> sockets_;
  std::vector<Socket*> dirty_;
  std::size_t closed_ = 0;
};

// 127.0.0.1 and the next addresses, so that there are ports enough for as many connections as are asked for.
sockaddr_in loopback(std::uint32_t number, std::uint16_t port);

// Lets this process have as many sockets as the system allows; answers how many.
std::size_t raise_file_limit();

}  // namespace hongyan::bench::sockets
