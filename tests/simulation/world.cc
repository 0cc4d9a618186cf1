#include "simulation/world.h"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>

#include "domain/message/rules.h"
#include "hongyan/v1/group_service.pb.h"
#include "simulation/judge.h"

namespace hongyan::simulation {
namespace {

constexpr std::size_t kPeople = 4;
constexpr std::chrono::minutes kRunWithin{5};
constexpr std::chrono::milliseconds kFirstConnections{100};
// One push of so many is lost on the way to a device that loses pushes.
constexpr int kLost = 8;

async::Task<void> note(async::Task<Result<wire::MessagePtr>> request, std::optional<Result<wire::MessagePtr>>& answer) {
  answer = co_await std::move(request);
}

}  // namespace

World::World(std::uint64_t seed, const EmptyDatabase& empty, WorldOptions options)
    : options_(options), machine_(seed), disk_(empty.file()) {
  for (std::uint64_t i = 1; i <= kPeople; ++i) people_.emplace_back(i);
  server_ = std::make_unique<Server>(disk_, loops_, people_);
  open_rooms();
  for (const UserId user : people_) {
    add_device(user);
    add_device(user);
  }
  let_pass(kFirstConnections);
}

World::~World() {
  disk_.messages.plan({});
  disk_.messages.release();
  for (const auto& device : devices_) device->stop();
  machine_.run_until([this] { return std::ranges::all_of(devices_, [](const auto& one) { return one->ended(); }); });
  server_.reset();
  for (const auto& seat : seats_) machine_.remove(seat->source);
}

// Two 1:1s, a file helper, and a group of some.
void World::open_rooms() {
  const auto open = [this](UserId user, UserId peer) {
    v1::OpenConversationRequest request;
    request.set_user_id(peer.value);
    const auto opened = require<v1::OpenConversationResponse>(user, "conversation.open", request);
    rooms_.push_back({ConversationId(opened.conversation().conversation_id()), {user, peer}, false});
  };
  open(people_[0], people_[1]);
  open(people_[1], people_[2]);
  open(people_[0], people_[0]);
  v1::CreateGroupRequest request;
  request.add_member_ids(people_[1].value);
  const auto created = require<v1::CreateGroupResponse>(people_[0], "group.create", request);
  rooms_.push_back({ConversationId(created.group().group_id()), people_, true});
}

void World::add_device(UserId user) {
  Seat& seat = *seats_.emplace_back(std::make_unique<Seat>());
  seat.lossy = random().chance(options_.lossy_percent);
  seat.source = machine_.add([this, &seat] { return seat.link && seat.link->carry(random()); });
  DeviceOptions options{.number = static_cast<int>(devices_.size()),
                        .user = user,
                        .way = static_cast<Heads::Way>(random().below(Heads::kWays)),
                        .window = random().chance(50) ? 1U : 4U,
                        .again = std::chrono::milliseconds(random().between(5, 40)),
                        .dial = [this, &seat, user] { return dial(seat, user); },
                        .loses = [&seat] { return seat.lossy && ++seat.pushes % kLost == 0; }};
  devices_.push_back(std::make_unique<Device>(ledger_, loops_.clients.context.get_executor(), std::move(options)));
  devices_.back()->start();
}

std::shared_ptr<Link> World::dial(Seat& seat, UserId user) {
  if (!server_) return nullptr;
  seat.link = std::make_shared<Link>(loops_.clients.context.get_executor());
  server_->accept(seat.link, user, random().below(loops_.lanes.size()));
  return seat.link;
}

Device& World::device_of(UserId user) { return *random().pick(devices_of(user)); }

std::vector<Device*> World::devices_of(UserId user) {
  std::vector<Device*> devices;
  for (const auto& device : devices_) {
    if (device->user() == user) devices.push_back(device.get());
  }
  return devices;
}

const Room& World::room_of(UserId user) {
  std::vector<const Room*> mine;
  for (const Room& room : rooms_) {
    if (std::ranges::find(room.members, user) != room.members.end()) mine.push_back(&room);
  }
  return *random().pick(mine);
}

const Room* World::any_group() {
  std::vector<const Room*> groups;
  for (const Room& room : rooms_) {
    if (room.is_group) groups.push_back(&room);
  }
  return groups.empty() ? nullptr : random().pick(groups);
}

Result<wire::MessagePtr> World::query(UserId user, const std::string& name, const google::protobuf::Message& request) {
  wire::MessagePtr copy(request.New());
  copy->CopyFrom(request);
  wire::Caller caller;
  caller.user = user;
  caller.deadline = async::deadline_in(std::chrono::seconds(10));
  std::optional<Result<wire::MessagePtr>> answer;
  async::spawn(async::Loop::of(loops_.lanes[0].context.get_executor()),
               note(server_->dispatcher().find(name)->handler(std::move(caller), std::move(copy)), answer),
               [](const std::exception_ptr& thrown) {
                 if (thrown) std::rethrow_exception(thrown);
               });
  machine_.run_until([&answer] { return answer.has_value(); });
  return *std::move(answer);
}

template <class Response>
Response World::require(UserId user, const std::string& name, const google::protobuf::Message& request) {
  const auto answer = query(user, name, request);
  if (!answer) throw std::runtime_error(name + " was refused: " + answer.error().detail);
  return static_cast<const Response&>(**answer);
}

void World::restart(bool crash) {
  ledger_.note(crash ? "the server crashes" : "the server restarts");
  ledger_.count("restarts");
  if (crash) disk_.messages.plan(std::vector(100, message::testing::Fault::before_write));
  disk_.messages.release();
  for (const auto& seat : seats_) {
    if (seat->link) seat->link->cut();
  }
  server_.reset();
  disk_.messages.plan({});
  if (!disk_.messages.reopen()) throw std::runtime_error("the store cannot be opened");
  server_ = std::make_unique<Server>(disk_, loops_, people_);
}

void World::let_pass(std::chrono::milliseconds time) {
  const auto until = machine_.now() + time;
  machine_.run_until([&] { return machine_.now() >= until; });
}

void World::calm_down() {
  disk_.messages.plan({});
  disk_.messages.release();
  for (const auto& seat : seats_) {
    if (seat->link) seat->link->stall(false, false);
  }
  for (const auto& device : devices_) device->come_online();
}

// False when a device does not come to rest.
bool World::rest() {
  const auto until = machine_.now() + kRunWithin;
  const auto idle = [this] { return std::ranges::all_of(devices_, [](const auto& one) { return one->idle(); }); };
  machine_.run_until([&] { return idle() || machine_.now() >= until; });
  if (!idle()) return false;
  // Lines and marks that are still under way, and their pushes.
  let_pass(std::chrono::seconds(3));
  machine_.run_until([&] { return idle() || machine_.now() >= until; });
  return idle();
}

void World::settle() {
  ledger_.note("calm");
  calm_down();
  bool resting = rest();
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    // Who loses pushes has to compare heads once it no longer does.
    if (std::exchange(seats_[i]->lossy, false) && options_.lossy_compare) devices_[i]->drop();
  }
  resting = rest() && resting;
  for (const auto& device : devices_) {
    if (!resting && !device->idle()) {
      ledger_.complain(fmt::format("device {} does not come to rest: {}", device->number(), device->doing()));
    }
  }
  compare();
}

