#include "simulation/session.h"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace hongyan::simulation {
namespace {

constexpr std::chrono::seconds kCallWithin{10};

}  // namespace

void Session::on_lane(std::function<void()> act) {
  boost::asio::post(lane_.executor, [self = shared_from_this(), act = std::move(act)] { act(); });
}

void Session::on_request(Request request) {
  const auto shared = std::make_shared<Request>(std::move(request));
  on_lane([this, shared] { begin(std::move(*shared)); });
}

void Session::on_drained() {
  on_lane([this] {
    if (state_ != State::ready || !stale_) return;
    stale_ = false;
    spawn(tell_gap());
  });
}

void Session::on_closed() {
  on_lane([this] {
    lane_.topics.remove(*this);
    state_ = State::closed;
  });
}

void Session::begin(Request request) {
  if (state_ == State::closed) return;
  if (request.name == "auth") return spawn(authenticate(request.id));
  if (request.name == "ping") return spawn(compare(std::move(request)));
  spawn(run(std::move(request)));
}

// What comes after the end has no answer, as on a socket that is closing.
void Session::spawn(async::Task<void> task) { (void)ports_.scope.spawn(lane_.executor, std::move(task)); }

async::Task<void> Session::authenticate(std::uint64_t id) {
  const auto self = shared_from_this();
  state_ = State::connecting;
  lane_.topics.connect(user_, *this);
  const auto version = co_await join_groups(async::deadline_in(kCallWithin));
  if (state_ != State::connecting) co_return;
  if (!version) {
    lane_.topics.remove(*this);
    state_ = State::fresh;
    link_->answer(id, std::unexpected(version.error()));
    co_return;
  }
  lane_.topics.connected(*this);
  state_ = State::ready;
  auto ready = std::make_unique<v1::ReadyFrame>();
  ready->set_epoch(ports_.messages.epoch());
  ready->set_user_version(version->value);
  link_->answer(id, wire::MessagePtr(std::move(ready)));
}

async::Task<Result<account::UserVersion>> Session::join_groups(async::Deadline deadline) {
  HY_CO_TRY(const auto places, co_await ports_.conversations.place_ids(user_, deadline));
  if (places.conversations.empty()) co_return places.version;
  HY_CO_TRY(const auto bounds, co_await ports_.messages.bounds_of(user_, deadline));
  if (state_ != State::connecting) co_return places.version;
  for (const auto& [group, bound] : bounds) {
    const bool member = std::ranges::binary_search(places.conversations, group);
    if (member && !bound.left) lane_.topics.join(group, *this, bound.joined);
  }
  co_return places.version;
}

async::Task<void> Session::run(Request request) {
  const auto self = shared_from_this();
  wire::Caller caller;
  caller.user = user_;
  caller.deadline = async::deadline_in(kCallWithin);
  auto result = co_await ports_.dispatcher.find(request.name)->handler(std::move(caller), std::move(request.data));
  link_->answer(request.id, std::move(result));
}

async::Task<void> Session::compare(Request request) {
  const auto self = shared_from_this();
  auto& ping = static_cast<v1::PingFrame&>(*request.data);
  const auto comparison = co_await ports_.sync.compare(user_, std::move(ping), async::deadline_in(kCallWithin));
  if (!comparison) {
    link_->answer(request.id, std::unexpected(comparison.error()));
    co_return;
  }
  auto pong = std::make_unique<v1::PongFrame>();
  pong->set_user_version(comparison->version.value);
  for (const ConversationId behind : comparison->behind) pong->add_behind(behind.value);
  link_->answer(request.id, wire::MessagePtr(std::move(pong)));
}

void Session::push(const wire::SharedPush& push) {
  const bool repeated = !push.owner_before(last_push_) && !last_push_.owner_before(push);
  if (state_ != State::ready || repeated) return;
  last_push_ = push;
  if (!stale_ && link_->push(push)) return;
  stale_ = true;
  missed_.add(push->conversation());
}

async::Task<void> Session::tell_gap() {
  const auto self = shared_from_this();
  v1::GapPush gap;
  if (missed_.too_many()) gap.set_all(true);
  auto heads = co_await ports_.sync.heads(user_, missed_.take(), async::deadline_in(kCallWithin));
  if (heads) {
    gap.set_user_version(heads->version.value);
    for (v1::GapConversation& head : heads->conversations) *gap.add_conversations() = std::move(head);
  } else {
    gap.set_all(true);
  }
  link_->push_always(wire::make_push("gap", std::move(gap)));
}

}  // namespace hongyan::simulation
