// How one device finds out which conversations it is behind in.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/sync.pb.h"
#include "infra/async/task.h"
#include "simulation/link.h"
#include "simulation/replica.h"

namespace hongyan::simulation {

using Replicas = std::map<ConversationId, std::unique_ptr<Replica>>;

// A request that is repeated while it is refused for a while; nothing once the connection has ended or the answer cannot be.
using Ask = std::function<async::Task<wire::MessagePtr>(std::string name, wire::MessagePtr request)>;

// Owned by its device, over all connections.
class Heads {
 public:
  // The list of conversations; what has moved since the last answer; what differs from what is held.
  enum class Way : std::uint8_t { list, since, held };
  static constexpr std::size_t kWays = 3;

  // `open` finds a replica, or makes one.
  Heads(Way way, Replicas& replicas, std::function<Replica&(ConversationId)> open)
      : way_(way), replicas_(replicas), open_(std::move(open)) {}

  // Everything is new again.
  void forget();

  // Tells the replicas of all heads and marks that have moved; false when the connection has ended. What comes by pushes
  // meanwhile is newer.
  async::Task<bool> compare(Ask ask);

  std::int64_t user_version() const { return user_version_; }
  // A user event came by push. False when everything has to be compared: one before it is missing, or it tells of a group, which
  // is only known once it is listed.
  bool user_event(const v1::UserEventPush& push);

 private:
  using Before = std::map<ConversationId, Replica::Number>;

  async::Task<bool> list(Ask ask, Before before);
  async::Task<bool> list_events(Ask ask);
  async::Task<bool> end_of(Ask ask, ConversationId conversation, Replica::Number joined_seq);
  async::Task<bool> pull(Ask ask, Before before);
  v1::PullRequest known() const;
  void take(const v1::PullResponse& answer, const Before& before);
  void apply(const v1::UserEventState& state);

  const Way way_;
  Replicas& replicas_;
  const std::function<Replica&(ConversationId)> open_;
  std::string since_;
  std::int64_t user_version_ = 0;
  int rounds_ = 0;
};

}  // namespace hongyan::simulation
