// One device that follows the rule for clients of docs/protocol.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "infra/async/scope.h"
#include "simulation/heads.h"
#include "simulation/ledger.h"
#include "simulation/link.h"
#include "simulation/outbox.h"
#include "simulation/replica.h"

namespace hongyan::simulation {

struct DeviceOptions {
  int number = 0;
  UserId user;
  Heads::Way way = Heads::Way::list;
  // Sends of a conversation that may be without an answer at once.
  std::size_t window = 1;
  // Wait before connecting or asking again.
  std::chrono::milliseconds again{30};
  // Where it connects; null when nobody listens.
  std::function<std::shared_ptr<Link>()> dial;
  // Whether a push is lost on the way: a stand-in for servers that leave out pushes.
  std::function<bool()> loses;
};

// Connects again whenever its connection ends, compares heads, takes pushes, pulls holes, repeats what has no answer. Runs on
// the loop of the clients. Owned by the world, which ends it with stop().
class Device {
 public:
  // Told of an answer to a request that was asked for; nothing else of it is kept.
  using Told = std::function<void(const Result<wire::MessagePtr>&)>;

  Device(Ledger& ledger, boost::asio::any_io_executor executor, DeviceOptions options);

  int number() const { return options_.number; }
  UserId user() const { return options_.user; }
  const Replicas& replicas() const { return replicas_; }
  // Null when it is unknown.
  const Replica* find(ConversationId conversation) const;
  Outbox& outbox() { return outbox_; }
  Link* link() { return link_.get(); }

  void start();
  // Begins to end; idle() is true once it has.
  void stop();
  // Connected, synced, and nothing asked for or still to be asked.
  bool idle() const;
  bool ended() const { return scope_.running() == 0; }
  // What it is at, for complaints.
  std::string doing() const;

  // Does not connect until it comes back.
  void go_offline();
  void come_online();
  // Ends the connection; a new one follows, with a comparison of all heads.
  void drop();
  // Loses what it holds, not what it has to send, as a reloaded page does.
  void forget();
  // Asks until there is an answer, which `told` is told.
  void ask(std::string name, std::shared_ptr<const google::protobuf::Message> request, Told told);
  // A heartbeat that compares what is held.
  void ping();

 private:
  struct Deed {
    std::string name;
    std::shared_ptr<const google::protobuf::Message> request;
    Told told;
    bool flying = false;
  };

  async::Task<void> live();
  async::Task<void> connect();
  void disconnected();
  async::Task<bool> sync(std::shared_ptr<Link> link);
  void resync();
  async::Task<void> sync_again(std::shared_ptr<Link> link);
  void proceed();
  void launch(Deed& deed);
  async::Task<void> perform(Deed& deed, std::shared_ptr<Link> link);
  async::Task<void> heartbeat(std::shared_ptr<Link> link);
  async::Task<wire::MessagePtr> call(std::shared_ptr<Link> link, std::string name, wire::MessagePtr request);

  Replica& open(ConversationId conversation);
  Replica* known(ConversationId conversation);
  void take(const std::string& type, const std::string& data);
  void take(const v1::MessagePush& push);
  void take(const v1::ChangePush& push);
  void take(const v1::GapPush& push);
  void mind(const Replica& replica);
  async::Task<void> close_hole(std::shared_ptr<Link> link, ConversationId conversation);
  async::Task<bool> pull(std::shared_ptr<Link> link, ConversationId conversation);
  // What came of one page: go on, leave it at that, or end the connection.
  enum class Pulled : std::uint8_t { more, enough, broken };
  async::Task<Pulled> pull_messages(std::shared_ptr<Link> link, Replica& replica);
  async::Task<Pulled> pull_changes(std::shared_ptr<Link> link, Replica& replica);
  Pulled broken(std::string what);
  int page_size();

  Ledger& ledger_;
  const boost::asio::any_io_executor executor_;
  const DeviceOptions options_;
  async::Scope scope_;
  Replicas replicas_;
  Heads heads_;
  Outbox outbox_;
  std::list<Deed> deeds_;
  std::shared_ptr<Link> link_;
  // All that is known of the server is in the replicas.
  bool current_ = false;
  bool sync_again_ = false;
  bool offline_ = false;
  bool stopped_ = false;
  // Conversations that are being pulled, and those of which a hole may close by itself.
  std::set<ConversationId> pulling_;
  std::set<ConversationId> holes_;
  int pinging_ = 0;
  int pages_ = 0;
};

}  // namespace hongyan::simulation
