#include "domain/message/rules.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <simdjson.h>

#include <algorithm>
#include <string>

#include "infra/crypto/hash.h"
#include "infra/kv/big_endian.h"

namespace hongyan::message {
namespace {

constexpr std::size_t kMaxClientMsgId = 64;

bool is_id_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// Length first, so that two neighbouring fields cannot be cut differently and hash alike.
void append_text(std::string& bytes, std::string_view text) {
  kv::append_big_endian(bytes, text.size());
  bytes.append(text);
}

// The same of protobuf's bytes, with the fields in order of their numbers and maps in order of their keys.
void append_message(std::string& bytes, const google::protobuf::MessageLite& message) {
  kv::append_big_endian(bytes, message.ByteSizeLong());
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&out);
  // What is still buffered is written, and what was too much taken back, when it goes.
  out.Trim();
}

void append_places(std::string& bytes, std::span<const Place> places) {
  kv::append_big_endian(bytes, places.size());
  for (const Place& place : places) {
    kv::append_big_endian(bytes, place.conversation.value);
    kv::append_big_endian(bytes, static_cast<std::uint64_t>(place.seq.value));
  }
}

Result<std::optional<Seq>> place_field(bool present, std::int64_t value, const char* name) {
  if (!present) return std::optional<Seq>();
  if (value < 0) return fail(Error::invalid(name, "negative"));
  return std::optional<Seq>(value);
}

v1::Reaction to_proto(const Reaction& reaction) {
  constexpr std::size_t kShown = 3;
  v1::Reaction proto;
  proto.set_emoji(reaction.emoji);
  proto.set_count(static_cast<std::int64_t>(reaction.reactors.size()));
  for (std::size_t i = 0; i < std::min(kShown, reaction.reactors.size()); ++i) {
    proto.add_user_ids(reaction.reactors[i].user.value);
  }
  return proto;
}

}  // namespace

Result<void> check_client_msg_id(std::string_view id) {
  if (id.empty() || id.size() > kMaxClientMsgId || !std::ranges::all_of(id, is_id_character)) {
    return fail(Error::invalid("client_msg_id", "not 1 to 64 of [A-Za-z0-9_-]"));
  }
  return {};
}

ContentHash content_hash(ConversationId conversation, const v1::Content& content, std::optional<Seq> quote,
                         const std::optional<v1::Mentions>& mentions) {
  // Every message is hashed: the memory stays with the thread.
  thread_local std::string bytes;
  bytes.clear();
  kv::append_big_endian(bytes, conversation.value);
  append_message(bytes, content);
  kv::append_big_endian(bytes, static_cast<std::uint64_t>(quote.value_or(Seq(0)).value));
  if (mentions) {
    append_message(bytes, *mentions);
  } else {
    append_text(bytes, {});
  }
  return crypto::sha256(bytes);
}

Result<void> check_forward(const ForwardRequest& request) {
  constexpr std::size_t kMaxItems = 100;
  constexpr std::size_t kMaxTargets = 20;
  constexpr std::size_t kMaxTitle = 200;
  HY_TRY(check_client_msg_id(request.client_msg_id));
  if (request.items.empty() || request.items.size() > kMaxItems) {
    return fail(Error::invalid("items", "not 1 to 100"));
  }
  if (request.targets.empty() || request.targets.size() > kMaxTargets) {
    return fail(Error::invalid("targets", "not 1 to 20"));
  }
  if (!request.merged && request.items.size() * request.targets.size() > kMaxItems) {
    return fail(Error::invalid("targets", "more than 100 messages in all"));
  }
  for (const Place& item : request.items) {
    if (item.seq < Seq(1)) return fail(Error::invalid("items", "a seq below 1"));
  }
  if (request.title.size() > kMaxTitle || !simdjson::validate_utf8(request.title.data(), request.title.size())) {
    return fail(Error::invalid("title", "not at most 200 bytes of UTF-8"));
  }
  return {};
}

std::string forward_id(std::string_view client_msg_id, std::span<const Place> items, ConversationId target) {
  std::string bytes;
  append_text(bytes, client_msg_id);
  append_places(bytes, items);
  kv::append_big_endian(bytes, target.value);
  return "~" + crypto::sha256_text(bytes);
}

ContentHash forward_hash(const ForwardRequest& request, std::span<const Place> items, ConversationId target) {
  std::string bytes;
  kv::append_big_endian(bytes, target.value);
  append_places(bytes, items);
  kv::append_big_endian(bytes, request.merged ? 1 : 0);
  append_text(bytes, request.title);
  return crypto::sha256(bytes);
}

std::optional<UserId> other_person(const conversation::Membership& membership) {
  if (membership.type != conversation::Type::direct || membership.peer == membership.user) return std::nullopt;
  return membership.peer;
}

std::optional<Bound> bound_of(conversation::Type type, const std::optional<Bound>& stored) {
  using enum conversation::Type;
  if (type == direct || type == self) return Bound{Seq(1), Seq(0)};
  return stored;
}

Seq first_mark(conversation::Type type, const std::optional<Bound>& bound) {
  using enum conversation::Type;
  if (type == direct || type == self || !bound) return Seq(0);
  return bound->joined;
}

