// Brings a plan into a data folder, through the services and the sequencer that a server uses.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/seed/activity.h"
#include "app/seed/plan.h"
#include "domain/account/access/session_opener.h"
#include "domain/account/admin/bulk_accounts.h"
#include "domain/contact/api.h"
#include "domain/conversation/api.h"
#include "domain/conversation/events.h"
#include "domain/message/module.h"

namespace hongyan::app {

// What the seeder works with; all must outlive it.
struct SeederPorts {
  const account::BulkAccounts& accounts;
  contact::Api& contacts;
  conversation::Api& conversations;
  conversation::Groups& groups;
  conversation::Outbox& outbox;
  message::Api& messages;
  message::Intake intake;
  // One thread, which turns while the seeder waits for it.
  boost::asio::any_io_executor executor;
};

// A room as it stands in the data folder.
struct SeededRoom {
  ConversationId id;
  // The last message before those of the plan.
  Seq before;
};

struct SeedCounts {
  std::int64_t messages = 0;
  // Changes that were asked for; a reaction that was there already changes nothing.
  std::int64_t changes = 0;
  // Changes that came too late, on a machine that was too slow for their window.
  std::int64_t late = 0;
  std::int64_t marks = 0;
};

// Each step blocks until all of it is durable, and builds on those before it. The first error ends it: what was made until
// then stays. Used once, on the main thread.
class Seeder {
 public:
  Seeder(const SeederPorts& ports, const SeedShape& shape, const SeedPlan& plan)
      : ports_(ports), shape_(shape), plan_(plan) {}

  // Errors: weak_password, already_exists when the folder was seeded with this seed before, and those of the stores.
  Result<void> make_people(const std::string& password);
  Result<void> make_rooms();
  Result<void> make_messages();
  Result<void> make_marks();

  // By the plan's people and rooms.
  const std::vector<account::Session>& people() const { return people_; }
  const std::vector<SeededRoom>& rooms() const { return rooms_; }
  const SeedCounts& counts() const { return counts_; }

 private:
  async::Task<Result<void>> make_person(std::size_t index, std::string hash);
  async::Task<Result<void>> make_room(std::size_t index);
  async::Task<Result<ConversationId>> make_group(const PlannedRoom& room);
  message::sequencing::Command command_of(const Step& step) const;
  UserId id_of(std::size_t person) const { return people_[person].user.card.user_id; }
  Seq seq_of(std::size_t room, std::int64_t number) const { return Seq(rooms_[room].before.value + number); }

  const SeederPorts ports_;
  const SeedShape shape_;
  const SeedPlan& plan_;
  std::vector<account::Session> people_;
  std::vector<SeededRoom> rooms_;
  // Messages said in each room.
  std::vector<std::int64_t> said_;
  SeedCounts counts_;
};

}  // namespace hongyan::app
