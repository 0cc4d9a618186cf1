#include "simulation/outbox.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "infra/async/use_task.h"

namespace hongyan::simulation {

bool passes(ErrorCode code) {
  switch (code) {
    case ErrorCode::unavailable:
    case ErrorCode::timeout:
    case ErrorCode::rate_limited:
    case ErrorCode::internal: return true;
    default: return false;
  }
}

async::Task<void> pause(std::chrono::milliseconds length) {
  boost::asio::steady_timer timer((co_await async::this_loop()).context(), length);
  co_await timer.async_wait(async::use_task);
}

bool Outbox::idle() const {
  return std::ranges::all_of(lanes_, [](const auto& lane) { return lane.second.empty(); });
}

void Outbox::add(Sent& sent) {
  lanes_[sent.request.conversation_id()].push_back({&sent});
  pump(sent.request.conversation_id());
}

void Outbox::resume(std::shared_ptr<Link> link) {
  link_ = std::move(link);
  for (const auto& [conversation, lane] : lanes_) pump(conversation);
}

void Outbox::suspend() {
  link_ = nullptr;
  for (auto& [conversation, lane] : lanes_) {
    for (Item& item : lane) {
      if (item.state == State::flying) item.state = State::unknown;
    }
  }
}

void Outbox::pump(std::uint64_t conversation) {
  if (!link_) return;
  Lane& lane = lanes_[conversation];
  bool repeats = false;
  for (Item& item : lane) {
    if (item.state != State::unknown) continue;
    repeats = true;
    // Refused for a while by an answer that was lost, it may have been passed by one behind it.
    item.sent->overtaken = item.sent->overtaken || window_ > 1;
    fly(conversation, item);
  }
  if (repeats) return;
  auto flying = static_cast<std::size_t>(
      std::ranges::count_if(lane, [](const Item& item) { return item.state == State::flying; }));
  for (Item& item : lane) {
    if (item.state != State::waiting) continue;
    if (++flying > window_) return;
    fly(conversation, item);
  }
}

void Outbox::fly(std::uint64_t conversation, Item& item) {
  item.state = State::flying;
  ++item.sent->attempts;
  (void)scope_.spawn(executor_, transmit(conversation, *item.sent, link_));
}

async::Task<void> Outbox::transmit(std::uint64_t conversation, Sent& sent, std::shared_ptr<Link> link) {
  const auto answer = co_await link->call("message.send", std::make_unique<v1::SendRequest>(sent.request));
  // Without an answer it is repeated by the next connection.
  if (!answer) co_return;
  if (*answer) {
    ledger_.acked(sent, static_cast<const v1::SendResponse&>(***answer));
    co_return resolve(conversation, sent);
  }
  const ErrorCode code = answer->error().code;
  if (!passes(code)) {
    sent.refused = code;
    co_return resolve(conversation, sent);
  }
  ledger_.count("sends refused for a while");
  sent.overtaken = true;
  co_await pause(again_);
  if (link_ != link) co_return;
  for (Item& item : lanes_[conversation]) {
    if (item.sent == &sent) item.state = State::unknown;
  }
  pump(conversation);
}

// It has its answer, whether or not the connection that brought it is still the one in use.
void Outbox::resolve(std::uint64_t conversation, const Sent& sent) {
  std::erase_if(lanes_[conversation], [&sent](const Item& item) { return item.sent == &sent; });
  pump(conversation);
}

}  // namespace hongyan::simulation
