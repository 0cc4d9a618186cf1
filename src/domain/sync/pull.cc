#include "domain/sync/pull.h"

#include <algorithm>
#include <array>

#include "base/numbers.h"

namespace hongyan::sync {
namespace {

// Numbers with dots between them, and what stands behind the last dot.
template <std::size_t Count>
struct Parsed {
  std::array<std::uint64_t, Count> numbers{};
  std::string_view rest;
};

template <std::size_t Count>
std::optional<Parsed<Count>> parse(std::string_view text) {
  Parsed<Count> parsed;
  for (std::uint64_t& number : parsed.numbers) {
    if (!take_number(text, number, '.')) return std::nullopt;
  }
  parsed.rest = text;
  return parsed;
}

std::string text_of(std::uint64_t number) { return std::to_string(number) + "."; }
std::string text_of(std::int64_t number) { return text_of(static_cast<std::uint64_t>(number)); }
std::int64_t number_of(std::uint64_t number) { return static_cast<std::int64_t>(number); }

// Whether the other person's marks are those the client holds, as far as it follows them.
bool knows_peer(const v1::HeldConversation& mine, const message::Standing& standing) {
  const auto same = [](std::int64_t held, const std::optional<Seq>& stands) {
    return held == stands.value_or(Seq(0)).value;
  };
  return (!mine.has_peer_read_seq() || same(mine.peer_read_seq(), standing.peer_read)) &&
         (!mine.has_peer_delivered_seq() || same(mine.peer_delivered_seq(), standing.peer_delivered));
}

Since since_of(std::uint64_t commit, std::uint64_t cursor, std::string_view epoch) {
  return {std::string(epoch), {message::CommitNo(number_of(commit)), message::CursorNo(number_of(cursor))}};
}

}  // namespace

std::string to_text(const Since& since) {
  return text_of(since.stamp.commit.value) + text_of(since.stamp.cursor.value) + since.epoch;
}

std::optional<Since> since_from(std::string_view text) {
  const auto parsed = parse<2>(text);
  if (!parsed || parsed->rest.empty()) return std::nullopt;
  return since_of(parsed->numbers[0], parsed->numbers[1], parsed->rest);
}

std::string to_text(const PullPosition& position) {
  return text_of(position.version.value) + text_of(position.after.value) + to_text(position.since);
}

std::optional<PullPosition> pull_position_from(std::string_view text) {
  const auto parsed = parse<2>(text);
  if (!parsed) return std::nullopt;
  auto since = since_from(parsed->rest);
  if (!since) return std::nullopt;
  return PullPosition{*std::move(since), account::UserVersion(number_of(parsed->numbers[0])),
                      ConversationId(parsed->numbers[1])};
}

Movement movement_of(const message::Standing& standing, const Known& known) {
  if (std::ranges::find(known.named, standing.conversation) != known.named.end()) return Movement::moved;
  if (known.stamp) {
    const bool moved = standing.moved.commit > known.stamp->commit || standing.moved.cursor > known.stamp->cursor;
    return moved ? Movement::moved : Movement::none;
  }
  const auto held = known.held.find(standing.conversation);
  if (held == known.held.end()) return Movement::moved;
  const v1::HeldConversation& mine = held->second;
  if (mine.seq() > standing.head.value || mine.change() > standing.change.value) return Movement::ahead;
  const bool same = mine.seq() == standing.head.value && mine.change() == standing.change.value &&
                    mine.read_seq() == standing.read.value && knows_peer(mine, standing);
  return same ? Movement::none : Movement::moved;
}

bool is_short_of(const message::Standing& standing, const Known& known) {
  const auto held = known.held.find(standing.conversation);
  return held == known.held.end() || held->second.seq() < standing.head.value;
}

}  // namespace hongyan::sync
