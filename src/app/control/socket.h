// The control socket DATA/hongyan.sock: how subcommands reach a running server. One request a connection: a serialized
// ControlRequest, end of file, then the serialized ControlResponse.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "base/registry.h"
#include "base/result.h"
#include "hongyan/internal/control.pb.h"
#include "infra/async/scope.h"
#include "infra/async/task.h"

namespace hongyan::app {

// Bytes of a request or an answer at most: all words at once.
inline constexpr std::size_t kMaxControlBytes = 16 << 20;

// Answers one request.
using ControlHandler = std::function<async::Task<internal::ControlResponse>(internal::ControlRequest)>;

// Listens in the data folder (mode 0600) and serves only processes of the same user. Built and stopped on the main
// thread; connections live on one io thread.
class ControlServer {
 public:
  // Throws when the socket cannot be had; one left behind by a killed server is replaced (the folder's lock says that
  // nobody uses it).
  ControlServer(boost::asio::io_context& context, const std::filesystem::path& data_folder, ControlHandler handler);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  // Takes no further request, waits for those under way, removes the socket. A repeat does nothing.
  void stop() noexcept;

 private:
  async::Task<void> accept_loop();
  async::Task<void> serve(boost::asio::local::stream_protocol::socket socket);

  boost::asio::io_context& context_;
  const std::filesystem::path path_;
  const ControlHandler handler_;
  async::Scope scope_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  bool stopped_ = false;
};

// Asks the server that runs on this data folder; nothing when none does. Blocks. Errors: permission_denied when the
// socket belongs to somebody else, unavailable when the server ends in the middle.
Result<std::optional<internal::ControlResponse>> ask_running_server(const std::filesystem::path& data_folder,
                                                                    const internal::ControlRequest& request);

}  // namespace hongyan::app
