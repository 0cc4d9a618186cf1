// The seam between a session and the bytes below it: plain TCP here, TLS in a translation unit of its own.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace hongyan::net {

// Told when a stream may be read or written. Kept alive by the wait itself.
class StreamObserver {
 public:
  virtual ~StreamObserver() = default;
  virtual void on_readable(const boost::system::error_code& error) = 0;
  virtual void on_writable(const boost::system::error_code& error) = 0;
};

// A non-blocking stream of bytes. Owned by its session; used on the thread of its executor only. It holds no buffer of
// its own while it waits. At most one wait for each direction may be under way.
class Stream {
 public:
  virtual ~Stream() = default;

  virtual boost::asio::any_io_executor executor() = 0;
  // Calls the observer once, later, never from inside this call; with `operation_aborted` after cancel() or close().
  // A wait that was about to end anyway may still end well: the read or write after it tells.
  virtual void wait_readable(std::shared_ptr<StreamObserver> observer) = 0;
  virtual void wait_writable(std::shared_ptr<StreamObserver> observer) = 0;
  // Bytes read or written now; 0 with `would_block` when none can be, `eof` when the peer has ended its side.
  virtual std::size_t read(std::span<char> into, boost::system::error_code& error) = 0;
  // One system call for all buffers.
  virtual std::size_t write(std::span<const boost::asio::const_buffer> buffers, boost::system::error_code& error) = 0;
  // Ends the waits under way.
  virtual void cancel() = 0;
  // Ends our direction; the peer reads end of file after what was written.
  virtual void shutdown_write() = 0;
  // Ends both. A repeat does nothing.
  virtual void close() = 0;

  // Keeps something for as long as the stream is there.
  void keep(std::shared_ptr<void> kept) { kept_ = std::move(kept); }

 private:
  std::shared_ptr<void> kept_;
};

// A stream over a connected socket, which becomes non-blocking and sends without Nagle's delay.
std::unique_ptr<Stream> make_tcp_stream(boost::asio::ip::tcp::socket socket);

}  // namespace hongyan::net
