#include "domain/message/reading/export_source.h"

#include <algorithm>
#include <array>

#include "base/numbers.h"
#include "domain/message/rules.h"
#include "hongyan/v1/export.pb.h"

namespace hongyan::message::reading {
namespace {

using account::ExportPart;
using conversation::Membership;

// Pages of history that one part looks at, and conversations without a message of the user's that it passes by.
constexpr int kPagesOfPart = 8;
constexpr int kPassedBy = 500;

// "42,7" and back: the conversation that comes next and the seq it begins with.
std::string to_text(const Place& place) {
  return std::to_string(place.conversation.value) + "," + std::to_string(place.seq.value);
}

Place place_from(std::string_view text) {
  Place place{ConversationId(0), Seq(1)};
  if (!take_number(text, place.conversation.value, ',')) return place;
  place.seq = Seq(number_from<std::int64_t>(text).value_or(1));
  return place;
}

// The seqs from `from` on, nothing when the user has written nothing there.
Result<SeqRange> written_range(MessageStore& store, const Membership& place, Seq from) {
  HY_TRY(const auto heads, store.heads(std::array{place.conversation}));
  const Seq head = heads.front().seq;
  HY_TRY(const auto tallies, store.tallies(std::array{TallyAt{place.conversation, place.user, head}}));
  if (tallies.front().own == Ordinal(0)) return SeqRange{Seq(1), Seq(0)};
  return SeqRange{from, head};
}

// Adds a page of one conversation; answers the seq that comes next, nothing when that was all.
Result<std::optional<Seq>> add_page(MessageStore& store, const Membership& place, const SeqRange& seqs,
                                    ExportPart& part) {
  HY_TRY(const ReadPage page, store.read({.conversation = place.conversation, .seqs = seqs}));
  for (const StoredMessage& message : page.messages) {
    if (message.sender != place.user) continue;
    v1::ExportLine line;
    *line.mutable_message() = to_proto(StoredMessage(message), place.user);
    part.add(line);
  }
  if (page.complete || page.messages.empty()) return std::optional<Seq>();
  return std::optional(Seq(page.messages.back().seq.value + 1));
}

// Blocks.
Result<ExportPart> read_part(MessageStore& store, const std::vector<Membership>& places, Place from) {
  ExportPart part;
  auto place = std::ranges::lower_bound(places, from.conversation, {}, &Membership::conversation);
  int pages = 0;
  for (int passed = 0; place != places.end(); ++place, ++passed) {
    if (pages == kPagesOfPart || passed == kPassedBy || part.text.size() >= account::ExportSource::kPartBytes) {
      part.next = to_text({place->conversation, Seq(1)});
      return part;
    }
    const Seq first = place->conversation == from.conversation ? from.seq : Seq(1);
    HY_TRY(SeqRange seqs, written_range(store, *place, first));
    while (!seqs.empty()) {
      HY_TRY(const auto next, add_page(store, *place, seqs, part));
      if (!next) break;
      seqs.from = *next;
      if (++pages < kPagesOfPart && part.text.size() < account::ExportSource::kPartBytes) continue;
      part.next = to_text({place->conversation, seqs.from});
      return part;
    }
  }
  return part;
}

}  // namespace

async::Task<Result<ExportPart>> ExportSource::read(UserId user, std::string from, async::Deadline deadline) {
  HY_CO_TRY(auto places, co_await conversations_.memberships_of(user, deadline));
  co_return co_await pool_.run(deadline, [&store = store_, places = std::move(places), place = place_from(from)] {
    return read_part(store, places, place);
  });
}

}  // namespace hongyan::message::reading
