#include "infra/net/tls_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <utility>

#include "infra/net/tls_context.h"

namespace hongyan::net {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// Every TLS connection begins with a record of this type (RFC 8446 section 5.1), which begins no line of text.
constexpr unsigned char kHandshakeRecord = 22;

// What small buffers are gathered in, so that they leave in one record. One a thread: it holds nothing between calls.
std::span<char> gathering_buffer() {
  thread_local std::array<char, SSL3_RT_MAX_PLAIN_LENGTH> buffer;
  return buffer;
}

class OpenSslStream final : public TlsStream {
 public:
  OpenSslStream(tcp::socket socket, SslPtr ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
    SSL_set_fd(ssl_.get(), socket_.native_handle());
  }

  Handshake handshake() override;
  std::unique_ptr<Stream> without_tls() override { return make_tcp_stream(std::move(socket_)); }

  boost::asio::any_io_executor executor() override { return socket_.get_executor(); }
  void wait_readable(std::shared_ptr<StreamObserver> observer) override;
  void wait_writable(std::shared_ptr<StreamObserver> observer) override;
  std::size_t read(std::span<char> into, error_code& error) override;
  std::size_t write(std::span<const boost::asio::const_buffer> buffers, error_code& error) override;
  void cancel() override;
  void shutdown_write() override;
  void close() override;

 private:
  // What has to happen at the socket before OpenSSL can go on with a read or a write.
  enum class Needs : std::uint8_t { nothing, input, room };

  error_code fate(int result, Needs& needs);
  std::size_t write_record(std::string_view bytes, error_code& error);

  tcp::socket socket_;
  SslPtr ssl_;
  Needs read_needs_ = Needs::input;
  Needs write_needs_ = Needs::room;
  // OpenSSL allows nothing more after an error of the protocol.
  bool broken_ = false;
};

// What became of a call that did not succeed. A read may need room (for the answer to a change of keys), so what it
// waits for is noted.
error_code OpenSslStream::fate(int result, Needs& needs) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: needs = Needs::input; return boost::asio::error::would_block;
    case SSL_ERROR_WANT_WRITE: needs = Needs::room; return boost::asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN: return boost::asio::error::eof;
    case SSL_ERROR_SYSCALL:
      broken_ = true;
      return errno == 0 ? error_code(boost::asio::error::eof) : error_code(errno, boost::system::system_category());
    default: broken_ = true; return boost::asio::error::connection_reset;
  }
}

TlsStream::Handshake OpenSslStream::handshake() {
  if (SSL_in_before(ssl_.get()) != 0) {
    unsigned char first = 0;
    error_code error;
    socket_.receive(boost::asio::buffer(&first, 1), tcp::socket::message_peek, error);
    if (error == boost::asio::error::would_block) return Handshake::again;
    if (error) return Handshake::failed;
    if (first != kHandshakeRecord) return Handshake::foreign;
  }
  ERR_clear_error();
  errno = 0;
  const int result = SSL_accept(ssl_.get());
  if (result == 1) {
    // The first request may have come with the last message of the handshake.
    read_needs_ = Needs::nothing;
    return Handshake::done;
  }
  return fate(result, read_needs_) == boost::asio::error::would_block ? Handshake::again : Handshake::failed;
}

void OpenSslStream::wait_readable(std::shared_ptr<StreamObserver> observer) {
  if (read_needs_ == Needs::nothing && SSL_has_pending(ssl_.get()) != 0) {
    // Bytes that OpenSSL has taken already no longer show at the socket.
    return boost::asio::post(socket_.get_executor(),
                             [observer = std::move(observer)] { observer->on_readable(error_code()); });
  }
  const auto what = read_needs_ == Needs::room ? tcp::socket::wait_write : tcp::socket::wait_read;
  socket_.async_wait(what, [observer = std::move(observer)](const error_code& error) { observer->on_readable(error); });
}

void OpenSslStream::wait_writable(std::shared_ptr<StreamObserver> observer) {
  const auto what = write_needs_ == Needs::input ? tcp::socket::wait_read : tcp::socket::wait_write;
  socket_.async_wait(what, [observer = std::move(observer)](const error_code& error) { observer->on_writable(error); });
}

std::size_t OpenSslStream::read(std::span<char> into, error_code& error) {
  error = boost::asio::error::not_connected;
  if (broken_ || !socket_.is_open()) return 0;
  ERR_clear_error();
  errno = 0;
  std::size_t size = 0;
  const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &size);
  read_needs_ = Needs::nothing;
  error = result == 1 ? error_code() : fate(result, read_needs_);
  return size;
}

std::size_t OpenSslStream::write(std::span<const boost::asio::const_buffer> buffers, error_code& error) {
  error = boost::asio::error::not_connected;
  if (broken_ || !socket_.is_open()) return 0;
  error = {};
  const std::span<char> gathered = gathering_buffer();
  std::size_t total = 0;
  std::size_t skipped = 0;  // of buffers.front()
  while (!buffers.empty()) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < buffers.size() && size < gathered.size(); ++i) {
      const boost::asio::const_buffer rest = buffers[i] + (i == 0 ? skipped : 0);
      const std::size_t taken = std::min(rest.size(), gathered.size() - size);
      if (taken > 0) std::memcpy(gathered.data() + size, rest.data(), taken);
      size += taken;
    }
    if (size == 0) break;
    std::size_t written = write_record({gathered.data(), size}, error);
    total += written;
    if (error) break;
    for (; !buffers.empty() && written >= buffers.front().size() - skipped; buffers = buffers.subspan(1)) {
      written -= buffers.front().size() - skipped;
      skipped = 0;
    }
    skipped += written;
  }
  // What was written before the socket was full counts; the next call finds the rest.
  if (total > 0 && error == boost::asio::error::would_block) error = {};
  return total;
}

std::size_t OpenSslStream::write_record(std::string_view bytes, error_code& error) {
  ERR_clear_error();
  errno = 0;
  std::size_t written = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
  write_needs_ = Needs::room;
  error = result == 1 ? error_code() : fate(result, write_needs_);
  return written;
}

void OpenSslStream::cancel() {
  error_code ignored;
  socket_.cancel(ignored);
}

void OpenSslStream::shutdown_write() {
  if (!socket_.is_open()) return;
  ERR_clear_error();
  // When there is no room for close_notify the peer sees the end of the connection without it; what it reads says by
  // itself where it ends.
  if (!broken_ && SSL_is_init_finished(ssl_.get()) != 0) SSL_shutdown(ssl_.get());
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void OpenSslStream::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace

std::unique_ptr<TlsStream> make_tls_stream(tcp::socket socket, const TlsContext& context) {
  return std::make_unique<OpenSslStream>(std::move(socket), context.new_session());
}

}  // namespace hongyan::net
