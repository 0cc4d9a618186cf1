#include "domain/conversation/export_source.h"

#include <algorithm>

#include "base/numbers.h"
#include "hongyan/v1/export.pb.h"

namespace hongyan::conversation {
namespace {

v1::ExportLine line_of(const Membership& place, const Settings* settings) {
  v1::ExportLine line;
  v1::ExportedConversation& item = *line.mutable_conversation();
  item.set_conversation_id(place.conversation.value);
  item.set_type(static_cast<v1::ConversationType>(place.type));
  if (place.peer) item.set_peer_user_id(place.peer->value);
  item.set_title(place.name);
  item.set_joined(!place.former);
  if (place.type == Type::group && !place.former) item.set_my_role(static_cast<v1::GroupRole>(place.role));
  if (settings != nullptr) {
    v1::ConversationSettings& chosen = *item.mutable_settings();
    chosen.set_pinned(settings->pinned);
    chosen.set_muted(settings->muted);
    chosen.set_marked_unread(settings->marked_unread);
    chosen.set_hidden(settings->hidden_up_to.has_value());
    chosen.set_draft(settings->draft);
  }
  return line;
}

}  // namespace

async::Task<Result<account::ExportPart>> ExportSource::read(UserId user, std::string from, async::Deadline deadline) {
  HY_CO_TRY(const auto places, co_await conversations_.memberships_of(user, deadline));
  HY_CO_TRY(const auto settings, co_await settings_.all_of(user, deadline));
  const ConversationId after(number_from<std::uint64_t>(from).value_or(0));
  auto place = std::ranges::upper_bound(places, after, {}, &Membership::conversation);
  account::ExportPart part;
  for (std::size_t i = 0; i < kAtOnce && place != places.end(); ++i, ++place) {
    const auto chosen = settings.find(place->conversation);
    part.add(line_of(*place, chosen == settings.end() ? nullptr : &chosen->second));
  }
  if (place != places.end()) part.next = std::to_string(std::prev(place)->conversation.value);
  co_return part;
}

}  // namespace hongyan::conversation
