#include "domain/message/reading/mentioned.h"

#include <algorithm>

#include "domain/message/rules.h"

namespace hongyan::message::reading {
namespace {

// Mentions looked at, so that the newest may be one that does not count.
constexpr std::size_t kLookedAt = 8;

// Messages that may name the user, each with the index of its summary.
struct Candidates {
  std::vector<std::size_t> which;
  std::vector<Place> places;
};

Result<Candidates> find_candidates(const Stores& stores, UserId user, std::span<const Sight> sights,
                                   std::span<const Head> heads, const std::vector<Summary>& summaries) {
  Candidates candidates;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    const SeqRange unread{Seq(std::max(summaries[i].read.value + 1, sights[i].seqs.from.value)), sights[i].seqs.to};
    const bool all_named = contains(unread, heads[i].mention_all);
    // Who is named by somebody else has something unread, or it was a line, which is not counted.
    if (summaries[i].unread == 0 && !all_named) continue;
    const UserPlace place{user, summaries[i].conversation};
    HY_TRY(auto seqs, stores.mentions.mentions_in({.place = place, .seqs = unread, .limit = kLookedAt}));
    if (all_named) seqs.push_back(heads[i].mention_all);
    for (const Seq seq : seqs) {
      candidates.which.push_back(i);
      candidates.places.push_back({place.conversation, seq});
    }
  }
  return candidates;
}

}  // namespace

Result<void> fill_mentioned(const Stores& stores, UserId user, std::span<const Sight> sights,
                            std::span<const Head> heads, std::vector<Summary>& summaries) {
  HY_TRY(const Candidates candidates, find_candidates(stores, user, sights, heads, summaries));
  if (candidates.places.empty()) return {};
  std::vector<UserSeq> asked;
  for (const Place& place : candidates.places) asked.push_back({{user, place.conversation}, place.seq});
  HY_TRY(const auto found, stores.messages.find(candidates.places));
  HY_TRY(const auto hidden, stores.hidden.hidden(asked));
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i] || found[i]->recalled || speaker_of(*found[i]) == user || hidden[i]) continue;
    auto& mentioned = summaries[candidates.which[i]].mentioned;
    mentioned = std::max(mentioned.value_or(Seq(0)), found[i]->seq);
  }
  return {};
}

}  // namespace hongyan::message::reading
