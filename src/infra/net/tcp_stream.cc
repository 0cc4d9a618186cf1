#include <boost/asio/error.hpp>
#include <utility>

#include "infra/net/stream.h"

namespace hongyan::net {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

class TcpStream final : public Stream {
 public:
  explicit TcpStream(tcp::socket socket) : socket_(std::move(socket)) {
    // A socket that is gone already shows it in the first read.
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
  }

  boost::asio::any_io_executor executor() override { return socket_.get_executor(); }

  void wait_readable(std::shared_ptr<StreamObserver> observer) override {
    socket_.async_wait(tcp::socket::wait_read,
                       [observer = std::move(observer)](const error_code& error) { observer->on_readable(error); });
  }

  void wait_writable(std::shared_ptr<StreamObserver> observer) override {
    socket_.async_wait(tcp::socket::wait_write,
                       [observer = std::move(observer)](const error_code& error) { observer->on_writable(error); });
  }

  std::size_t read(std::span<char> into, error_code& error) override {
    return socket_.read_some(boost::asio::buffer(into.data(), into.size()), error);
  }

  std::size_t write(std::span<const boost::asio::const_buffer> buffers, error_code& error) override {
    return socket_.write_some(buffers, error);
  }

  void cancel() override {
    error_code ignored;
    socket_.cancel(ignored);
  }

  void shutdown_write() override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  tcp::socket socket_;
};

}  // namespace

std::unique_ptr<Stream> make_tcp_stream(tcp::socket socket) { return std::make_unique<TcpStream>(std::move(socket)); }

}  // namespace hongyan::net
