#include "domain/contact/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/numbers.h"
#include "base/text.h"

namespace hongyan::contact {

Result<std::vector<std::string>> check_tags(const std::vector<std::string>& tags) {
  std::vector<std::string> checked;
  for (const std::string& tag : tags) {
    HY_TRY(auto word, check_line(tag, 1, kMaxTag, "tags"));
    if (std::ranges::find(checked, word) == checked.end()) checked.push_back(std::move(word));
  }
  if (checked.size() > kMaxTags) return fail(Error::invalid("tags", "more than 10"));
  return checked;
}

RequestState state_at(const Request& request, TimeMs now) {
  const bool late = request.state == v1::CONTACT_REQUEST_STATE_PENDING && request.expires <= now;
  return late ? v1::CONTACT_REQUEST_STATE_EXPIRED : request.state;
}

Result<bool> may_answer(const Request& request, RequestState wanted, TimeMs now) {
  const RequestState state = state_at(request, now);
  if (state == v1::CONTACT_REQUEST_STATE_PENDING) return true;
  if (state == wanted) return false;
  if (state == v1::CONTACT_REQUEST_STATE_EXPIRED) return fail(ErrorCode::request_expired, "too late");
  return fail(ErrorCode::conflict, "the request was answered otherwise");
}

std::string to_text(const ContactPosition& position) {
  return fmt::format("{},{}", position.user.value, position.sort_key);
}

std::optional<ContactPosition> contact_position_from(std::string_view text) {
  ContactPosition position;
  if (!take_number(text, position.user.value, ',')) return std::nullopt;
  position.sort_key = text;
  return position;
}

std::string to_text(const RequestPosition& position) {
  return fmt::format("{},{}", position.time.value, position.id.value);
}

std::optional<RequestPosition> request_position_from(std::string_view text) {
  RequestPosition position;
  if (!take_number(text, position.time.value, ',')) return std::nullopt;
  const auto id = number_from<std::uint64_t>(text);
  if (!id) return std::nullopt;
  position.id = RequestId(*id);
  return position;
}

v1::Contact to_proto(const Contact& contact) {
  v1::Contact out;
  out.set_user_id(contact.user.value);
  out.set_remark(contact.remark);
  for (const std::string& tag : contact.tags) out.add_tags(tag);
  out.set_starred(contact.starred);
  if (!contact.sort_key.empty()) out.set_sort_key(contact.sort_key);
  out.set_state(contact.blocked ? v1::CONTACT_STATE_BLOCKED : v1::CONTACT_STATE_FRIEND);
  return out;
}

v1::ContactRequest to_proto(const Request& request, TimeMs now) {
  v1::ContactRequest out;
  out.set_contact_request_id(request.id.value);
  out.set_from_user_id(request.from.value);
  out.set_to_user_id(request.to.value);
  out.set_message(request.message);
  if (request.source != v1::CONTACT_SOURCE_UNSPECIFIED) out.set_source(request.source);
  out.set_state(state_at(request, now));
  out.set_time_ms(request.time.value);
  out.set_expires_ms(request.expires.value);
  return out;
}

}  // namespace hongyan::contact
