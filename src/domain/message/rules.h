// Pure rules of messages: no I/O, no clock.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/conversation/types.h"
#include "domain/message/types.h"

namespace hongyan::message {

// What a message may hold.
struct ContentLimits {
  std::size_t max_bytes = 64 * 1024;
};

// 1 to 64 of [A-Za-z0-9_-]. Errors: invalid_argument naming the field.
Result<void> check_client_msg_id(std::string_view id);

// Exactly one kind, with its required fields, in bounds. Errors: invalid_argument, too_large, both naming the field.
Result<void> check_content(const v1::Content& content, const ContentLimits& limits);

// Whether the content names an uploaded file.
bool names_file(const v1::Content& content);

// At most 50 users. Errors: invalid_argument naming the field.
Result<void> check_mentions(const v1::Mentions& mentions);
inline constexpr int kMaxMentions = 50;

// What a client asks to be sent on.
struct ForwardRequest {
  std::string client_msg_id;
  // In the order in which they shall arrive.
  std::vector<Place> items;
  std::vector<ConversationId> targets;
  // As one message with this title.
  bool merged = false;
  std::string title;
};

// Errors: invalid_argument naming the field.
Result<void> check_forward(const ForwardRequest& request);

// Whether a message may be sent on. Errors: message_recalled, invalid_argument naming `items` for what is the server's own.
Result<void> may_forward(const StoredMessage& message);

// The message inside a merged forward; a merged forward in it is cut to its title.
v1::MergedItem merged_item(const StoredMessage& message);

// The client_msg_id of these items in this target. It begins with `~`, which clients cannot use.
std::string forward_id(std::string_view client_msg_id, std::span<const Place> items, ConversationId target);

// The hash of a forward: it covers where the items stand, not what they say, because that can change until the repeat.
ContentHash forward_hash(const ForwardRequest& request, std::span<const Place> items, ConversationId target);

// The hash that tells a repeat from another message. It covers what the client supplied: the conversation, the content with
// all its fields, what it quotes and whom it names, in a form that must never change: hashes are stored for good.
ContentHash content_hash(ConversationId conversation, const v1::Content& content, std::optional<Seq> quote = {},
                         const std::optional<v1::Mentions>& mentions = {});

// The other person of a 1:1; nobody in the file helper and in groups.
std::optional<UserId> other_person(const conversation::Membership& membership);

// The bound that counts for a member: of 1:1s and the file helper everything, though none is stored; of all others what is
// stored.
std::optional<Bound> bound_of(conversation::Type type, const std::optional<Bound>& stored);

// Where the read mark of a member starts: in a group at the line of the join.
Seq first_mark(conversation::Type type, const std::optional<Bound>& bound);

// What of a conversation a user may see: nothing without a bound. `cleared`: up to where they have cleared it.
SeqRange visible(const std::optional<Bound>& bound, Seq cleared, const Head& head);
bool contains(const SeqRange& range, Seq seq);

// For how long after a message was accepted its sender may still take it back or change it.
struct Windows {
  std::chrono::milliseconds recall{2 * 60 * 1000};
  std::chrono::milliseconds edit{15 * 60 * 1000};
};

// A member who wants to change a message.
struct Actor {
  UserId user;
  conversation::Type type = conversation::Type::direct;
  conversation::Role role = conversation::Role::member;
};

// Whether the reason why somebody may not send also stops this action: who is muted may still take back, react and pin.
bool stops_changes(const Error& refusal);

// The sender within the window; in groups admins and the owner whoever has a lower role, at any time. What is recalled
// already may be recalled again by the same people, which changes nothing. Errors: permission_denied,
// recall_window_passed.
Result<void> may_recall(const StoredMessage& message, const Actor& actor, conversation::Role sender_role, TimeMs now,
                        const Windows& windows);

// The sender, a text, within the window. Errors: permission_denied, message_recalled, invalid_argument naming `content`,
// edit_window_passed.
Result<void> may_edit(const StoredMessage& message, const Actor& actor, TimeMs now, const Windows& windows);

// Both people of a 1:1; of a group admins and the owner. Errors: permission_denied, message_recalled, invalid_argument
// naming `seq` for system lines.
Result<void> may_pin(const StoredMessage& message, const Actor& actor);

// Errors: message_recalled, invalid_argument naming `seq` for system lines.
Result<void> may_react(const StoredMessage& message);

// Errors: message_recalled, invalid_argument naming `quote_seq` for system lines.
Result<void> may_quote(const StoredMessage& message);

// Admins and the owner of a group. Errors: permission_denied.
Result<void> may_mention_all(const Actor& actor);

// A line that names everybody as a mention of all does: a notice whose author wants everybody to hear of it.
bool line_names_all(const v1::Content& content);
// Who is behind a message: its sender, of such a line its author. None (0) for other lines.
UserId speaker_of(const StoredMessage& message);

// 1 to 32 bytes of UTF-8 without control characters. Errors: invalid_argument naming `emoji`.
Result<void> check_emoji(std::string_view emoji);

// Different emojis on one message, people who react to it, pinned messages of one conversation.
inline constexpr std::size_t kMaxEmojis = 20;
inline constexpr std::size_t kMaxReactors = 1000;
inline constexpr std::size_t kMaxPins = 50;

// The quote of a message as it is now: long text is cut.
v1::Quote quote_of(const StoredMessage& message);
inline constexpr std::size_t kMaxQuoteCharacters = 200;

// The emojis with which the user has reacted.
std::vector<std::string> mine_of(const StoredMessage& message, UserId user);

// The part of a conversation whose messages of others are unread: (from, to] as ordinals are subtracted.
SeqRange unread_range(const SeqRange& visible, Seq read);

// Countable messages of others between two places, each given as (all, own) ordinals.
std::int64_t unread_between(Ordinal all_from, Ordinal own_from, Ordinal all_to, Ordinal own_to);

// Which page of history is asked for: at most one of the three; none means the newest.
struct PageRequest {
  std::optional<Seq> before;
  std::optional<Seq> after;
  std::optional<Seq> around;
  std::int64_t limit = 50;
};

inline constexpr std::int64_t kDefaultPage = 50;
inline constexpr std::int64_t kMaxPage = 100;

// Checks the request and clamps its limit. Errors: invalid_argument naming the field.
Result<PageRequest> page_request(const v1::ListMessagesRequest& request);

// The seqs of that page within what is visible; empty ranges keep their place (from = to + 1).
SeqRange page_range(const PageRequest& request, const SeqRange& visible);

// A page of changes that is asked for.
struct ChangesRequest {
  ChangeNo after;
  Seq min_seq;
  std::size_t limit = 200;
};
// Checks the request and clamps its limit. Errors: invalid_argument naming the field.
Result<ChangesRequest> changes_request(const v1::ListChangesRequest& request);

// Whoever lacks more changes than this begins anew.
inline constexpr std::int64_t kMaxChanges = 1000;

// One person's reaction with one emoji, as it stands in the list of all.
struct ReactionEntry {
  TimeMs time;
  UserId user;
  std::string emoji;
  auto operator<=>(const ReactionEntry&) const = default;
};
// All reactions, or those with one emoji, the first first.
std::vector<ReactionEntry> reaction_entries(const StoredMessage& message, const std::optional<std::string>& emoji);

// The message as all its readers see it.
v1::Message to_proto(const StoredMessage& message);
v1::Message to_proto(StoredMessage&& message);
// The message as one reader sees it: with `mine`.
v1::Message to_proto(StoredMessage&& message, UserId reader);

}  // namespace hongyan::message
