#include "simulation/replica.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace hongyan::simulation {
namespace {

constexpr Replica::Number kNoEnd = std::numeric_limits<Replica::Number>::max();

bool names(const google::protobuf::RepeatedField<std::uint64_t>& users, UserId user) {
  return std::ranges::find(users, user.value) != users.end();
}

}  // namespace

Replica::Number Replica::unread() const {
  return std::count_if(messages_.upper_bound(read_seq_), messages_.end(), [this](const auto& held) {
    return held.second.sender_id() != me_.value && counts(held.second);
  });
}

void Replica::pushed(const v1::MessagePush& push) {
  const bool joins = names(push.join(), me_);
  const bool leaves = names(push.leave(), me_);
  if (joins && push.seq() > std::max(joined_seq_, left_seq_.value_or(0))) start_at(push.seq());
  if (leaves && left_seq_ && push.seq() > *left_seq_) end_at(push.seq());
  if (!allowed(push.seq())) return;
  hear(push.seq(), push.change());
  come(push.message());
  advance();
  if (leaves) end_at(push.seq());
}

void Replica::changed(const v1::ChangePush& push) {
  if (push.change() <= change_) return;
  // They may have been brought in again, and be told of that later: by the answer that is under way.
  if (left_seq_) return void(away_change_ = std::max(away_change_, push.change()));
  hear(0, push.change());
  early_[push.change()] = push;
  drain();
}

void Replica::listed(const v1::ListMessagesResponse& page) {
  for (const v1::Message& message : page.items()) come(message);
  // What lies beyond the end that is known is not kept: a later one may be told, and is pulled then.
  const Number to_seq = std::min(page.to_seq(), left_seq_.value_or(kNoEnd));
  if (page.from_seq() <= std::max(seq_, lowest_ - 1) + 1) seq_ = std::max(seq_, to_seq);
  advance();
}

void Replica::caught_up(const v1::ListChangesResponse& answer) {
  if (answer.has_reset()) {
    forget();
    change_ = answer.reset().change();
    hear(answer.reset().seq(), answer.reset().change());
    return;
  }
  for (const v1::Message& message : answer.items()) come(message);
  change_ = std::max(change_, answer.up_to_change());
  drain();
}

void Replica::seen(const v1::Conversation& view) {
  is_group_ = view.type() == v1::CONVERSATION_TYPE_GROUP;
  // Read before the member left.
  if (left_seq_ && view.joined_seq() <= *left_seq_) return;
  if (view.joined_seq() > joined_seq_) start_at(view.joined_seq());
  // What is listed from now on holds all changes up to this head.
  if (std::exchange(fresh_, false)) change_ = view.change();
  hear(view.seq(), view.change());
  read_by(me_, view.read_seq());
  peer_read_seq_ = std::max(peer_read_seq_, view.peer_read_seq());
}

void Replica::hear(Number seq, Number change) {
  head_seq_ = std::min(std::max(head_seq_, seq), left_seq_.value_or(kNoEnd));
  if (!left_seq_) head_change_ = std::max(head_change_, change);
}

void Replica::read_by(UserId user, Number seq) {
  Number& mark = user == me_ ? read_seq_ : peer_read_seq_;
  mark = std::max(mark, seq);
}

void Replica::gone(Number left_seq, Number joined_seq) {
  if (joined_seq_ != joined_seq || left_seq < std::max(joined_seq, left_seq_.value_or(0) + 1)) return;
  end_at(left_seq);
}

void Replica::cleared(Number up_to_seq) {
  cleared_ = std::max(cleared_, up_to_seq);
  lowest_ = std::max(lowest_, cleared_ + 1);
  messages_.erase(messages_.begin(), messages_.lower_bound(lowest_));
  seq_ = std::max(seq_, cleared_);
  advance();
}

void Replica::deleted(Number seq) {
  deleted_.insert(seq);
  messages_.erase(seq);
  advance();
}

void Replica::come_back(Number joined_seq) {
  const auto left_seq = left_seq_;
  start_at(joined_seq);
  // Beyond where they left: somebody has brought them in again.
  if (left_seq && *left_seq >= joined_seq) end_at(*left_seq);
}

// A join of one's own: what was before it is out of sight.
void Replica::start_at(Number joined_seq) {
  joined_seq_ = joined_seq;
  lowest_ = std::max(joined_seq, cleared_ + 1);
  left_seq_.reset();
  head_change_ = std::max(head_change_, away_change_);
  messages_.erase(messages_.begin(), messages_.lower_bound(lowest_));
  seq_ = std::max(seq_, joined_seq - 1);
  read_seq_ = std::max(read_seq_, joined_seq);
  advance();
}

// A leave of one's own: nothing above it is for this device.
void Replica::end_at(Number left_seq) {
  left_seq_ = left_seq;
  head_seq_ = left_seq;
  head_change_ = change_;
  early_.clear();
}

void Replica::advance() {
  while (messages_.contains(seq_ + 1) || deleted_.contains(seq_ + 1)) ++seq_;
}

void Replica::drain() {
  for (auto next = early_.find(change_ + 1); next != early_.end(); next = early_.find(change_ + 1)) {
    ++change_;
    apply(next->second);
  }
  early_.erase(early_.begin(), early_.upper_bound(change_));
}

void Replica::apply(const v1::ChangePush& push) {
  // Of a message that is not for this device there is the number alone.
  if (!push.has_message()) return;
  const Number seq = push.message().seq();
  if (!messages_.contains(seq)) {
    ahead_[seq].push_back(push);
    return;
  }
  v1::Message state = push.message();
  state.clear_mine();
  for (std::string& emoji : mine_after(push)) state.add_mine(std::move(emoji));
  keep(state);
}

// A message by itself, and what has changed it since.
void Replica::come(const v1::Message& state) {
  const auto later = ahead_.extract(state.seq());
  keep(state);
  if (later.empty()) return;
  for (const v1::ChangePush& push : later.mapped()) {
    if (push.change() > state.change()) apply(push);
  }
}

// Replaces what is held unless `state` is older. One as new may tell more: after a recovery the pushes of several changes carry the
// same state, and each tells of another reaction of one's own.
void Replica::keep(const v1::Message& state) {
  const auto held = messages_.find(state.seq());
  if (held != messages_.end() && held->second.change() > state.change()) return;
  if (allowed(state.seq())) messages_[state.seq()] = state;
}

// Pushes do not say which reactions are one's own.
std::vector<std::string> Replica::mine_after(const v1::ChangePush& push) const {
  const auto& before = messages_.at(push.message().seq()).mine();
  std::vector<std::string> mine(before.begin(), before.end());
  if (push.kind() == v1::CHANGE_KIND_RECALL) return {};
  if (push.by() != me_.value || !push.has_emoji()) return mine;
  std::erase(mine, push.emoji());
  if (push.added()) mine.push_back(push.emoji());
  return mine;
}

void Replica::forget() {
  messages_.clear();
  early_.clear();
  ahead_.clear();
  seq_ = lowest_ - 1;
}

}  // namespace hongyan::simulation
