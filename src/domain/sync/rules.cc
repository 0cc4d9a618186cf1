#include "domain/sync/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/numbers.h"

namespace hongyan::sync {
namespace {

void fill_group(const conversation::Membership& place, const std::optional<message::Bound>& bound,
                v1::Conversation& out) {
  out.set_title(place.name);
  out.set_avatar(place.avatar);
  out.set_group_version(place.group_version);
  for (const UserId user : place.faces) out.add_avatar_user_ids(user.value);
  if (bound) out.set_joined_seq(bound->joined.value);
  if (place.former) return;
  out.set_my_role(static_cast<v1::GroupRole>(place.role));
  if (place.muted_until) out.set_muted_until_ms(place.muted_until.value);
}

}  // namespace

bool Position::operator<(const Position& other) const {
  if (pinned != other.pinned) return pinned;
  if (time != other.time) return time > other.time;
  return conversation > other.conversation;
}

Position position_of(const message::Summary& summary, const SettingsBy& settings) {
  const auto found = settings.find(summary.conversation);
  return {found != settings.end() && found->second.pinned, summary.time, summary.conversation};
}

bool is_hidden(const message::Summary& summary, const SettingsBy& settings) {
  const auto found = settings.find(summary.conversation);
  return found != settings.end() && found->second.hidden_up_to && summary.head <= *found->second.hidden_up_to;
}

std::int64_t total_unread(std::span<const message::Summary> summaries, const SettingsBy& settings) {
  std::int64_t total = 0;
  for (const message::Summary& summary : summaries) {
    if (is_hidden(summary, settings)) continue;
    const auto found = settings.find(summary.conversation);
    if (found == settings.end()) {
      total += summary.unread;
    } else if (!found->second.muted) {
      total += std::max<std::int64_t>(summary.unread, found->second.marked_unread ? 1 : 0);
    }
  }
  return total;
}

std::vector<UserId> named_in(std::span<const v1::Conversation> conversations) {
  std::set<UserId> named;
  for (const v1::Conversation& one : conversations) {
    if (one.has_peer_user_id()) named.insert(UserId(one.peer_user_id()));
    if (one.last_message().sender_id() != 0) named.insert(UserId(one.last_message().sender_id()));
  }
  return {named.begin(), named.end()};
}

std::string to_text(const Position& position) {
  return fmt::format("{},{},{}", position.pinned ? 1 : 0, position.time.value, position.conversation.value);
}

std::optional<Position> position_from(std::string_view text) {
  Position position;
  int pinned = 0;
  if (!take_number(text, pinned, ',') || !take_number(text, position.time.value, ',')) return std::nullopt;
  position.pinned = pinned != 0;
  const auto conversation = number_from<std::uint64_t>(text);
  if (!conversation) return std::nullopt;
  position.conversation = ConversationId(*conversation);
  return position;
}

PageOrder page_of(std::span<const message::Summary> summaries, const SettingsBy& settings,
                  const std::optional<Position>& after, std::size_t limit) {
  PageOrder page;
  std::vector<Position> positions;
  for (const message::Summary& summary : summaries) positions.push_back(position_of(summary, settings));
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    if (is_hidden(summaries[i], settings)) continue;
    if (!after || *after < positions[i]) page.indexes.push_back(i);
  }
  const auto before = [&](std::size_t a, std::size_t b) { return positions[a] < positions[b]; };
  const std::size_t shown = std::min(limit, page.indexes.size());
  std::partial_sort(page.indexes.begin(), page.indexes.begin() + static_cast<std::ptrdiff_t>(shown), page.indexes.end(),
                    before);
  page.more = page.indexes.size() > shown;
  page.indexes.resize(shown);
  return page;
}

v1::Conversation to_proto(const conversation::Membership& membership, const message::Summary& summary,
                          const account::UserCard* peer, const std::optional<message::Bound>& bound,
                          const SettingsBy& settings) {
  v1::Conversation out;
  out.set_conversation_id(membership.conversation.value);
  out.set_type(static_cast<v1::ConversationType>(membership.type));
  out.set_state(static_cast<v1::ConversationState>(membership.state));
  if (membership.peer) out.set_peer_user_id(membership.peer->value);
  if (peer != nullptr) {
    out.set_title(peer->nickname);
    out.set_avatar(peer->avatar);
  }
  if (membership.type == conversation::Type::group) fill_group(membership, bound, out);
  out.set_seq(summary.head.value);
  out.set_change(summary.change.value);
  out.set_floor_seq(summary.floor.value);
  out.set_read_seq(summary.read.value);
  out.set_unread(summary.unread);
  if (summary.mentioned) out.set_mentioned_seq(summary.mentioned->value);
  if (summary.peer_read) out.set_peer_read_seq(summary.peer_read->value);
  if (summary.peer_delivered) out.set_peer_delivered_seq(summary.peer_delivered->value);
  if (summary.last_message) *out.mutable_last_message() = *summary.last_message;
  v1::ConversationSettings& chosen = *out.mutable_settings();
  if (const auto found = settings.find(membership.conversation); found != settings.end()) {
    chosen.set_pinned(found->second.pinned);
    chosen.set_muted(found->second.muted);
    chosen.set_marked_unread(found->second.marked_unread);
    chosen.set_hidden(is_hidden(summary, settings));
    chosen.set_draft(found->second.draft);
  }
  return out;
}

}  // namespace hongyan::sync
