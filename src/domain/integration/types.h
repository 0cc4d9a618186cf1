// What other systems connect with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace hongyan::integration {

// An incoming hook.
using HookId = Strong<struct HookIdTag, std::uint64_t>;

// What secrets begin with, so that none is taken for another, or for an access token.
inline constexpr std::string_view kKeyPrefix = "hyk_";
inline constexpr std::string_view kHookPrefix = "hyh_";

// What lets another server call rpcs. Its secret is told once and stored as a hash.
struct ApiKey {
  ApiKeyId id;
  std::string name;
  // The bot that it acts as.
  UserId user;
  std::string username;
  // Names of rpcs.
  std::vector<std::string> scopes;
  // From where alone it is good, as they were typed; empty: from everywhere.
  std::vector<std::string> networks;
  TimeMs created;
  // About when it was used last; 0 when it never was.
  TimeMs used = {};
  std::optional<TimeMs> revoked = {};
  // The bot is.
  bool enabled = true;
};

// What an administrator wants of a key.
struct ApiKeyWish {
  std::string name;
  std::vector<std::string> scopes;
  std::vector<std::string> networks = {};
  // Username of the bot, which is made when there is none; empty for a new one under a made-up name.
  std::string as = {};
};

// What lets another system post into one group.
struct Hook {
  HookId id;
  ConversationId group;
  // The bot that posts, and what it is called.
  UserId user;
  std::string name;
  std::vector<std::string> networks;
  TimeMs created;
  TimeMs used = {};
  std::optional<TimeMs> revoked = {};
};

// What an administrator wants of a hook.
struct HookWish {
  ConversationId group;
  std::string name;
  std::vector<std::string> networks = {};
};

// Something new with its secret, which is told only here.
template <class Made>
struct Fresh {
  Made made;
  std::string secret;
};

// Who a key speaks for.
struct KeyIdentity {
  ApiKeyId key;
  UserId user;
  std::vector<std::string> scopes;
};

// Where a hook leads.
struct HookTarget {
  HookId hook;
  UserId user;
  ConversationId group;
};

// What was posted to a hook, as it came.
struct HookPost {
  // Of the header, empty without one.
  std::string content_type;
  std::string body;
  // Names the post, so that a repeat is found; empty without one.
  std::string idempotency_key;
};

}  // namespace hongyan::integration
