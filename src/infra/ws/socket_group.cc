#include "infra/ws/socket_group.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "base/assert.h"

namespace hongyan::ws {
namespace {

constexpr std::size_t kReadBufferBytes = 64 * 1024;

}  // namespace

SocketGroup::SocketGroup(boost::asio::io_context& context, const SocketLimits& limits)
    : context_(context), limits_(limits), timer_(context), read_buffer_(kReadBufferBytes) {}

SocketGroup::~SocketGroup() = default;

void SocketGroup::add(std::shared_ptr<Socket> socket) {
  HY_ASSERT(on_thread());
  socket->group_index_ = sockets_.size();
  sockets_.push_back(std::move(socket));
  count(counters_.opened);
  arm_sweep();
}

void SocketGroup::remove(Socket& socket) {
  const std::size_t index = socket.group_index_;
  HY_CHECK(index < sockets_.size() && sockets_[index].get() == &socket);
  std::swap(sockets_[index], sockets_.back());
  sockets_[index]->group_index_ = index;
  count(counters_.ended);
  // Last: the socket may die here.
  sockets_.pop_back();
}

void SocketGroup::close_all(std::uint16_t code, std::string_view reason) {
  HY_ASSERT(on_thread());
  // close() calls nobody back, so the list stands still.
  for (const auto& socket : sockets_) socket->close(code, reason);
}

void SocketGroup::abort_all() {
  HY_ASSERT(on_thread());
  for (const auto& socket : sockets_) socket->abort();
}

void SocketGroup::flush_later(const std::shared_ptr<Socket>& socket) {
  if (std::exchange(socket->flush_scheduled_, true)) return;
  to_flush_.push_back(socket);
  if (to_flush_.size() > 1) return;
  boost::asio::post(context_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->flush_all();
  });
}

void SocketGroup::flush_all() {
  // A flush may call a handler that sends again: that goes to the next turn.
  flushing_.swap(to_flush_);
  for (const auto& socket : flushing_) socket->flush();
  flushing_.clear();
}

void SocketGroup::arm_sweep() {
  if (std::exchange(sweeping_, true)) return;
  timer_.expires_after(limits_.sweep_every);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (self && !error) self->sweep();
  });
}

void SocketGroup::sweep() {
  sweeping_ = false;
  const auto now = std::chrono::steady_clock::now();
  // From the back, because ending a socket moves the last one into its place. Handlers may add and end sockets.
  for (std::size_t i = sockets_.size(); i-- > 0;) {
    if (i >= sockets_.size()) continue;
    const auto socket = sockets_[i];
    socket->sweep(now);
  }
  if (!sockets_.empty()) arm_sweep();
}

}  // namespace hongyan::ws