SeqRange visible(const std::optional<Bound>& bound, Seq cleared, const Head& head) {
  if (!bound) return {Seq(1), Seq(0)};
  const Seq from = std::max({bound->joined, Seq(cleared.value + 1), head.floor});
  const Seq to = bound->left ? std::min(bound->left, head.seq) : head.seq;
  return {from, to};
}

bool contains(const SeqRange& range, Seq seq) { return seq >= range.from && seq <= range.to; }

SeqRange unread_range(const SeqRange& visible, Seq read) {
  return {std::max(read, Seq(visible.from.value - 1)), visible.to};
}

std::int64_t unread_between(Ordinal all_from, Ordinal own_from, Ordinal all_to, Ordinal own_to) {
  const std::int64_t all = all_to.value - all_from.value;
  const std::int64_t own = own_to.value - own_from.value;
  return std::max<std::int64_t>(0, all - own);
}

Result<PageRequest> page_request(const v1::ListMessagesRequest& request) {
  PageRequest page;
  HY_TRY(page.before, place_field(request.has_before(), request.before(), "before"));
  HY_TRY(page.after, place_field(request.has_after(), request.after(), "after"));
  HY_TRY(page.around, place_field(request.has_around(), request.around(), "around"));
  if (page.before.has_value() + page.after.has_value() + page.around.has_value() > 1) {
    return fail(Error::invalid(page.before ? "before" : "after", "only one of before, after and around"));
  }
  page.limit = request.has_limit() ? request.limit() : kDefaultPage;
  if (page.limit < 1) return fail(Error::invalid("limit", "below 1"));
  page.limit = std::min(page.limit, kMaxPage);
  return page;
}

Result<ChangesRequest> changes_request(const v1::ListChangesRequest& request) {
  constexpr std::int32_t kDefault = 200;
  if (request.after() < 0) return fail(Error::invalid("after", "negative"));
  if (request.min_seq() < 0) return fail(Error::invalid("min_seq", "negative"));
  const std::int32_t limit = request.has_limit() ? request.limit() : kDefault;
  if (limit < 1) return fail(Error::invalid("limit", "below 1"));
  return ChangesRequest{ChangeNo(request.after()), Seq(request.min_seq()),
                        static_cast<std::size_t>(std::min<std::int64_t>(limit, kMaxChanges))};
}

std::vector<ReactionEntry> reaction_entries(const StoredMessage& message, const std::optional<std::string>& emoji) {
  std::vector<ReactionEntry> entries;
  for (const Reaction& reaction : message.reactions) {
    if (emoji && reaction.emoji != *emoji) continue;
    for (const Reactor& reactor : reaction.reactors) entries.push_back({reactor.time, reactor.user, reaction.emoji});
  }
  std::ranges::sort(entries);
  return entries;
}

SeqRange page_range(const PageRequest& request, const SeqRange& visible) {
  const std::int64_t low = visible.from.value;
  const std::int64_t high = std::max(visible.to.value, low - 1);
  if (request.after) {
    const std::int64_t from = std::clamp(request.after->value, low - 1, high) + 1;
    return {Seq(from), Seq(std::min(from + request.limit - 1, high))};
  }
  if (request.around) {
    const std::int64_t middle = std::clamp(request.around->value, low, std::max(low, high));
    // Half before, half after, shifted where one side has less than its half.
    const std::int64_t wanted = std::max(low, middle - request.limit / 2);
    const std::int64_t to = std::min(wanted + request.limit - 1, high);
    return {Seq(std::max(low, to - request.limit + 1)), Seq(to)};
  }
  const std::int64_t to = request.before ? std::clamp(request.before->value - 1, low - 1, high) : high;
  return {Seq(std::max(low, to - request.limit + 1)), Seq(to)};
}

v1::Message to_proto(const StoredMessage& message) { return to_proto(StoredMessage(message)); }

v1::Message to_proto(StoredMessage&& message) {
  v1::Message proto;
  proto.set_message_id(message.id.value);
  proto.set_conversation_id(message.conversation.value);
  proto.set_seq(message.seq.value);
  if (message.sender) proto.set_sender_id(message.sender.value);
  proto.set_client_msg_id(std::move(message.client_msg_id));
  proto.set_time_ms(message.time.value);
  if (!message.recalled) *proto.mutable_content() = std::move(message.content);
  proto.set_change(message.change.value);
  if (message.quote) *proto.mutable_quote() = *std::move(message.quote);
  if (message.mentions) *proto.mutable_mentions() = *std::move(message.mentions);
  if (message.edited) proto.set_edited_ms(message.edited.value);
  if (message.recalled) {
    proto.mutable_recalled()->set_by(message.recalled->by.value);
    proto.mutable_recalled()->set_time_ms(message.recalled->time.value);
  }
  for (const Reaction& reaction : message.reactions) *proto.add_reactions() = to_proto(reaction);
  if (message.pinned) proto.set_pinned(true);
  return proto;
}

v1::Message to_proto(StoredMessage&& message, UserId reader) {
  auto mine = mine_of(message, reader);
  v1::Message proto = to_proto(std::move(message));
  for (std::string& emoji : mine) proto.add_mine(std::move(emoji));
  return proto;
}

}  // namespace hongyan::message
