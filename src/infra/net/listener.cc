#include "infra/net/listener.h"

#include <fmt/format.h>

#include <boost/asio/error.hpp>

#include "infra/net/address.h"

namespace hongyan::net {

using boost::asio::ip::tcp;

Result<tcp::acceptor> listen(boost::asio::io_context& context, const tcp::endpoint& endpoint) {
  tcp::acceptor acceptor(context);
  boost::system::error_code error;
  const auto failed = [&](std::string_view step) {
    return fail(ErrorCode::unavailable, fmt::format("cannot {} {}: {}", step, to_text(endpoint), error.message()));
  };
  acceptor.open(endpoint.protocol(), error);
  if (error) return failed("open a socket for");
  // A restart must not wait for the connections of the process before it to leave TIME_WAIT.
  acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (error) return failed("set options for");
  acceptor.bind(endpoint, error);
  if (error) return failed("listen on");
  acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) return failed("listen on");
  return acceptor;
}

bool concerns_one_connection(const boost::system::error_code& accept_error) {
  namespace errors = boost::asio::error;
  return accept_error == errors::connection_aborted || accept_error == errors::connection_reset ||
         accept_error == errors::interrupted;
}

}  // namespace hongyan::net