void World::compare() {
  const auto whole = histories();
  std::vector<ConversationId> all;
  for (const auto& [conversation, history] : whole) all.push_back(conversation);
  const Query ask = [this](UserId user, const std::string& name, const google::protobuf::Message& request) {
    return query(user, name, request);
  };
  std::vector<Truth> truths;
  for (const UserId user : people_) truths.push_back(read_truth(ask, ledger_, user, all));
  for (Truth& truth : truths) {
    for (auto& [conversation, story] : truth.stories) story.hidden = hidden_of(truth.user, conversation);
  }
  judge_server(ledger_, truths, whole);
  for (const auto& device : devices_) {
    judge_device(ledger_, *device, *std::ranges::find(truths, device->user(), &Truth::user));
  }
}

Ledger::Hidden World::hidden_of(UserId user, ConversationId conversation) {
  const message::UserPlace place{user, conversation};
  const auto cleared = disk_.messages.cleared(std::span(&place, 1));
  const auto all = disk_.messages.hidden("");
  if (!cleared || !all) throw std::runtime_error("what is hidden cannot be read");
  Ledger::Hidden hidden{cleared->front().value, {}};
  for (const message::UserSeq& one : all->items) {
    if (one.place == place) hidden.deleted.insert(one.seq.value);
  }
  return hidden;
}

// Each conversation as the disk has it, whoever may see what.
std::map<ConversationId, std::vector<v1::Message>> World::histories() {
  std::map<ConversationId, std::vector<v1::Message>> histories;
  for (const Room& room : rooms_) histories[room.id];
  const auto conversations = disk_.messages.conversations(ConversationId(), 1000);
  if (!conversations) throw std::runtime_error("the store cannot be listed");
  for (const ConversationId id : *conversations) {
    const auto page = disk_.messages.read({.conversation = id,
                                           .seqs = {Seq(1), Seq(std::numeric_limits<std::int64_t>::max())},
                                           .max_bytes = std::numeric_limits<std::size_t>::max()});
    if (!page) throw std::runtime_error("the store cannot be read");
    for (const auto& message : page->messages) histories[id].push_back(message::to_proto(message));
  }
  return histories;
}

}  // namespace hongyan::simulation
