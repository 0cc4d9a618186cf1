// The server: the real slices below the edges, wired as the modules wire them.
#pragma once

#include <array>
#include <memory>

#include "domain/account/event_log/sql_store.h"
#include "domain/account/testing/fakes.h"
#include "domain/conversation/directs/sql_store.h"
#include "domain/conversation/groups/service.h"
#include "domain/conversation/groups/sql_store.h"
#include "domain/conversation/outbox/sql_store.h"
#include "domain/conversation/service.h"
#include "domain/conversation/settings/sql_store.h"
#include "domain/conversation/sql_store.h"
#include "domain/group/door_service.h"
#include "domain/group/service.h"
#include "domain/group/sql_store.h"
#include "domain/message/commands/change_service.h"
#include "domain/message/commands/forward_service.h"
#include "domain/message/commands/hide_service.h"
#include "domain/message/outbox/worker.h"
#include "domain/message/reading/read_service.h"
#include "domain/message/sequencing/guard_loader.h"
#include "domain/message/sequencing/sequencer.h"
#include "domain/message/service.h"
#include "domain/sync/digest_service.h"
#include "domain/sync/pull_service.h"
#include "domain/sync/service.h"
#include "domain/sync/user_events.h"
#include "infra/crypto/testing/counting_random.h"
#include "infra/sql/database.h"
#include "simulation/disk.h"
#include "simulation/loops.h"
#include "simulation/session.h"
#include "wire/permission_hub.h"

namespace hongyan::simulation {

// The machine's clock, as the time of day.
class WallClock final : public Clock {
 public:
  TimeMs now() const override;
};

// Accounts are made up, everything behind them is what the program runs. Small queues and caches, so that their ends are met.
// Owned by the world, on its disk and loops; ended and made again on the same disk it is a restart.
class Server final : private wire::Topics {
 public:
  Server(Disk& disk, Loops& loops, const std::vector<UserId>& people);
  // Ends every session first. What is under way ends by itself.
  ~Server() override;

  // The link's other end, before `auth`.
  void accept(const std::shared_ptr<Link>& link, UserId user, std::size_t lane);
  const wire::Dispatcher& dispatcher() const { return dispatcher_; }

 private:
  void publish(std::vector<wire::Publication> batch) override;
  message::ServicePorts ports();
  void register_rpcs();

  Disk& disk_;
  Loops& loops_;
  const WallClock clock_;
  metrics::Metrics metrics_;
  IdGenerator ids_{0, clock_, disk_.ids};
  async::BlockingPool read_pool_{"db", 2, 1000};
  async::BlockingPool write_pool_{"db-writer", 1, 1000};
  async::BlockingPool store_pool_{"store", 2, 1000};
  sql::Database database_;
  wire::PermissionHub permissions_;
  wire::CursorSigner cursors_{"secret", clock_};
  wire::Dispatcher dispatcher_;
  text::Words words_;

  account::testing::FakeAccounts accounts_;
  account::testing::FakePrivacy privacy_;
  account::SqlUserEvents events_{database_};
  sync::UserEventPusher event_pusher_{*this};

  conversation::SqlStore conversation_store_{database_, events_};
  conversation::SqlGroupStore group_store_{database_, events_};
  conversation::SqlOutbox outbox_{database_};
  conversation::Service conversations_{conversation_store_, accounts_, ids_, clock_};
  conversation::GroupService groups_{{.store = group_store_,
                                      .accounts = accounts_,
                                      .ids = ids_,
                                      .clock = clock_,
                                      .permissions = permissions_,
                                      .committed = [this](ConversationId group) { outbox_.announce(group); }}};
  group::Service group_service_{{groups_, group_store_, outbox_, accounts_, cursors_, words_}, {}};
  conversation::SqlDirects directs_{conversation_store_, outbox_, permissions_};
  group::SqlStore door_store_{database_, events_, group_store_};
  crypto::testing::CountingRandom random_;
  group::DoorService door_{{door_store_, directs_, outbox_, accounts_, ids_, random_, clock_, cursors_, words_}, {}};

  message::MessageMetrics message_metrics_{metrics_};
  message::sequencing::GuardLoader guards_;
  message::sequencing::Sequencer sequencer_;
  message::CursorMerger merger_;
  message::commands::ArrivalOrder order_;
  message::Service messages_{ports(), {}};
  message::reading::ReadService reading_{ports(), {}, cursors_};
  message::commands::ChangeService changing_{ports(), {}};
  message::commands::ForwardService forwarding_{ports(), {}};
  message::commands::HideService hiding_{ports(), events_};
  message::OutboxWorker worker_;

  conversation::SqlSettingsStore settings_{database_, events_};
  sync::Service sync_{{conversations_, settings_, messages_, accounts_, cursors_}};
  sync::PullService pulls_{{accounts_, events_, conversations_, settings_, messages_, cursors_}};
  sync::DigestService digests_{conversations_, messages_};

  async::Scope scope_;
  const SessionPorts session_ports_{dispatcher_, conversations_, messages_, digests_, scope_};
  gateway::Interests interests_;
  std::array<Lane, 2> lanes_;
};

}  // namespace hongyan::simulation
