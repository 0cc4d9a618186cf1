// Pure rules of messages: no I/O, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
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

// The hash that tells a repeat from another message. It covers the conversation and every field the client supplied, in a
// form of its own that must never change: hashes are stored for good.
ContentHash content_hash(ConversationId conversation, const v1::Content& content);

// What of a conversation a member may see.
SeqRange visible(const Head& head);

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

// The message as its readers see it.
v1::Message to_proto(const StoredMessage& message);

}  // namespace hongyan::message
