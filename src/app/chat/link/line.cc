#include "app/chat/link/line.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>

#include "infra/async/use_task.h"

namespace hongyan::chat {

using boost::asio::ip::tcp;

Line::Line(boost::asio::any_io_executor executor, ServerAddress address)
    : address_(std::move(address)), resolver_(executor), socket_(executor), timer_(executor) {}

async::Task<Result<std::shared_ptr<Line>>> Line::open(ServerAddress address, async::Deadline deadline) {
  const std::shared_ptr<Line> line(new Line((co_await async::this_loop()).executor(), std::move(address)));
  line->cut_at(deadline);
  HY_CO_TRY(co_await line->connect());
  co_return line;
}

void Line::cut_at(async::Deadline deadline) {
  timer_.expires_at(deadline);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self) return;
    self->timed_out_ = true;
    self->resolver_.cancel();
    boost::system::error_code ignored;
    self->socket_.close(ignored);
  });
}

async::Task<Result<void>> Line::connect() {
  const auto [unknown, endpoints] = co_await resolver_.async_resolve(address_.host, address_.port, async::use_task);
  if (unknown) co_return failure(unknown);
  const auto [refused, endpoint] = co_await boost::asio::async_connect(socket_, endpoints, async::use_task);
  if (refused) co_return failure(refused);
  co_return Result<void>();
}

async::Task<Result<void>> Line::write(std::string bytes) {
  const auto [error, written] = co_await boost::asio::async_write(socket_, boost::asio::buffer(bytes), async::use_task);
  if (error) co_return failure(error);
  co_return Result<void>();
}

async::Task<Result<bool>> Line::read(std::string& into) {
  std::array<char, 8192> buffer;
  const auto [error, size] = co_await socket_.async_read_some(boost::asio::buffer(buffer), async::use_task);
  if (error == boost::asio::error::eof) co_return false;
  if (error) co_return failure(error);
  into.append(buffer.data(), size);
  co_return true;
}

tcp::socket Line::release() {
  timer_.cancel();
  return std::move(socket_);
}

std::unexpected<Error> Line::failure(const boost::system::error_code& error) const {
  if (timed_out_) return fail(ErrorCode::timeout, fmt::format("no answer from {} in time", address_.text));
  return fail(ErrorCode::unavailable, fmt::format("{}: {}", address_.text, error.message()));
}

}  // namespace hongyan::chat
