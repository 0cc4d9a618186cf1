// The WebSockets of one io thread and what they share.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "infra/ws/socket.h"

namespace hongyan::ws {

// Counters of one thread's sockets: written there, read anywhere.
struct SocketCounters {
  std::atomic<std::uint64_t> opened{0};
  std::atomic<std::uint64_t> ended{0};
  std::atomic<std::uint64_t> messages_in{0};
  std::atomic<std::uint64_t> bytes_in{0};
  std::atomic<std::uint64_t> frames_out{0};
  std::atomic<std::uint64_t> bytes_out{0};
  // System calls that wrote.
  std::atomic<std::uint64_t> writes{0};
  std::atomic<std::uint64_t> refused_full{0};
  std::atomic<std::uint64_t> protocol_errors{0};
  std::atomic<std::uint64_t> flooded{0};
  std::atomic<std::uint64_t> heartbeats_missed{0};
  std::atomic<std::uint64_t> stalled{0};
};

// Owns the sockets of one io thread, the read buffer they share and the one timer that sweeps them. Created with
// make_shared by whoever owns the sessions, one for each io thread, and used on that thread, except counters(). To be
// destroyed when size() is 0 or the io thread has stopped, in any case before its io_context.
class SocketGroup : public std::enable_shared_from_this<SocketGroup> {
 public:
  explicit SocketGroup(boost::asio::io_context& context, const SocketLimits& limits = {});
  ~SocketGroup();
  SocketGroup(const SocketGroup&) = delete;
  SocketGroup& operator=(const SocketGroup&) = delete;

  // Connections that have not ended, lingering ones included.
  std::size_t size() const { return sockets_.size(); }
  // Begins to close every socket.
  void close_all(std::uint16_t code, std::string_view reason);
  // Ends every connection at once.
  void abort_all();

  const SocketCounters& counters() const { return counters_; }
  const SocketLimits& limits() const { return limits_; }
  boost::asio::io_context& context() { return context_; }

 private:
  friend class Socket;

  void add(std::shared_ptr<Socket> socket);
  void remove(Socket& socket);
  // The socket is flushed at the end of this turn of the loop.
  void flush_later(const std::shared_ptr<Socket>& socket);
  void flush_all();
  void arm_sweep();
  void sweep();
  std::span<char> read_buffer() { return read_buffer_; }
  bool on_thread() const { return context_.get_executor().running_in_this_thread(); }
  // Only this thread writes its counters, so adding needs no locked instruction.
  static void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) {
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  boost::asio::io_context& context_;
  const SocketLimits limits_;
  boost::asio::steady_timer timer_;
  bool sweeping_ = false;
  std::vector<std::shared_ptr<Socket>> sockets_;
  std::vector<std::shared_ptr<Socket>> to_flush_;
  std::vector<std::shared_ptr<Socket>> flushing_;
  std::vector<char> read_buffer_;
  SocketCounters counters_;
};

}  // namespace hongyan::ws
