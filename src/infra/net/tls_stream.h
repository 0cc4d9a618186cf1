// TLS over a connected socket.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>

#include "infra/net/stream.h"

namespace hongyan::net {

class TlsContext;

// The server's end of a TLS connection. The handshake comes first; whoever drives it also sets its deadline. While the
// stream waits, OpenSSL keeps no buffers for it.
//
// Writing to a connection that is gone raises SIGPIPE, which the process has to ignore.
class TlsStream : public Stream {
 public:
  enum class Handshake : std::uint8_t {
    done,
    again,    // after wait_readable()
    foreign,  // the peer speaks something else; nothing was read
    failed,   // no version or cipher in common, a broken message, or the connection is gone
  };
  // Takes the handshake as far as it goes now. Not to be called again after it is done, foreign or failed.
  virtual Handshake handshake() = 0;

  // The same connection without TLS, for a peer that was found foreign. This stream is over then.
  virtual std::unique_ptr<Stream> without_tls() = 0;
};

// `context` holds a certificate; the stream keeps the one of this moment.
std::unique_ptr<TlsStream> make_tls_stream(boost::asio::ip::tcp::socket socket, const TlsContext& context);

}  // namespace hongyan::net
