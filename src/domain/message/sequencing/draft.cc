#include "domain/message/sequencing/draft.h"

#include <algorithm>
#include <utility>

#include "base/sort_unique.h"

namespace hongyan::message::sequencing {
namespace {

Applied refused(Error error) { return {fail(std::move(error))}; }

// Adds or takes back; false when there is nothing to be done.
Result<bool> apply_reaction(std::vector<Reaction>& reactions, UserId user, const ReactAction& action, TimeMs now) {
  const auto found = std::ranges::find(reactions, action.emoji, &Reaction::emoji);
  if (!action.add) {
    if (found == reactions.end()) return false;
    if (std::erase_if(found->reactors, [user](const Reactor& one) { return one.user == user; }) == 0) return false;
    if (found->reactors.empty()) reactions.erase(found);
    return true;
  }
  std::size_t people = 0;
  for (const Reaction& reaction : reactions) people += reaction.reactors.size();
  if (found != reactions.end() && std::ranges::find(found->reactors, user, &Reactor::user) != found->reactors.end()) {
    return false;
  }
  if (people >= kMaxReactors) return fail(ErrorCode::quota_exceeded, "too many reactions");
  if (found != reactions.end()) {
    found->reactors.push_back({user, now});
    return true;
  }
  if (reactions.size() >= kMaxEmojis) return fail(ErrorCode::quota_exceeded, "too many different emojis");
  reactions.push_back({action.emoji, {{user, now}}});
  return true;
}

}  // namespace

Result<void> Draft::load(std::span<const Command* const> commands) {
  std::set<Place> targets;
  std::set<UserPlace> leaving;
  std::set<ConversationId> pinning;
  for (const Command* command : commands) {
    if (const auto target = target_of(*command)) targets.insert(*target);
    if (std::holds_alternative<PinAction>(command->action)) pinning.insert(command->conversation);
    if (const auto* line = std::get_if<SystemLineAction>(&command->action)) {
      for (const UserId user : line->leave) leaving.insert({user, command->conversation});
    }
  }
  batch_.messages.reserve(commands.size());
  touched_.reserve(commands.size());
  keeps_fresh_ = !targets.empty();
  if (keeps_fresh_) {
    const std::vector<Place> places(targets.begin(), targets.end());
    HY_TRY(auto found, ports_.store.find(places));
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (found[i]) stored_.emplace(places[i], std::move(*found[i]));
    }
  }
  if (!leaving.empty()) {
    const std::vector<UserPlace> places(leaving.begin(), leaving.end());
    HY_TRY(const auto found, ports_.store.bounds(places));
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (found[i]) bounds_.emplace(places[i], *found[i]);
    }
  }
  for (const ConversationId conversation : pinning) {
    HY_TRY(const auto pins, ports_.store.pins(conversation));
    pins_[conversation] = pins.size();
  }
  return {};
}

Applied Draft::apply(Command&& command, const Actor& actor) {
  if (auto* send_action = std::get_if<SendAction>(&command.action)) {
    return send(command.conversation, actor, std::move(*send_action));
  }
  if (auto* line = std::get_if<SystemLineAction>(&command.action)) {
    return append_line(command.conversation, std::move(*line));
  }
  StoredMessage* message = find(*target_of(command));
  if (message == nullptr) return refused(Error(ErrorCode::not_found, "no such message"));
  if (const auto* action = std::get_if<RecallAction>(&command.action)) return recall(*message, actor, *action);
  if (auto* action = std::get_if<EditAction>(&command.action)) return edit(*message, actor, std::move(*action));
  if (const auto* action = std::get_if<ReactAction>(&command.action)) return react(*message, actor, *action);
  return pin(*message, actor, std::get<PinAction>(command.action));
}

StoredMessage* Draft::find(const Place& place) {
  if (const auto fresh = fresh_.find(place); fresh != fresh_.end()) return &batch_.messages[fresh->second].message;
  const auto stored = stored_.find(place);
  return stored == stored_.end() ? nullptr : &stored->second;
}

Applied Draft::send(ConversationId conversation, const Actor& actor, SendAction&& action) {
  NewMessage fresh;
  if (action.quote) {
    const StoredMessage* quoted = find({conversation, *action.quote});
    if (quoted == nullptr) return refused(Error(ErrorCode::not_found, "no message to quote"));
    if (auto allowed = may_quote(*quoted); !allowed) return refused(std::move(allowed).error());
    fresh.message.quote = quote_of(*quoted);
  }
  const bool names_all = action.mentions && action.mentions->all();
  if (names_all) {
    if (auto allowed = may_mention_all(actor); !allowed) return refused(std::move(allowed).error());
  }
  fresh.message.conversation = conversation;
  fresh.message.sender = actor.user;
  fresh.message.client_msg_id = std::move(action.client_msg_id);
  fresh.message.content = std::move(action.content);
  fresh.message.mentions = std::move(action.mentions);
  fresh.hash = action.hash;
  Applied applied = append(std::move(fresh));
  if (!applied.outcome) return applied;
  const StoredMessage& message = batch_.messages.back().message;
  if (names_all) ports_.numbering.note_mention_all(conversation);
  if (message.mentions) {
    for (const std::uint64_t user : message.mentions->user_ids()) {
      batch_.mentions.push_back({{UserId(user), conversation}, message.seq});
    }
  }
  return applied;
}

