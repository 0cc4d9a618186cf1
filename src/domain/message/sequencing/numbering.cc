#include "domain/message/sequencing/numbering.h"

#include <algorithm>
#include <vector>

#include "base/assert.h"
#include "base/sort_unique.h"

namespace hongyan::message::sequencing {

Result<void> Numbering::load(std::span<const UserPlace> places) {
  if (!commit_) {
    HY_TRY(commit_, store_.last_commit());
  }
  while (heads_.size() > capacity_) heads_.pop_oldest();
  while (own_.size() > capacity_) own_.pop_oldest();
  std::vector<ConversationId> no_head;
  std::vector<UserPlace> no_own;
  for (const UserPlace& place : places) {
    if (heads_.find(place.conversation) == nullptr) no_head.push_back(place.conversation);
    if (place.user && own_.find(place) == nullptr) no_own.push_back(place);
  }
  sort_unique(no_head);
  sort_unique(no_own);
  if (!no_head.empty()) {
    HY_TRY(const auto heads, store_.heads(no_head));
    for (std::size_t i = 0; i < no_head.size(); ++i) heads_.put(no_head[i], heads[i]);
  }
  if (!no_own.empty()) {
    std::vector<TallyAt> asked;
    for (const UserPlace& place : no_own)
      asked.push_back({place.conversation, place.user, loaded(place.conversation).seq});
    HY_TRY(const auto tallies, store_.tallies(asked));
    for (std::size_t i = 0; i < no_own.size(); ++i) own_.put(no_own[i], tallies[i].own);
  }
  return {};
}

Numbering::Numbers Numbering::next_message(const UserPlace& place, TimeMs now) {
  Head& head = loaded(place.conversation);
  ++head.seq.value;
  head.time = std::max(now, head.time);
  if (!place.user) return {head.seq, head.ordinal, Ordinal(0), head.time, head.change};
  Ordinal* own = own_.find(place);
  HY_CHECK(own != nullptr);
  ++head.ordinal.value;
  ++own->value;
  return {head.seq, head.ordinal, *own, head.time, head.change};
}

ChangeNo Numbering::next_change(ConversationId conversation) {
  Head& head = loaded(conversation);
  ++head.change.value;
  return head.change;
}

void Numbering::note_mention_all(ConversationId conversation) {
  Head& head = loaded(conversation);
  head.mention_all = head.seq;
}

CommitNo Numbering::next_commit() {
  HY_CHECK(commit_.has_value());
  ++commit_->value;
  return *commit_;
}

const Head& Numbering::head_after(ConversationId conversation, CommitNo commit) {
  Head& head = loaded(conversation);
  head.commit = commit;
  return head;
}

Head& Numbering::loaded(ConversationId conversation) {
  Head* head = heads_.find(conversation);
  HY_CHECK(head != nullptr);
  return *head;
}

void Numbering::clear() {
  heads_.clear();
  own_.clear();
  commit_.reset();
}

}  // namespace hongyan::message::sequencing
