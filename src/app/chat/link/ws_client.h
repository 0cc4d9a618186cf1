// One WebSocket to the server: requests and their answers by id, pushes by callback.
#pragma once

#include <google/protobuf/message.h>

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/chat/link/server_address.h"
#include "app/chat/link/server_frame.h"
#include "base/result.h"
#include "infra/async/task.h"
#include "infra/ws/socket_group.h"

namespace hongyan::chat {

// Told what comes without having been asked for. Outlives the client, or is taken back with WsClient::forget_listener().
class WsListener {
 public:
  virtual ~WsListener() = default;
  virtual void on_push(ServerFrame push) = 0;
  // The connection is over. Called once.
  virtual void on_end() = 0;
};

// A connection after its upgrade. Shared by its owner and by the socket until that has ended; used on the one thread of
// the group's io_context.
class WsClient final : public ws::SocketHandler {
 public:
  // Connects and upgrades. Errors: as Line; unavailable when the server is there but cannot serve, unimplemented when it
  // is none of ours.
  static async::Task<Result<std::shared_ptr<WsClient>>> connect(ws::SocketGroup& group, ServerAddress address,
                                                                WsListener& listener, async::Deadline deadline);

  // Sends a request and waits for its answer: the JSON of its data. Errors: the answer's own; unavailable when the
  // connection ends or the server is about to go, timeout at the deadline, which also drops the connection, because a
  // server that answers nothing in time may be gone. After both the outcome is unknown. `data` outlives the call.
  async::Task<Result<std::string>> request(std::string type, const google::protobuf::Message& data,
                                           async::Deadline deadline);

  // Requests may be sent: neither closed nor about to be.
  bool is_usable() const;
  // How the connection ended, nothing while it lives.
  const std::optional<ws::Closed>& closed() const { return closed_; }
  // The server goes away and wants its clients back after this time.
  std::optional<std::chrono::milliseconds> reconnect_after() const { return reconnect_after_; }
  // Why the server ended the session ("revoked"), empty when it did not say.
  const std::string& kicked_reason() const { return kicked_reason_; }

  void close();
  void abort();
  void forget_listener() { listener_ = nullptr; }

 private:
  // A request under way. `ready` is cancelled when there is an answer.
  struct Waiting {
    explicit Waiting(boost::asio::any_io_executor executor) : ready(std::move(executor)) {}
    boost::asio::steady_timer ready;
    std::optional<ServerFrame> answer;
  };

  explicit WsClient(WsListener& listener) : listener_(&listener) {}

  void on_message(ws::Opcode opcode, std::string_view payload) override;
  void on_closed(const ws::Closed& closed) override;
  void take_push(ServerFrame push);
  void leave_when_idle();

  WsListener* listener_;
  // Owned by the group, which in turn keeps this client as its handler.
  std::weak_ptr<ws::Socket> socket_;
  std::map<std::string, std::shared_ptr<Waiting>> waiting_;
  std::uint64_t last_id_ = 0;
  std::optional<ws::Closed> closed_;
  std::optional<std::chrono::milliseconds> reconnect_after_;
  std::string kicked_reason_;
};

}  // namespace hongyan::chat
