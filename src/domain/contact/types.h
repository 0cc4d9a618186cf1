// What the contact slice knows of people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "domain/conversation/types.h"
#include "hongyan/v1/contact.pb.h"

namespace hongyan::contact {

using State = v1::ContactState;
using Source = v1::ContactSource;
using RequestState = v1::ContactRequestState;

using RequestId = Strong<struct ContactRequestIdTag, std::uint64_t>;

// Somebody on a user's list. Value type.
struct Contact {
  UserId user;
  std::string remark;
  std::vector<std::string> tags;
  bool starred = false;
  // Of the remark, or else of the nickname.
  std::string sort_key;
  // The owner of the list blocks them.
  bool blocked = false;
  bool operator==(const Contact&) const = default;
};

// One asks the other. Value type.
struct Request {
  RequestId id;
  UserId from;
  UserId to;
  std::string message;
  Source source = v1::CONTACT_SOURCE_UNSPECIFIED;
  // Never expired: that is a matter of time.
  RequestState state = v1::CONTACT_REQUEST_STATE_PENDING;
  TimeMs time;
  TimeMs expires;
  bool operator==(const Request&) const = default;
};

// Somebody a user blocks.
struct Blocked {
  UserId user;
  TimeMs since;
  bool operator==(const Blocked&) const = default;
};

// Absent fields stay.
struct ContactChange {
  std::optional<std::string> remark = {};
  std::optional<std::vector<std::string>> tags = {};
  std::optional<bool> starred = {};
};

// Two people who have become friends, as one of them sees it.
struct Friendship {
  Contact contact;
  ConversationId conversation;
  // The line that tells of it; none when nothing had to change.
  conversation::OutboxId line;
};

// What came of asking.
struct Asked {
  std::optional<Request> request;
  // They are friends now.
  std::optional<Friendship> friendship;
};

// What somebody is to a user. Value type.
struct Standing {
  UserId user;
  // The user is on their list.
  bool knows_user = false;
  // One of the two blocks the other.
  bool blocked = false;
  bool operator==(const Standing&) const = default;
};

}  // namespace hongyan::contact
