#include "simulation/server.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>

#include "domain/group/rpc.h"
#include "domain/message/rpc.h"
#include "domain/sync/rpc.h"

namespace hongyan::simulation {
namespace {

// 2025-06-15.
constexpr std::int64_t kFirstDayMs = 1'750'000'000'000;

message::sequencing::SequencerOptions sequencer_options() {
  message::sequencing::SequencerOptions options;
  options.queue = 40;
  options.batch_commands = 7;
  options.parked = 10;
  options.guards = 3;
  options.heads = 2;
  options.windows = {.recall = std::chrono::seconds(20), .edit = std::chrono::seconds(60)};
  options.recovery.max_failures = 1'000'000;
  return options;
}

async::Task<Result<void>> nobody_reviews() { co_return Result<void>(); }

}  // namespace

TimeMs WallClock::now() const {
  const auto passed = Machine::current()->now().time_since_epoch();
  return TimeMs(kFirstDayMs + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
}

Server::Server(Disk& disk, Loops& loops, const std::vector<UserId>& people)
    : disk_(disk),
      loops_(loops),
      database_({disk.file()}, 2, read_pool_, write_pool_),
      guards_(
          conversations_,
          [this](ConversationId conversation, message::OutboxWorker::Drained done) {
            worker_.drain(conversation, std::move(done));
          },
          loops.work.context.get_executor(), std::chrono::seconds(5)),
      sequencer_({disk.messages, guards_, ids_, clock_, *this}, sequencer_options(), message_metrics_,
                 [](const std::string& reason) { ADD_FAILURE() << "the store was given up: " << reason; }),
      merger_({disk.messages, disk.messages, privacy_, *this}, message_metrics_, {},
              [this](Error seen) { sequencer_.recover(std::move(seen)); }),
      worker_(outbox_, messages_, loops.work.context.get_executor(), message_metrics_),
      lanes_{Lane{loops.lanes[0].context.get_executor(), {interests_, 0}},
             Lane{loops.lanes[1].context.get_executor(), {interests_, 1}}} {
  EXPECT_TRUE(ids_.start());
  for (const UserId user : people) accounts_.add(user);
  permissions_.add(sequencer_);
  events_.set_listener(event_pusher_);
  register_rpcs();
  worker_.start();
}

Server::~Server() {
  // Sessions are closed by now; their requests end within their deadlines.
  EXPECT_TRUE(scope_.close(std::chrono::minutes(1))) << "a request never ends";
  worker_.stop();
  sequencer_.stop();
  guards_.close();
  merger_.stop();
  store_pool_.stop();
  read_pool_.stop();
  write_pool_.stop();
  // What was posted to the loops still names us.
  bool passed = false;
  boost::asio::post(loops_.lanes[0].context, [this, &passed] {
    boost::asio::post(loops_.lanes[1].context,
                      [this, &passed] { boost::asio::post(loops_.work.context, [&passed] { passed = true; }); });
  });
  Machine::current()->run_until([&passed] { return passed; });
}

message::ServicePorts Server::ports() {
  return {.conversations = conversations_,
          .accounts = accounts_,
          .privacy = privacy_,
          .stores = {disk_.messages, disk_.messages, disk_.messages, disk_.messages},
          .merger = merger_,
          .sink = sequencer_,
          .order = order_,
          .store_pool = store_pool_,
          .words = words_,
          .review = [](v1::Message, async::Deadline) { return nobody_reviews(); },
          .on_store_failure = [this](Error seen) { sequencer_.recover(std::move(seen)); }};
}

void Server::register_rpcs() {
  group::register_rpcs(dispatcher_, {group_service_, door_});
  message::register_rpcs(dispatcher_, {messages_, reading_, changing_, forwarding_, hiding_});
  sync::register_rpcs(dispatcher_, sync_, pulls_);
}

void Server::accept(const std::shared_ptr<Link>& link, UserId user, std::size_t lane) {
  link->bind(std::make_shared<Session>(lanes_[lane], session_ports_, link, user));
}

void Server::publish(std::vector<wire::Publication> batch) {
  auto parts = interests_.spread(batch, lanes_.size());
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (parts[i].empty()) continue;
    boost::asio::post(lanes_[i].executor, [&lane = lanes_[i], part = std::move(parts[i])] {
      for (const wire::Publication& publication : part) lane.topics.deliver(publication);
    });
  }
}

}  // namespace hongyan::simulation
