#include "simulation/steps.h"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "hongyan/v1/group_service.pb.h"
#include "simulation/world.h"

namespace hongyan::simulation {
namespace {

using message::testing::Fault;

// Refusals that the rules allow; everything else is a fault.
bool may_refuse(ErrorCode code) {
  switch (code) {
    case ErrorCode::permission_denied:
    case ErrorCode::not_found:
    case ErrorCode::not_member:
    case ErrorCode::invalid_argument:
    case ErrorCode::message_recalled:
    case ErrorCode::recall_window_passed:
    case ErrorCode::edit_window_passed:
    case ErrorCode::group_dissolved: return true;
    default: return false;
  }
}

// Asks, notes what came of it, and hands a good answer to `told`.
template <class Response>
void ask(World& world, Device& device, const std::string& name, const google::protobuf::Message& request,
         std::function<void(const Response&)> told = {}) {
  std::shared_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  const std::string what = fmt::format("device {} {} {{{}}}", device.number(), name, request.ShortDebugString());
  world.ledger().note(what);
  device.ask(name, copy, [&ledger = world.ledger(), name, what, told](const Result<wire::MessagePtr>& answer) {
    ledger.note(fmt::format("{}: {}", what, answer ? "ok" : error_name(answer.error().code)));
    ledger.count(answer ? name : name + " refused");
    if (answer && told) told(static_cast<const Response&>(**answer));
    if (!answer && !may_refuse(answer.error().code)) {
      ledger.complain(fmt::format("{} was refused: {}", what, answer.error().detail));
    }
  });
}

// A seq the device holds, or one near; nothing of what it does not know.
std::optional<std::int64_t> some_seq(World& world, const Device& device, ConversationId conversation) {
  const Replica* replica = device.find(conversation);
  if (replica == nullptr || replica->messages().empty()) return std::nullopt;
  return world.random().between(replica->lowest(), replica->messages().rbegin()->first);
}

v1::SendRequest compose(World& world, const Room& room) {
  v1::SendRequest request;
  request.set_conversation_id(room.id.value);
  request.mutable_content()->mutable_text()->set_text(fmt::format("雁 {}", world.random().below(1'000'000)));
  return request;
}

void tried(World& world, UserId user, ConversationId conversation, std::int64_t seq) {
  std::int64_t& most = world.ledger().mark(user, conversation).tried;
  most = std::max(most, seq);
}

void send(World& world) {
  Device& device = world.any_device();
  const Room& room = world.room_of(device.user());
  const std::size_t burst = world.random().chance(10) ? 6 : 1;
  for (std::size_t i = 0; i < burst; ++i) {
    v1::SendRequest request = compose(world, room);
    const auto seq = some_seq(world, device, room.id);
    if (seq && world.random().chance(20)) request.set_quote_seq(*seq);
    if (seq && world.random().chance(20)) {
      request.set_read_seq(*seq);
      tried(world, device.user(), room.id, *seq);
    }
    if (room.is_group && world.random().chance(15)) {
      request.mutable_mentions()->add_user_ids(world.random().pick(room.members).value);
      request.mutable_mentions()->set_all(world.random().chance(20));
    }
    Sent& sent = world.ledger().compose(device.user(), std::move(request), device.number());
    world.ledger().note(fmt::format("device {} sends {{{}}}", device.number(), sent.request.ShortDebugString()));
    device.outbox().add(sent);
  }
}

// The same message from all devices of one person at once.
void send_twice(World& world) {
  Device& device = world.any_device();
  const Room& room = world.room_of(device.user());
  Sent& sent = world.ledger().compose(device.user(), compose(world, room), device.number());
  sent.overtaken = true;
  world.ledger().note(fmt::format("user {} sends {{{}}} twice", device.user().value, sent.request.ShortDebugString()));
  for (Device* one : world.devices_of(device.user())) one->outbox().add(sent);
}

// One or two messages that the device holds, to one or two rooms of the person's.
void forward(World& world) {
  Device& device = world.any_device();
  v1::ForwardRequest request;
  request.set_client_msg_id(fmt::format("f{}", world.ledger().log().size()));
  for (std::int64_t count = world.random().between(1, 2); count > 0; --count) {
    const Room& room = world.room_of(device.user());
    request.add_targets(world.room_of(device.user()).id.value);
    const auto seq = some_seq(world, device, room.id);
    if (!seq) continue;
    v1::ForwardItem& item = *request.add_items();
    item.set_conversation_id(room.id.value);
    item.set_seq(*seq);
  }
  if (request.items().empty()) return;
  if (world.random().chance(50)) {
    request.set_merged(true);
    request.set_title("what was said");
  }
  world.ledger().forward_asked(device.user());
  ask<v1::ForwardResponse>(world, device, "message.forward", request, [&world](const v1::ForwardResponse& answer) {
    for (const v1::ForwardResult& result : answer.results()) {
      if (result.has_sent()) world.ledger().forward_acked(ConversationId(result.conversation_id()), result.sent());
    }
  });
}

void mark_read(World& world) {
  Device& device = world.any_device();
  const Room& room = world.room_of(device.user());
  const Replica* replica = device.find(room.id);
  v1::MarkReadRequest request;
  request.set_conversation_id(room.id.value);
  request.set_seq(replica == nullptr ? 0 : world.random().between(0, replica->seq()));
  tried(world, device.user(), room.id, request.seq());
  const auto told = [&world, user = device.user(), room = room.id, asked = request.seq()](const auto& answer) {
    MarkPromise& mark = world.ledger().mark(user, room);
    mark.acked = std::max(mark.acked, answer.read_seq());
    if (answer.read_seq() < asked) world.ledger().complain(fmt::format("mark_read {} fell short", asked));
  };
  ask<v1::MarkReadResponse>(world, device, "conversation.mark_read", request, told);
}

template <class Request>
std::optional<Request> at_some_seq(World& world, const Device& device, const Room& room) {
  const auto seq = some_seq(world, device, room.id);
  if (!seq) return std::nullopt;
  Request request;
  request.set_conversation_id(room.id.value);
  request.set_seq(*seq);
  return request;
}

// Asks for a change of some message that the device knows.
template <class Request>
void change(World& world, const std::string& name, std::function<void(Request&)> fill = {}) {
  Device& device = world.any_device();
  const Room& room = world.room_of(device.user());
  auto request = at_some_seq<Request>(world, device, room);
  if (!request) return;
  if (fill) fill(*request);
  const auto told = [&world, name, room = room.id, seq = request->seq()](const v1::ChangeResponse& answer) {
    world.ledger().change_acked(room, seq, answer.change());
    if (name == "message.recall") world.ledger().recall_acked(room, seq);
  };
  ask<v1::ChangeResponse>(world, device, name, *request, told);
}

void react(World& world) {
  const std::string emoji = fmt::format("e{}", world.random().below(3));
  if (world.random().chance(60)) {
    change<v1::ReactRequest>(world, "message.react", [&](auto& request) { request.set_emoji(emoji); });
  } else {
    change<v1::UnreactRequest>(world, "message.unreact", [&](auto& request) { request.set_emoji(emoji); });
  }
}

void edit(World& world) {
  const std::string words = fmt::format("edited {}", world.random().below(1000));
  change<v1::EditRequest>(world, "message.edit",
                          [&](auto& request) { request.mutable_content()->mutable_text()->set_text(words); });
}

void pin(World& world) {
  if (world.random().chance(60)) {
    change<v1::PinRequest>(world, "message.pin");
  } else {
    change<v1::UnpinRequest>(world, "message.unpin");
  }
}

void recall(World& world) { change<v1::RecallRequest>(world, "message.recall"); }

void delete_for_me(World& world) {
  Device& device = world.any_device();
  const Room& room = world.room_of(device.user());
  const auto request = at_some_seq<v1::DeleteForMeRequest>(world, device, room);
  if (!request) return;
  const auto told = [&world, user = device.user(), room = room.id, seq = request->seq()](const auto&) {
    world.ledger().hidden(user, room).deleted.insert(seq);
  };
  ask<v1::DeleteForMeResponse>(world, device, "message.delete_for_me", *request, told);
}

void clear(World& world) {
  Device& device = world.any_device();
  const Room& room = world.room_of(device.user());
  const auto seq = some_seq(world, device, room.id);
  if (!seq) return;
  v1::ClearRequest request;
  request.set_conversation_id(room.id.value);
  request.set_up_to_seq(*seq);
  const auto told = [&world, user = device.user(), room = room.id](const v1::ClearResponse& answer) {
    std::int64_t& cleared = world.ledger().hidden(user, room).cleared;
    cleared = std::max(cleared, answer.up_to_seq());
  };
  ask<v1::ClearResponse>(world, device, "conversation.clear", request, told);
}

// Somebody of a group: mostly one of those who founded it, so that most of what is asked for is allowed.
Device& somebody_of(World& world, const Room& group) {
  const std::size_t first = world.random().chance(70) ? 2 : group.members.size();
  return world.device_of(group.members[world.random().below(first)]);
}

// A repeat after an unknown outcome makes another one, which nobody uses.
void create_group(World& world) {
  constexpr std::size_t kMaxRooms = 6;
  if (world.rooms().size() >= kMaxRooms) return;
  v1::CreateGroupRequest request;
  request.add_member_ids(world.random().pick(world.people()).value);
  const auto told = [&world](const auto& answer) { world.add_group(ConversationId(answer.group().group_id())); };
  ask<v1::CreateGroupResponse>(world, world.any_device(), "group.create", request, told);
}

void add_member(World& world) {
  const Room& group = *world.any_group();
  v1::AddMembersRequest request;
  request.set_group_id(group.id.value);
  for (std::int64_t count = world.random().between(1, 2); count > 0; --count) {
    request.add_user_ids(world.random().pick(group.members).value);
  }
  ask<v1::AddMembersResponse>(world, somebody_of(world, group), "group.add_members", request);
}

void remove_member(World& world) {
  const Room& group = *world.any_group();
  v1::RemoveMemberRequest request;
  request.set_group_id(group.id.value);
  request.set_user_id(world.random().pick(group.members).value);
  ask<v1::RemoveMemberResponse>(world, somebody_of(world, group), "group.remove_member", request);
}

void leave(World& world) {
  const Room& group = *world.any_group();
  v1::LeaveGroupRequest request;
  request.set_group_id(group.id.value);
  ask<v1::LeaveGroupResponse>(world, world.device_of(world.random().pick(group.members)), "group.leave", request);
}

void change_role(World& world) {
  const Room& group = *world.any_group();
  v1::UpdateMemberRequest request;
  request.set_group_id(group.id.value);
  request.set_user_id(world.random().pick(group.members).value);
  request.set_role(world.random().chance(50) ? v1::GROUP_ROLE_ADMIN : v1::GROUP_ROLE_MEMBER);
  ask<v1::UpdateMemberResponse>(world, somebody_of(world, group), "group.update_member", request);
}

// A connection ends; some of what was under way still arrives.
void cut(World& world) {
  Device& device = world.any_device();
  if (device.link() == nullptr) return;
  world.ledger().note(fmt::format("the connection of device {} ends", device.number()));
  device.link()->cut(world.random().below(device.link()->requests_under_way() + 1));
}

void stall(World& world) {
  Device& device = world.any_device();
  if (device.link() != nullptr) device.link()->stall(world.random().chance(50), world.random().chance(50));
}

void flow(World& world) {
  Device& device = world.any_device();
  if (device.link() != nullptr) device.link()->stall(false, false);
}

void go_offline(World& world) {
  Device& device = world.any_device();
  world.ledger().note(fmt::format("device {} goes offline", device.number()));
  device.go_offline();
}

void come_online(World& world) { world.any_device().come_online(); }

void forget(World& world) {
  Device& device = world.any_device();
  world.ledger().note(fmt::format("device {} forgets", device.number()));
  device.forget();
}

void ping(World& world) { world.any_device().ping(); }

void break_store(World& world) {
  std::vector<Fault> faults(world.random().below(4), Fault::none);
  faults.push_back(world.random().chance(50) ? Fault::before_write : Fault::after_write);
  world.disk().messages.plan(std::move(faults));
  world.ledger().note("the store will fail");
}

void hold_store(World& world) { world.disk().messages.hold(); }
void release_store(World& world) { world.disk().messages.release(); }

void wait(World& world) { world.let_pass(std::chrono::milliseconds(world.random().between(0, 30))); }
void wait_long(World& world) { world.let_pass(std::chrono::milliseconds(world.random().between(500, 12'000))); }
void restart(World& world) { world.restart(false); }
void crash(World& world) { world.restart(true); }

struct Step {
  int weight;
  void (*run)(World&);
};

constexpr Step kSteps[] = {
    {50, send},       {8, send_twice},    {5, forward},       {12, mark_read},  {14, react},
    {6, edit},        {5, pin},           {4, delete_for_me}, {1, clear},       {4, recall},
    {12, add_member}, {4, remove_member}, {2, leave},         {3, change_role}, {1, create_group},
    {4, cut},         {3, stall},         {10, flow},         {2, go_offline},  {10, come_online},
    {2, forget},      {4, ping},          {4, break_store},   {4, hold_store},  {12, release_store},
    {80, wait},       {3, wait_long},     {1, restart},       {1, crash},
};

}  // namespace

void act(World& world) {
  int sum = 0;
  for (const Step& step : kSteps) sum += step.weight;
  auto at = static_cast<int>(world.random().below(static_cast<std::size_t>(sum)));
  for (const Step& step : kSteps) {
    at -= step.weight;
    if (at < 0) return step.run(world);
  }
}

}  // namespace hongyan::simulation
