// People, their devices, their conversations and the server in one schedule.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulation/device.h"
#include "simulation/disk.h"
#include "simulation/ledger.h"
#include "simulation/loops.h"
#include "simulation/machine.h"
#include "simulation/server.h"
#include "simulation/truth.h"

namespace hongyan::simulation {

// A conversation and who may take part: of a group everybody who comes and goes.
struct Room {
  ConversationId id;
  std::vector<UserId> members;
  bool is_group = false;
};

// What only tests of the simulation change.
struct WorldOptions {
  // How many devices lose pushes, and whether they compare heads once they no longer do.
  int lossy_percent = 25;
  bool lossy_compare = true;
};

// Made new for each schedule, from its seed alone. Lives in a test.
class World {
 public:
  World(std::uint64_t seed, const EmptyDatabase& empty, WorldOptions options = {});
  ~World();

  Ledger& ledger() { return ledger_; }
  Random& random() { return machine_.random(); }
  Machine& machine() { return machine_; }
  Disk& disk() { return disk_; }
  const std::vector<UserId>& people() const { return people_; }
  const std::vector<Room>& rooms() const { return rooms_; }
  Device& any_device() { return *random().pick(devices_); }
  Device& device_of(UserId user);
  std::vector<Device*> devices_of(UserId user);
  void add_group(ConversationId group) { rooms_.push_back({group, people_, true}); }
  // A room of the person's.
  const Room& room_of(UserId user);
  const Room* any_group();

  // Ends the server and starts another on the same disk. `crash`: what is not written by then is lost.
  void restart(bool crash);
  // Runs everything for that long.
  void let_pass(std::chrono::milliseconds time);

  // Ends all faults, waits until every device is at rest, compares; complains to the ledger.
  void settle();

 private:
  // The connections of one device: the network moves the frames of the last of them.
  struct Seat {
    std::shared_ptr<Link> link;
    Machine::SourceId source;
    bool lossy = false;
    int pushes = 0;
  };

  void open_rooms();
  void add_device(UserId user);
  std::shared_ptr<Link> dial(Seat& seat, UserId user);
  Result<wire::MessagePtr> query(UserId user, const std::string& name, const google::protobuf::Message& request);
  template <class Response>
  Response require(UserId user, const std::string& name, const google::protobuf::Message& request);
  void calm_down();
  bool rest();
  void compare();
  std::map<ConversationId, std::vector<v1::Message>> histories();
  Ledger::Hidden hidden_of(UserId user, ConversationId conversation);

  const WorldOptions options_;
  Machine machine_;
  Ledger ledger_;
  Loops loops_{machine_};
  Disk disk_;
  std::vector<UserId> people_;
  std::vector<Room> rooms_;
  std::unique_ptr<Server> server_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::vector<std::unique_ptr<Device>> devices_;
};

}  // namespace hongyan::simulation
