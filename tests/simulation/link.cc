#include "simulation/link.h"

#include <utility>

#include "base/assert.h"
#include "hongyan/v1/frame.pb.h"
#include "infra/async/use_task.h"
#include "wire/frames.h"

namespace hongyan::simulation {
namespace {

// What a WebSocket message of a server carries: behind two bytes and a length of 0, 2 or 8 more.
std::string_view payload_of(const std::string& message) {
  const auto length = static_cast<unsigned char>(message.at(1));
  const std::size_t header = length < 126 ? 2 : length == 126 ? 4 : 10;
  return std::string_view(message).substr(header);
}

}  // namespace

Link::Link(boost::asio::any_io_executor clients)
    : end_(std::move(clients), boost::asio::steady_timer::time_point::max()) {}

async::Task<Link::Answer> Link::call(std::string name, wire::MessagePtr data) {
  if (!open_) co_return std::nullopt;
  Answer result;
  co_await async::suspend([&](async::Suspended waiting) {
    up_.push_back({++last_id_, std::move(name), std::move(data)});
    waiting_.emplace(last_id_, [&result, waiting = std::move(waiting)](Answer answer) mutable {
      result = std::move(answer);
      std::move(waiting).resume_later();
    });
  });
  co_return result;
}

async::Task<void> Link::closed() {
  if (open_) co_await end_.async_wait(async::use_task);
}

void Link::answer(std::uint64_t id, Result<wire::MessagePtr> result) {
  if (open_) down_.push_back({id, std::move(result), {}});
}

bool Link::push(const wire::SharedPush& push) {
  if (!open_) return true;
  full_ = full_ || down_.size() >= kMaxUnread;
  if (!full_) push_always(push);
  return !full_;
}

void Link::push_always(const wire::SharedPush& push) {
  if (open_) down_.push_back({0, std::nullopt, push});
}

bool Link::carry(Random& random) {
  const bool up = !up_.empty() && !stalled_up_;
  const bool down = !down_.empty() && !stalled_down_;
  if (!open_ || (!up && !down)) return false;
  if (up && (!down || random.chance(50))) {
    carry_up();
  } else {
    carry_down();
  }
  return true;
}

void Link::carry_up() {
  Request request = std::move(up_.front());
  up_.pop_front();
  server_->on_request(std::move(request));
}

void Link::carry_down() {
  Down down = std::move(down_.front());
  down_.pop_front();
  if (full_ && down_.size() < kMaxUnread / 2) {
    full_ = false;
    server_->on_drained();
  }
  if (down.result) {
    const auto node = waiting_.extract(down.id);
    HY_CHECK(!node.empty());
    return node.mapped()(std::move(down.result));
  }
  v1::Frame frame;
  HY_CHECK(frame.ParseFromString(std::string(payload_of(*down.push->frame(wire::proto_frames())))));
  on_push(frame.type(), frame.data());
}

void Link::cut(std::size_t arriving) {
  if (!open_) return;
  for (; arriving > 0 && !up_.empty(); --arriving) carry_up();
  open_ = false;
  down_.clear();
  up_.clear();
  on_push = nullptr;
  for (auto& [id, done] : std::exchange(waiting_, {})) done(std::nullopt);
  end_.expires_at(boost::asio::steady_timer::time_point::min());
  if (const auto server = std::exchange(server_, nullptr)) server->on_closed();
}

}  // namespace hongyan::simulation
