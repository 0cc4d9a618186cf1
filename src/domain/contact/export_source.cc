#include "domain/contact/export_source.h"

#include "base/numbers.h"
#include "domain/contact/rules.h"
#include "hongyan/v1/export.pb.h"

namespace hongyan::contact {
namespace {

using account::ExportPart;

// A place is the letter of a list and the position in it: the lists in the order in which they are written.
constexpr char kContactList = 'c';
constexpr char kReceivedList = 'r';
constexpr char kSentList = 's';
constexpr char kBlockedList = 'b';

}  // namespace

async::Task<Result<ExportPart>> ExportSource::read(UserId user, std::string from, async::Deadline deadline) {
  const char list = from.empty() ? kContactList : from.front();
  std::string after = from.empty() ? std::string() : from.substr(1);
  switch (list) {
    case kReceivedList: return requests(user, Direction::received, std::move(after), deadline);
    case kSentList: return requests(user, Direction::sent, std::move(after), deadline);
    case kBlockedList: return blocked(user, std::move(after), deadline);
    default: return contacts(user, std::move(after), deadline);
  }
}

async::Task<Result<ExportPart>> ExportSource::contacts(UserId user, std::string after, async::Deadline deadline) {
  HY_CO_TRY(const auto found, co_await store_.contacts(user, {}, contact_position_from(after), kAtOnce, deadline));
  ExportPart part;
  for (const Contact& contact : found) {
    v1::ExportLine line;
    *line.mutable_contact() = to_proto(contact);
    part.add(line);
  }
  const bool more = found.size() == kAtOnce;
  part.next = more ? kContactList + to_text(ContactPosition{found.back().sort_key, found.back().user})
                   : std::string(1, kReceivedList);
  co_return part;
}

async::Task<Result<ExportPart>> ExportSource::requests(UserId user, Direction direction, std::string after,
                                                       async::Deadline deadline) {
  HY_CO_TRY(const auto found,
            co_await store_.requests(user, direction, request_position_from(after), kAtOnce, deadline));
  ExportPart part;
  for (const Request& request : found) {
    v1::ExportLine line;
    *line.mutable_contact_request() = to_proto(request, clock_.now());
    part.add(line);
  }
  const bool received = direction == Direction::received;
  const bool more = found.size() == kAtOnce;
  part.next =
      more ? (received ? kReceivedList : kSentList) + to_text(RequestPosition{found.back().time, found.back().id})
           : std::string(1, received ? kSentList : kBlockedList);
  co_return part;
}

async::Task<Result<ExportPart>> ExportSource::blocked(UserId user, std::string after, async::Deadline deadline) {
  const UserId last(number_from<std::uint64_t>(after).value_or(0));
  HY_CO_TRY(const auto found, co_await store_.blocked(user, last, kAtOnce, deadline));
  ExportPart part;
  for (const Blocked& one : found) {
    v1::ExportLine line;
    line.mutable_blocked()->set_user_id(one.user.value);
    line.mutable_blocked()->set_time_ms(one.since.value);
    part.add(line);
  }
  if (found.size() == kAtOnce) part.next = kBlockedList + std::to_string(found.back().user.value);
  co_return part;
}

}  // namespace hongyan::contact
