// What people may note and ask, and places in lists as texts for cursors. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/contact/types.h"

namespace hongyan::contact {

// Characters at most.
inline constexpr std::size_t kMaxRemark = 64;
inline constexpr std::size_t kMaxMessage = 200;
inline constexpr std::size_t kMaxTag = 32;
// Tags of one contact.
inline constexpr std::size_t kMaxTags = 10;

// The tags without blanks around them, each once, in their order. Errors: invalid_argument naming `tags`.
Result<std::vector<std::string>> check_tags(const std::vector<std::string>& tags);

// What a request is at this time.
RequestState state_at(const Request& request, TimeMs now);

// Whether the request can be answered with `wanted`, accepted or rejected; false: it has been, and there is nothing to do.
// Errors: conflict when it was answered otherwise, request_expired.
Result<bool> may_answer(const Request& request, RequestState wanted, TimeMs now);

// Where a contact stands in the list.
struct ContactPosition {
  std::string sort_key;
  UserId user;
  bool operator==(const ContactPosition&) const = default;
};
// Where a request stands: the newest first.
struct RequestPosition {
  TimeMs time;
  RequestId id;
  bool operator==(const RequestPosition&) const = default;
};

// "42,zhangsan" and back; nothing when the text is none.
std::string to_text(const ContactPosition& position);
std::optional<ContactPosition> contact_position_from(std::string_view text);
// "1700000000000,42" and back.
std::string to_text(const RequestPosition& position);
std::optional<RequestPosition> request_position_from(std::string_view text);

v1::Contact to_proto(const Contact& contact);
v1::ContactRequest to_proto(const Request& request, TimeMs now);

}  // namespace hongyan::contact
