#include "app/control/socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

#include "infra/async/use_task.h"
#include "infra/log/log.h"

namespace hongyan::app {
namespace {

using boost::asio::local::stream_protocol;

std::filesystem::path socket_path(const std::filesystem::path& data_folder) { return data_folder / "hongyan.sock"; }

// A socket's address holds 107 bytes; a data folder's path may be longer. Through the folder's descriptor every path fits.
class ShortPath {
 public:
  explicit ShortPath(const std::filesystem::path& path)
      : folder_(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
        text_("/proc/self/fd/" + std::to_string(folder_) + "/" + path.filename().string()) {}
  ~ShortPath() {
    if (folder_ >= 0) ::close(folder_);
  }
  ShortPath(const ShortPath&) = delete;
  ShortPath& operator=(const ShortPath&) = delete;
  stream_protocol::endpoint endpoint() const { return stream_protocol::endpoint(text_); }

 private:
  int folder_;
  std::string text_;
};

bool same_user(stream_protocol::socket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

stream_protocol::acceptor listen(boost::asio::io_context& context, const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  stream_protocol::acceptor acceptor(context);
  const ShortPath short_path(path);
  acceptor.open();
  // Nobody else may connect between bind and a later chmod.
  const mode_t before = ::umask(0177);
  boost::system::error_code problem;
  acceptor.bind(short_path.endpoint(), problem);
  ::umask(before);
  if (problem) throw std::runtime_error("control socket " + path.string() + ": " + problem.message());
  acceptor.listen();
  return acceptor;
}

}  // namespace

ControlServer::ControlServer(boost::asio::io_context& context, const std::filesystem::path& data_folder,
                             ControlHandler handler)
    : context_(context),
      path_(socket_path(data_folder)),
      handler_(std::move(handler)),
      acceptor_(listen(context, path_)) {
  scope_.spawn(context_.get_executor(), accept_loop());
}

ControlServer::~ControlServer() { stop(); }

async::Task<void> ControlServer::accept_loop() {
  while (acceptor_.is_open()) {
    auto [problem, socket] = co_await acceptor_.async_accept(async::use_task);
    if (problem) break;
    if (same_user(socket)) scope_.spawn(context_.get_executor(), serve(std::move(socket)));
  }
}

async::Task<void> ControlServer::serve(stream_protocol::socket socket) {
  // A client that never ends its request must not keep the server from stopping.
  boost::asio::steady_timer too_late(context_, std::chrono::seconds(10));
  too_late.async_wait([&socket](const boost::system::error_code& cancelled) {
    boost::system::error_code ignored;
    if (!cancelled) socket.close(ignored);
  });
  std::string bytes;
  const auto [end, size] =
      co_await boost::asio::async_read(socket, boost::asio::dynamic_buffer(bytes, kMaxControlBytes), async::use_task);
  internal::ControlRequest request;
  if (end == boost::asio::error::eof && request.ParseFromString(bytes)) {
    const std::string answer = (co_await handler_(std::move(request))).SerializeAsString();
    const auto [failed, sent] = co_await boost::asio::async_write(socket, boost::asio::buffer(answer), async::use_task);
    if (failed) log::warn("control_answer_lost", {{"bytes", sent}});
  }
}

void ControlServer::stop() noexcept {
  if (std::exchange(stopped_, true)) return;
  boost::asio::post(context_, [this] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
  });
  scope_.close(std::chrono::seconds(2));
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

Result<std::optional<internal::ControlResponse>> ask_running_server(const std::filesystem::path& data_folder,
                                                                    const internal::ControlRequest& request) {
  const auto path = std::filesystem::absolute(socket_path(data_folder));
  boost::asio::io_context context;
  stream_protocol::socket socket(context);
  boost::system::error_code problem;
  const ShortPath short_path(path);
  socket.connect(short_path.endpoint(), problem);
  if (problem == boost::asio::error::access_denied) return fail(ErrorCode::permission_denied, path.string());
  if (problem) return std::optional<internal::ControlResponse>();
  boost::asio::write(socket, boost::asio::buffer(request.SerializeAsString()), problem);
  socket.shutdown(stream_protocol::socket::shutdown_send, problem);
  std::string bytes;
  boost::asio::read(socket, boost::asio::dynamic_buffer(bytes, kMaxControlBytes), problem);
  internal::ControlResponse response;
  if (problem != boost::asio::error::eof || bytes.empty() || !response.ParseFromString(bytes)) {
    return fail(ErrorCode::unavailable, "the server ended before it answered");
  }
  return std::optional(response);
}

}  // namespace hongyan::app
