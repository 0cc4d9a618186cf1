#include "domain/message/reading/receipts.h"

#include "domain/message/hiders.h"
#include "domain/message/rules.h"

namespace hongyan::message::reading {
namespace {

// Who came in later, or came back, does not see what was said before.
Result<std::vector<UserPlace>> find_seeing(MessageStore& messages, const conversation::Membership& reader, Seq seq,
                                           std::span<const UserId> members) {
  std::vector<UserPlace> places;
  for (const UserId member : members) {
    if (member != reader.user) places.push_back({member, reader.conversation});
  }
  HY_TRY(const auto heads, messages.heads(std::span(&reader.conversation, 1)));
  HY_TRY(const auto bounds, messages.bounds(places));
  std::vector<UserPlace> seeing;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const SeqRange seen = visible(bound_of(reader.type, bounds[i]), Seq(0), heads.front());
    if (contains(seen, seq)) seeing.push_back(places[i]);
  }
  return seeing;
}

}  // namespace

Result<std::vector<Receipt>> read_receipts(const Stores& stores, account::Privacy& privacy,
                                           const conversation::Membership& reader, Seq seq,
                                           std::span<const UserId> members) {
  HY_TRY(const auto places, find_seeing(stores.messages, reader, seq, members));
  std::vector<UserId> people{reader.user};
  for (const UserPlace& place : places) people.push_back(place.user);
  HY_TRY(const auto marks, stores.cursors.cursors(places));
  HY_TRY(const Hiders hiders, Hiders::among(privacy, people));
  std::vector<Receipt> receipts;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const UserId user = places[i].user;
    receipts.push_back({.user = user,
                        .read = marks[i].read >= seq && hiders.share(reader.user, user),
                        .delivered = marks[i].delivered >= seq});
  }
  return receipts;
}

}  // namespace hongyan::message::reading
