#include "domain/message/audit/audit.h"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <set>

namespace hongyan::message {
namespace {

constexpr std::size_t kPage = 1000;
constexpr Seq kLastSeq{std::numeric_limits<std::int64_t>::max()};

}  // namespace

// What is known of a conversation while its messages go by.
struct Audit::Conversation {
  ConversationId id;
  Head head;
  Seq next;
  Ordinal ordinal;
  TimeMs time;
  std::map<UserId, Ordinal> own;
  // The number that each changed message bears.
  std::map<Seq, ChangeNo> changed;
  std::map<Seq, Mark> pinned;
  std::map<UserId, Bound> bounds;
};

Result<AuditCounts> Audit::run() {
  ConversationId after;
  while (true) {
    HY_TRY(const auto page, list_.conversations(after, kPage));
    for (const ConversationId id : page) HY_TRY(check(id));
    if (page.size() < kPage) return counts_;
    after = page.back();
  }
}

Result<void> Audit::check(ConversationId id) {
  ++counts_.conversations;
  HY_TRY(const auto heads, store_.heads(std::span(&id, 1)));
  Conversation conversation;
  conversation.id = id;
  conversation.head = heads.front();
  conversation.next = conversation.head.floor;
  HY_TRY(check_messages(conversation));
  HY_TRY(check_changes(conversation));
  HY_TRY(check_pins(conversation));
  return check_bounds(conversation);
}

Result<void> Audit::check_messages(Conversation& conversation) {
  while (true) {
    HY_TRY(const auto page, store_.read({.conversation = conversation.id, .seqs = {conversation.next, kLastSeq}}));
    for (const StoredMessage& message : page.messages) check_message(conversation, message);
    HY_TRY(check_keys(conversation, page.messages));
    if (page.complete) break;
  }
  const Seq last(conversation.next.value - 1);
  if (last != conversation.head.seq) {
    problem(conversation.id,
            fmt::format("the head is {}, the last message {}", conversation.head.seq.value, last.value));
  }
  if (conversation.ordinal && conversation.ordinal != conversation.head.ordinal) {
    problem(conversation.id, "the head counts other messages than there are");
  }
  return {};
}

void Audit::check_message(Conversation& conversation, const StoredMessage& message) {
  ++counts_.messages;
  const auto wrong = [&](const char* what) {
    problem(conversation.id, fmt::format("message {}: {}", message.seq.value, what));
  };
  if (message.seq != conversation.next) wrong("a hole below it");
  const bool first = message.seq == conversation.head.floor;
  const Ordinal expected(conversation.ordinal.value + (message.counts() ? 1 : 0));
  // Of a history whose beginning was trimmed the first message alone says how many there were.
  if (!(first && message.seq > Seq(1)) && message.ordinal != expected) wrong("its ordinal does not follow");
  if (message.counts()) {
    ++counts_.countable;
    const auto [own, fresh] = conversation.own.try_emplace(message.sender, message.own_ordinal);
    const bool known_start = conversation.head.floor == Seq(1);
    if (fresh ? known_start && message.own_ordinal != Ordinal(1) : message.own_ordinal.value != own->second.value + 1) {
      wrong("its sender's ordinal does not follow");
    }
    own->second = message.own_ordinal;
  }
  if (message.time < conversation.time) wrong("older than the one below it");
  if (message.change > conversation.head.change) wrong("changed after the head's last change");
  if (message.recalled && message.content.kind_case() != v1::Content::KIND_NOT_SET)
    wrong("recalled, yet it has content");
  conversation.next = Seq(message.seq.value + 1);
  conversation.ordinal = message.ordinal;
  conversation.time = message.time;
  if (message.change) conversation.changed[message.seq] = message.change;
  if (message.pinned) conversation.pinned[message.seq] = *message.pinned;
  if (message.mentions) {
    const auto& named = message.mentions->user_ids();
    counts_.mentions += static_cast<std::int64_t>(std::set<std::uint64_t>(named.begin(), named.end()).size());
  }
  follow_members(conversation, message);
}

void Audit::follow_members(Conversation& conversation, const StoredMessage& line) {
  for (const UserId user : line.leave) {
    const auto bound = conversation.bounds.find(user);
    if (bound != conversation.bounds.end() && bound->second.left) continue;
    // Who never came in has no bound; of a history whose beginning was trimmed nobody knows.
    if (bound == conversation.bounds.end() && conversation.head.floor == Seq(1)) continue;
    conversation.bounds[user].left = line.seq;
  }
  for (const UserId user : line.join) conversation.bounds[user] = {line.seq, Seq(0)};
}

Result<void> Audit::check_keys(const Conversation& conversation, const std::vector<StoredMessage>& messages) {
  std::vector<MessageKey> keys;
  for (const StoredMessage& message : messages) keys.push_back({message.sender, message.client_msg_id});
  HY_TRY(const auto entries, store_.find_keys(keys));
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const StoredMessage& message = messages[i];
    const SendAck ack{message.id, message.seq, message.time};
    if (!entries[i]) {
      problem(conversation.id, fmt::format("message {}: no key", message.seq.value));
    } else if (entries[i]->conversation != conversation.id || entries[i]->ack != ack) {
      problem(conversation.id, fmt::format("message {}: its key leads elsewhere", message.seq.value));
    }
  }
  return {};
}

Result<void> Audit::check_changes(Conversation& conversation) {
  ChangeNo last;
  std::map<Seq, ChangeNo> newest;
  while (true) {
    HY_TRY(const auto page, store_.changes({.conversation = conversation.id, .after = last, .limit = kPage}));
    for (const Change& change : page) {
      ++counts_.changes;
      if (change.number.value != last.value + 1) {
        problem(conversation.id, fmt::format("change {}: a hole below it", change.number.value));
      }
      if (change.seq < Seq(1) || change.seq > conversation.head.seq) {
        problem(conversation.id, fmt::format("change {}: of no message", change.number.value));
      }
      newest[change.seq] = last = change.number;
    }
    if (page.size() < kPage) break;
  }
  if (last != conversation.head.change) {
    problem(conversation.id,
            fmt::format("the head's change is {}, the last {}", conversation.head.change.value, last.value));
  }
  std::erase_if(newest, [&](const auto& one) { return one.first < conversation.head.floor; });
  if (newest != conversation.changed) problem(conversation.id, "messages bear other numbers than their last changes");
  return {};
}

Result<void> Audit::check_pins(const Conversation& conversation) {
  HY_TRY(const auto pins, store_.pins(conversation.id));
  std::map<Seq, Mark> found;
  for (const Pin& pin : pins) found[pin.seq] = pin.mark;
  if (found != conversation.pinned) problem(conversation.id, "pins are not those of the messages");
  return {};
}

Result<void> Audit::check_bounds(const Conversation& conversation) {
  counts_.bounds += static_cast<std::int64_t>(conversation.bounds.size());
  std::vector<UserPlace> places;
  for (const auto& [user, bound] : conversation.bounds) places.push_back({user, conversation.id});
  HY_TRY(const auto stored, store_.bounds(places));
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Bound& expected = conversation.bounds.at(places[i].user);
    // A join below the floor is no longer there to be compared.
    const bool same =
        stored[i] && stored[i]->left == expected.left && (stored[i]->joined == expected.joined || !expected.joined);
    if (!same)
      problem(conversation.id, fmt::format("user {}: bounds are not those of the lines", places[i].user.value));
  }
  return {};
}

void Audit::problem(ConversationId conversation, const std::string& what) {
  ++counts_.problems;
  report_(fmt::format("conversation {}: {}", conversation.value, what));
}

}  // namespace hongyan::message
