#include "simulation/device.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace hongyan::simulation {

Device::Device(Ledger& ledger, boost::asio::any_io_executor executor, DeviceOptions options)
    : ledger_(ledger),
      executor_(std::move(executor)),
      options_(std::move(options)),
      heads_(options_.way, replicas_, [this](ConversationId id) -> Replica& { return open(id); }),
      outbox_(ledger, scope_, executor_, options_.window, options_.again) {}

const Replica* Device::find(ConversationId conversation) const {
  const auto found = replicas_.find(conversation);
  return found == replicas_.end() ? nullptr : found->second.get();
}

void Device::start() { (void)scope_.spawn(executor_, live()); }

void Device::stop() {
  stopped_ = true;
  drop();
}

bool Device::idle() const {
  return current_ && outbox_.idle() && deeds_.empty() && pulling_.empty() && holes_.empty() && pinging_ == 0;
}

std::string Device::doing() const {
  std::string text = fmt::format("{} {} {}, {} deeds, {} sends, {} pulls, {} holes", link_ ? "connected" : "away",
                                 current_ ? "current" : "behind", sync_again_ ? "to sync again" : "", deeds_.size(),
                                 outbox_.idle() ? "no" : "some", pulling_.size(), holes_.size());
  for (const auto& [conversation, replica] : replicas_) {
    text += fmt::format("; {}: seq {} change {} lacks {} {}", conversation.value, replica->seq(), replica->change(),
                        replica->lacks_messages(), replica->lacks_changes());
  }
  return text;
}

void Device::go_offline() {
  offline_ = true;
  drop();
}

void Device::come_online() { offline_ = false; }

void Device::drop() {
  const auto link = link_;
  disconnected();
  if (link) link->cut();
}

void Device::forget() {
  drop();
  replicas_.clear();
  heads_.forget();
}

void Device::ask(std::string name, std::shared_ptr<const google::protobuf::Message> request, Told told) {
  Deed& deed = deeds_.emplace_back(Deed{std::move(name), std::move(request), std::move(told)});
  launch(deed);
}

void Device::launch(Deed& deed) {
  if (!current_ || !link_ || !link_->open() || deed.flying) return;
  deed.flying = true;
  (void)scope_.spawn(executor_, perform(deed, link_));
}

void Device::ping() {
  if (current_ && link_) (void)scope_.spawn(executor_, heartbeat(link_));
}

async::Task<void> Device::live() {
  while (!stopped_) {
    if (!offline_) co_await connect();
    disconnected();
    if (!stopped_) co_await pause(options_.again);
  }
}

async::Task<void> Device::connect() {
  const auto link = options_.dial();
  if (!link) co_return;
  link_ = link;
  link->on_push = [this](const std::string& type, const std::string& data) { take(type, data); };
  ledger_.count("connections");
  const auto ready = co_await link->call("auth", std::make_unique<v1::AuthFrame>());
  const bool synced = ready && *ready && co_await sync(link);
  if (link_ != link) co_return;
  if (synced) {
    outbox_.resume(link);
    proceed();
    co_await link->closed();
  }
  link->cut();
}

// Synced: what was asked for meanwhile may go on.
void Device::proceed() {
  current_ = true;
  for (Deed& deed : deeds_) launch(deed);
}

void Device::disconnected() {
  link_ = nullptr;
  current_ = false;
  outbox_.suspend();
}

// Compares all heads with what is held, and pulls what lacks.
async::Task<bool> Device::sync(std::shared_ptr<Link> link) {
  const Ask ask = [this, link](std::string name, wire::MessagePtr request) {
    return call(link, std::move(name), std::move(request));
  };
  do {
    sync_again_ = false;
    if (!co_await heads_.compare(ask) || link_ != link) co_return false;
    std::vector<ConversationId> conversations;
    for (const auto& [conversation, replica] : replicas_) conversations.push_back(conversation);
    for (const ConversationId conversation : conversations) {
      if (!co_await pull(link, conversation)) co_return false;
    }
  } while (sync_again_);
  co_return true;
}

// While it is not current a sync is under way, which looks again.
void Device::resync() {
  sync_again_ = true;
  if (!current_ || !link_) return;
  current_ = false;
  (void)scope_.spawn(executor_, sync_again(link_));
}

async::Task<void> Device::sync_again(std::shared_ptr<Link> link) {
  const bool synced = co_await sync(link);
  // A newer connection has a comparison of its own.
  if (link_ != link) co_return;
  if (synced) {
    proceed();
  } else {
    link->cut();
  }
}

async::Task<void> Device::perform(Deed& deed, std::shared_ptr<Link> link) {
  wire::MessagePtr request(deed.request->New());
  request->CopyFrom(*deed.request);
  const auto answer = co_await link->call(deed.name, std::move(request));
  if (answer && (*answer || !passes(answer->error().code))) {
    deed.told(*answer);
    std::erase_if(deeds_, [&deed](const Deed& one) { return &one == &deed; });
    co_return;
  }
  if (answer) co_await pause(options_.again);
  deed.flying = false;
  launch(deed);
}

async::Task<void> Device::heartbeat(std::shared_ptr<Link> link) {
  ++pinging_;
  auto ping = std::make_unique<v1::PingFrame>();
  ping->set_user_version(heads_.user_version());
  for (const auto& [conversation, replica] : replicas_) {
    v1::HeadTriple& head = (*ping->mutable_heads())[std::to_string(conversation.value)];
    head.set_seq(replica->seq());
    head.set_change(replica->change());
    head.set_read_seq(replica->read_seq());
  }
  const auto answer = co_await call(link, "ping", std::move(ping));
  --pinging_;
  if (!answer || link_ != link) co_return;
  const auto& pong = static_cast<const v1::PongFrame&>(*answer);
  if (pong.behind_size() > 0 || pong.user_version() > heads_.user_version()) {
    ledger_.count("heartbeats that found something");
    resync();
  }
}

// An answer, asked for again while it is refused for a while. Nothing once the connection has ended.
async::Task<wire::MessagePtr> Device::call(std::shared_ptr<Link> link, std::string name, wire::MessagePtr request) {
  while (true) {
    wire::MessagePtr copy(request->New());
    copy->CopyFrom(*request);
    auto answer = co_await link->call(name, std::move(copy));
    // What comes from an earlier connection is not taken: it may have been forgotten what was asked for.
    if (!answer || link_ != link) co_return nullptr;
    if (*answer) co_return std::move(**answer);
    if (!passes(answer->error().code)) {
      ledger_.complain(fmt::format("device {}: {} {{{}}} was refused: {}", number(), name, request->ShortDebugString(),
                                   error_name(answer->error().code)));
      link->cut();
      co_return nullptr;
    }
    co_await pause(options_.again);
  }
}

}  // namespace hongyan::simulation
