// What a device does with pushes, and how it closes holes.
#include <fmt/format.h>

#include "simulation/device.h"

namespace hongyan::simulation {
namespace {

// Of history and changes: of different lengths, so that their borders fall everywhere.
constexpr int kPages[] = {1, 3, 20, 100};
constexpr std::chrono::milliseconds kHole{300};

template <class Push>
Push parsed(const std::string& data) {
  Push push;
  (void)push.ParseFromString(data);
  return push;
}

}  // namespace

Replica& Device::open(ConversationId conversation) {
  auto& replica = replicas_[conversation];
  if (!replica) replica = std::make_unique<Replica>(conversation, user());
  return *replica;
}

// What is held of a conversation; one that is unknown is asked for.
Replica* Device::known(ConversationId conversation) {
  const auto found = replicas_.find(conversation);
  if (found != replicas_.end()) return found->second.get();
  resync();
  return nullptr;
}

void Device::take(const std::string& type, const std::string& data) {
  if (options_.loses()) return ledger_.count("pushes lost");
  if (type == "message") {
    take(parsed<v1::MessagePush>(data));
  } else if (type == "change") {
    take(parsed<v1::ChangePush>(data));
  } else if (type == "gap") {
    take(parsed<v1::GapPush>(data));
  } else if (type == "read") {
    const auto push = parsed<v1::ReadPush>(data);
    Replica* replica = known(ConversationId(push.conversation_id()));
    if (replica != nullptr) replica->read_by(UserId(push.user_id()), push.seq());
  } else if (type == "user_event") {
    if (!heads_.user_event(parsed<v1::UserEventPush>(data))) resync();
  }
}

void Device::take(const v1::MessagePush& push) {
  ledger_.shown(push.message(), user());
  Replica* replica = known(ConversationId(push.conversation_id()));
  if (replica == nullptr) return;
  replica->pushed(push);
  mind(*replica);
}

void Device::take(const v1::ChangePush& push) {
  if (push.has_message()) ledger_.shown(push.message(), user());
  Replica* replica = known(ConversationId(push.conversation_id()));
  if (replica == nullptr) return;
  replica->changed(push);
  mind(*replica);
}

// Marks may be among what was left out, so the conversations are asked for, not only their heads compared.
void Device::take(const v1::GapPush& push) {
  ledger_.count("gaps");
  for (const v1::GapConversation& head : push.conversations()) {
    Replica* replica = known(ConversationId(head.conversation_id()));
    if (replica != nullptr) replica->hear(head.seq(), head.change());
  }
  resync();
}

// A hole that has not closed by itself in a while is pulled.
void Device::mind(const Replica& replica) {
  if (!replica.lacks_messages() && !replica.lacks_changes()) return;
  if (link_ && holes_.insert(replica.conversation()).second) {
    (void)scope_.spawn(executor_, close_hole(link_, replica.conversation()));
  }
}

async::Task<void> Device::close_hole(std::shared_ptr<Link> link, ConversationId conversation) {
  co_await pause(kHole);
  holes_.erase(conversation);
  const Replica* replica = find(conversation);
  if (replica == nullptr || (!replica->lacks_messages() && !replica->lacks_changes())) co_return;
  if (link_ != link) co_return mind(*replica);
  ledger_.count("holes pulled");
  if (!co_await pull(link, conversation)) link->cut();
}

// One pull of a conversation at a time. False when the connection has to end, or has ended.
async::Task<bool> Device::pull(std::shared_ptr<Link> link, ConversationId conversation) {
  while (pulling_.contains(conversation)) co_await pause(std::chrono::milliseconds(1));
  pulling_.insert(conversation);
  Pulled pulled = Pulled::more;
  while (pulled == Pulled::more) {
    const auto found = replicas_.find(conversation);
    if (link_ != link || found == replicas_.end()) {
      pulled = Pulled::broken;
    } else if (found->second->lacks_messages()) {
      pulled = co_await pull_messages(link, *found->second);
    } else if (found->second->lacks_changes()) {
      pulled = co_await pull_changes(link, *found->second);
    } else {
      pulled = Pulled::enough;
    }
  }
  pulling_.erase(conversation);
  co_return pulled == Pulled::enough;
}

async::Task<Device::Pulled> Device::pull_messages(std::shared_ptr<Link> link, Replica& replica) {
  auto request = std::make_unique<v1::ListMessagesRequest>();
  request->set_conversation_id(replica.conversation().value);
  // Pushes may go on from there before the answer is here.
  const auto asked = replica.seq();
  request->set_after(asked);
  request->set_limit(page_size());
  const auto answer = co_await call(link, "message.list", std::move(request));
  if (!answer) co_return Pulled::broken;
  const auto& page = static_cast<const v1::ListMessagesResponse&>(*answer);
  for (const v1::Message& message : page.items()) ledger_.shown(message, user());
  const bool behind_a_gap = page.from_seq() > replica.seq() + 1;
  const bool was_former = replica.left_seq().has_value();
  // Came back unseen, and perhaps left again: there is nothing before this any more.
  const bool begins = !page.has_more_before() && page.from_seq() > replica.lowest();
  if (was_former && (begins || behind_a_gap)) replica.come_back(page.from_seq());
  replica.listed(page);
  if (!replica.left_seq() && (behind_a_gap || was_former)) {
    // What may be seen begins later now: a join is on its way.
    resync();
    co_return Pulled::enough;
  }
  if (replica.seq() > asked || !replica.lacks_messages()) co_return Pulled::more;
  co_return broken(fmt::format("message.list of {} after {} has nothing", replica.conversation().value, asked));
}

async::Task<Device::Pulled> Device::pull_changes(std::shared_ptr<Link> link, Replica& replica) {
  auto request = std::make_unique<v1::ListChangesRequest>();
  request->set_conversation_id(replica.conversation().value);
  const auto asked = replica.change();
  request->set_after(asked);
  request->set_min_seq(replica.lowest());
  request->set_limit(page_size());
  const auto answer = co_await call(link, "message.changes", std::move(request));
  if (!answer) co_return Pulled::broken;
  const auto& changes = static_cast<const v1::ListChangesResponse&>(*answer);
  for (const v1::Message& message : changes.items()) ledger_.shown(message, user());
  replica.caught_up(changes);
  if (changes.has_reset() || replica.change() > asked || !replica.lacks_changes()) co_return Pulled::more;
  co_return broken(fmt::format("message.changes of {} after {} has nothing", replica.conversation().value, asked));
}

Device::Pulled Device::broken(std::string what) {
  ledger_.complain(fmt::format("device {}: {}", number(), what));
  return Pulled::broken;
}

int Device::page_size() { return kPages[static_cast<std::size_t>(++pages_) % std::size(kPages)]; }

}  // namespace hongyan::simulation
