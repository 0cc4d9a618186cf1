// A TCP connection of which every wait ends.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "app/chat/link/server_address.h"
#include "base/result.h"
#include "infra/async/task.h"

namespace hongyan::chat {

// A connection that is cut at its deadline. Shared by its user and by nothing else; used on the thread of its executor,
// one operation at a time.
class Line : public std::enable_shared_from_this<Line> {
 public:
  // Connects. Errors: unavailable (no such host, refused, lost), timeout at the deadline; the same for the methods.
  static async::Task<Result<std::shared_ptr<Line>>> open(ServerAddress address, async::Deadline deadline);

  // Writes all of `bytes`.
  async::Task<Result<void>> write(std::string bytes);
  // Appends what comes next to `into`, which outlives the call; false at the end of the peer's bytes.
  async::Task<Result<bool>> read(std::string& into);
  // Hands the socket over; the deadline no longer counts.
  boost::asio::ip::tcp::socket release();

 private:
  Line(boost::asio::any_io_executor executor, ServerAddress address);

  void cut_at(async::Deadline deadline);
  async::Task<Result<void>> connect();
  std::unexpected<Error> failure(const boost::system::error_code& error) const;

  const ServerAddress address_;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  bool timed_out_ = false;
};

}  // namespace hongyan::chat