Applied Draft::append_line(ConversationId conversation, SystemLineAction&& action) {
  NewMessage fresh;
  fresh.message.conversation = conversation;
  fresh.message.client_msg_id = std::move(action.client_msg_id);
  const bool everybody = line_names_all(action.content);
  fresh.message.content = std::move(action.content);
  fresh.message.join = std::move(action.join);
  fresh.message.leave = std::move(action.leave);
  fresh.hash = action.hash;
  Applied applied = append(std::move(fresh));
  if (!applied.outcome) return applied;
  if (everybody) ports_.numbering.note_mention_all(conversation);
  const StoredMessage& line = batch_.messages.back().message;
  for (const UserId user : line.leave) {
    const auto bound = bounds_.find({user, conversation});
    // Who never came in sees nothing, and who has left does not see more for leaving again.
    if (bound == bounds_.end() || bound->second.left) continue;
    set_bound({user, conversation}, {bound->second.joined, line.seq});
  }
  for (const UserId user : line.join) set_bound({user, conversation}, {line.seq, Seq(0)});
  return applied;
}

Applied Draft::append(NewMessage&& fresh) {
  const auto id = ports_.ids.next();
  if (!id) return refused(unavailable(id.error().detail));
  StoredMessage& message = fresh.message;
  const auto numbers = ports_.numbering.next_message({message.sender, message.conversation}, now_);
  message.id = MessageId(*id);
  message.seq = numbers.seq;
  message.ordinal = numbers.ordinal;
  message.own_ordinal = numbers.own_ordinal;
  message.time = numbers.time;
  Outcome outcome;
  outcome.ack = {message.id, message.seq, message.time};
  if (keeps_fresh_) fresh_.emplace(Place{message.conversation, message.seq}, batch_.messages.size());
  touched_.push_back(message.conversation);
  const Effect effect{Effect::Kind::message, batch_.messages.size(), numbers.change};
  batch_.messages.push_back(std::move(fresh));
  return {std::move(outcome), effect};
}

Applied Draft::recall(StoredMessage& message, const Actor& actor, const RecallAction& action) {
  if (auto allowed = may_recall(message, actor, action.sender_role, now_, windows_); !allowed) {
    return refused(std::move(allowed).error());
  }
  if (message.recalled) return unchanged(message, actor);
  if (message.mentions) {
    for (const std::uint64_t user : message.mentions->user_ids()) {
      batch_.mentions_removed.push_back({{UserId(user), message.conversation}, message.seq});
    }
  }
  message.recalled = Mark{actor.user, now_};
  message.content.Clear();
  message.quote.reset();
  message.mentions.reset();
  message.reactions.clear();
  if (message.pinned) {
    message.pinned.reset();
    if (const auto pins = pins_.find(message.conversation); pins != pins_.end()) --pins->second;
  }
  return changed(message, actor, ChangeKind::recall);
}

Applied Draft::edit(StoredMessage& message, const Actor& actor, EditAction action) {
  const bool same = message.sender == actor.user && message.content.has_text() &&
                    message.content.text().text() == action.content.text().text();
  // Before the window is asked, so that the repeat of an edit in its last second is answered like the first.
  if (same) return unchanged(message, actor);
  if (auto allowed = may_edit(message, actor, now_, windows_); !allowed) return refused(std::move(allowed).error());
  message.content = std::move(action.content);
  message.edited = std::max(now_, message.time);
  return changed(message, actor, ChangeKind::edit);
}

Applied Draft::react(StoredMessage& message, const Actor& actor, const ReactAction& action) {
  if (auto allowed = may_react(message); !allowed) return refused(std::move(allowed).error());
  auto done = apply_reaction(message.reactions, actor.user, action, now_);
  if (!done) return refused(std::move(done).error());
  if (!*done) return unchanged(message, actor);
  return changed(message, actor, ChangeKind::reaction, action.emoji, action.add);
}

Applied Draft::pin(StoredMessage& message, const Actor& actor, const PinAction& action) {
  if (auto allowed = may_pin(message, actor); !allowed) return refused(std::move(allowed).error());
  if (message.pinned.has_value() == action.on) return unchanged(message, actor);
  std::size_t& pins = pins_[message.conversation];
  if (action.on && pins >= kMaxPins) return refused(Error(ErrorCode::quota_exceeded, "too many pins"));
  if (action.on) {
    message.pinned = Mark{actor.user, now_};
    ++pins;
  } else {
    message.pinned.reset();
    --pins;
  }
  return changed(message, actor, ChangeKind::pin, {}, action.on);
}

Applied Draft::changed(StoredMessage& message, const Actor& actor, ChangeKind kind, std::string emoji, bool added) {
  const Place place{message.conversation, message.seq};
  message.change = ports_.numbering.next_change(message.conversation);
  if (stored_.contains(place)) changed_.insert(place);
  touched_.push_back(message.conversation);
  const Effect effect{Effect::Kind::change, batch_.changes.size(), message.change};
  batch_.changes.push_back({.conversation = message.conversation,
                            .number = message.change,
                            .seq = message.seq,
                            .kind = kind,
                            .by = actor.user,
                            .emoji = std::move(emoji),
                            .added = added,
                            .time = now_});
  return {unchanged(message, actor).outcome, effect};
}

Applied Draft::unchanged(const StoredMessage& message, const Actor& actor) {
  Outcome outcome;
  outcome.changed = std::make_unique<Changed>(Changed{message.change, to_proto(message), mine_of(message, actor.user)});
  return {std::move(outcome)};
}

void Draft::set_bound(const UserPlace& place, const Bound& bound) {
  bounds_[place] = bound;
  new_bounds_.insert(place);
}

CommitBatch Draft::finish(CommitNo number) {
  batch_.number = number;
  for (const Place& place : changed_) batch_.changed.push_back(std::move(stored_.at(place)));
  for (const UserPlace& place : new_bounds_) batch_.bounds.emplace_back(place, bounds_.at(place));
  sort_unique(touched_);
  for (const ConversationId conversation : touched_) {
    batch_.heads.emplace_back(conversation, ports_.numbering.head_after(conversation, number));
  }
  return std::move(batch_);
}

}  // namespace hongyan::message::sequencing
