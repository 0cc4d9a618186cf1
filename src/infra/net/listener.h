// Opens a listening socket and accepts from it without ever spinning.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include "base/result.h"

namespace hongyan::net {

// Binds `endpoint` (port 0 takes a free one) and listens on `context`. `unavailable` with the reason when the address
// cannot be had.
Result<boost::asio::ip::tcp::acceptor> listen(boost::asio::io_context& context,
                                              const boost::asio::ip::tcp::endpoint& endpoint);

// Whether accept failed only for the one connection (it was gone already), so that the next one may be taken at once.
// Anything else, for example no file descriptors left, would fail again at once and calls for a pause.
bool concerns_one_connection(const boost::system::error_code& accept_error);

}  // namespace hongyan::net
