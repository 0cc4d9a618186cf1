// A socket to the server that comes back by itself.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "app/chat/link/backoff.h"
#include "app/chat/link/ws_client.h"
#include "app/chat/login.h"
#include "app/chat/notes.h"
#include "app/chat/transport.h"
#include "hongyan/v1/frame.pb.h"

namespace hongyan::chat {

// What a Connection is made with.
struct ConnectionOptions {
  ServerAddress address;
  // Longest wait for one connection with its upgrade and authentication.
  std::chrono::milliseconds timeout;
  // Whether pushes are kept for next_push().
  bool keep_pushes = false;
};

// Owns the socket of the run and replaces it when it is lost: back-off with full jitter, or after the time the server
// asks for. Lives as long as the run, used by its one coroutine on the thread of the io_context.
class Connection final : public Transport, private WsListener {
 public:
  Connection(boost::asio::io_context& context, ConnectionOptions options, Login& login, Notes& notes, Backoff backoff);
  ~Connection() override;

  // Connected and authenticated when it returns. Errors: unavailable or timeout at the deadline; those that end the session
  // for good (token refused, session revoked or replaced, account disabled), and these again in every later call.
  async::Task<Result<void>> ensure(async::Deadline deadline);

  async::Task<Result<std::string>> request(std::string type, MessagePtr data, async::Deadline deadline) override;
  async::Task<Result<std::optional<ServerFrame>>> next_push(async::Deadline until) override;
  void interrupt() override;
  std::uint64_t generation() const override { return generation_; }
  const std::string& epoch() const override { return ready_.epoch(); }

  // What the server said when the present connection began.
  const v1::ReadyFrame& ready() const { return ready_; }

  // Begins to close the socket, if there is one.
  void close();

 private:
  void on_push(ServerFrame push) override;
  void on_end() override;

  bool is_up() const { return client_ && client_->is_usable(); }
  // Takes leave of a socket that is over. The error is final.
  Result<void> bury_old();
  async::Task<Result<void>> connect_once(async::Deadline deadline);
  async::Task<Result<void>> authenticate(std::shared_ptr<WsClient> client, async::Deadline deadline);
  async::Task<Result<void>> renew_token();

  const ConnectionOptions options_;
  Login& login_;
  Notes& notes_;
  Backoff backoff_;
  // What the Socket of the WebSocket wants to live in.
  const std::shared_ptr<ws::SocketGroup> group_;
  // Cancelled when next_push() should look again.
  boost::asio::steady_timer wake_;
  // Somebody wants next_push() to return although nothing came.
  bool interrupted_ = false;

  std::shared_ptr<WsClient> client_;
  v1::ReadyFrame ready_;
  bool was_up_ = false;
  std::uint64_t generation_ = 0;
  std::deque<ServerFrame> inbox_;
  std::chrono::steady_clock::time_point up_since_{};
  async::Deadline renew_at_{};
  // What the server asked for before it went.
  std::optional<std::chrono::milliseconds> reconnect_after_;
  std::optional<Error> final_error_;
};

}  // namespace hongyan::chat
