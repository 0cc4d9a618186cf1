// The connection between a device and the server.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "infra/async/task.h"
#include "simulation/random.h"
#include "wire/dispatcher.h"
#include "wire/topics.h"

namespace hongyan::simulation {

// A request on its way. Its name is that of an rpc, "auth" or "ping".
struct Request {
  std::uint64_t id = 0;
  std::string name;
  wire::MessagePtr data;
};

// The server's end; called on the machine's thread, outside of everything.
class ServerEnd {
 public:
  virtual ~ServerEnd() = default;
  virtual void on_request(Request request) = 0;
  // The client has read what had piled up.
  virtual void on_drained() = 0;
  virtual void on_closed() = 0;
};

// Carries requests one way, answers and pushes the other way, each way in order, each frame when the network gets its turn. A cut
// loses all that is under way, but for some requests that still arrive. Shared by its ends.
class Link {
 public:
  // Output that may be unread before pushes are left out.
  static constexpr std::size_t kMaxUnread = 12;

  // An answer; nothing when the connection ended before it came.
  using Answer = std::optional<Result<wire::MessagePtr>>;

  explicit Link(boost::asio::any_io_executor clients);

  // The client's side.
  async::Task<Answer> call(std::string name, wire::MessagePtr data);
  // Waits for the end.
  async::Task<void> closed();
  // Gets each push, as the name of its type and its encoded data, until the end.
  std::function<void(const std::string& type, const std::string& data)> on_push;

  // The server's side.
  void bind(std::shared_ptr<ServerEnd> server) { server_ = std::move(server); }
  void answer(std::uint64_t id, Result<wire::MessagePtr> result);
  // False, and the push is left out, when too much is unread.
  bool push(const wire::SharedPush& push);
  // Of the server's own: never left out.
  void push_always(const wire::SharedPush& push);

  // The network's. carry() moves one frame; false when there is none.
  bool carry(Random& random);
  void stall(bool up, bool down) { stalled_up_ = up, stalled_down_ = down; }
  bool open() const { return open_; }
  // Ends it; a repeat does nothing. The first `arriving` of the requests under way still reach the server.
  void cut(std::size_t arriving = 0);
  std::size_t requests_under_way() const { return up_.size(); }

 private:
  struct Down {
    // Of an answer.
    std::uint64_t id = 0;
    std::optional<Result<wire::MessagePtr>> result;
    wire::SharedPush push;
  };
  using Done = std::move_only_function<void(Answer)>;

  void carry_up();
  void carry_down();

  std::shared_ptr<ServerEnd> server_;
  std::deque<Request> up_;
  std::deque<Down> down_;
  bool stalled_up_ = false;
  bool stalled_down_ = false;
  bool open_ = true;
  bool full_ = false;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Done> waiting_;
  boost::asio::steady_timer end_;
};

}  // namespace hongyan::simulation
