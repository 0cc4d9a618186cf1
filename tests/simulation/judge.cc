#include "simulation/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulation/stays.h"

namespace hongyan::simulation {
namespace {

using History = std::vector<v1::Message>;

// One conversation, and what everybody is told of it.
class ServerJudge {
 public:
  ServerJudge(Ledger& ledger, ConversationId conversation, const History& whole)
      : ledger_(ledger), conversation_(conversation), whole_(whole) {}

  // Dense seqs, ids and changes once, time that never falls.
  void numbers() {
    std::set<std::uint64_t> ids;
    std::set<std::int64_t> changes;
    std::int64_t time = 0;
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      const v1::Message& message = whole_[i];
      expect(message.seq() == static_cast<std::int64_t>(i) + 1, "seq {} where {} belongs", message.seq(), i + 1);
      expect(ids.insert(message.message_id()).second, "the id of seq {} twice", message.seq());
      expect(message.change() == 0 || changes.insert(message.change()).second, "change {} twice", message.change());
      expect(message.time_ms() >= time, "time falls at seq {}", message.seq());
      time = message.time_ms();
    }
  }

  // Each acked send once and where it was promised, nothing nobody has sent.
  void promises() {
    std::map<const Sent*, std::int64_t> places;
    for (const v1::Message& message : whole_) {
      change(message);
      if (!counts(message)) continue;
      const UserId sender(message.sender_id());
      const auto stays = stays_for(sender);
      expect(std::ranges::any_of(stays, [&](const Stay& stay) { return stay.has(message.seq()); }),
             "{} was not in the group when they sent seq {}", sender.value, message.seq());
      const Sent* sent = find(message);
      if (sent == nullptr) {
        expect(message.client_msg_id().starts_with('~') && ledger_.has_forwarded(sender),
               "nobody has sent {} at seq {}", message.client_msg_id(), message.seq());
        continue;
      }
      const auto [place, fresh] = places.emplace(sent, message.seq());
      expect(fresh, "{} stands at {} and at {}", message.client_msg_id(), place->second, message.seq());
      promise(message, *sent);
    }
    for (const auto& [place, id] : ledger_.forwarded()) {
      const auto at = static_cast<std::size_t>(place.second - 1);
      expect(place.first != conversation_ || (at < whole_.size() && whole_[at].message_id() == id),
             "what was forwarded to seq {} is lost", place.second);
    }
    for (const auto& [key, sent] : ledger_.sent()) {
      if (sent.request.conversation_id() != conversation_.value) continue;
      expect(!sent.ack || places.contains(&sent), "{} is lost", key.second);
      expect(sent.ack || sent.refused, "{} has no answer", key.second);
    }
  }

  // What a device has sent stands in the order it sent it in.
  void order() {
    std::map<int, int> last;
    for (const v1::Message& message : whole_) {
      const Sent* sent = find(message);
      if (sent == nullptr || sent->overtaken) continue;
      const auto [before, fresh] = last.emplace(sent->lane, sent->order);
      expect(fresh || before->second < sent->order, "seq {} was sent before what stands above it", message.seq());
      before->second = sent->order;
    }
  }

  // One person's marks and counts, and that they see what everybody sees.
  void view(UserId user, const Story& story) {
    const bool group = story.view.type() == v1::CONVERSATION_TYPE_GROUP;
    const auto stays = stays_for(user);
    expect(!stays.empty(), "{} sees a group they never were in", user.value);
    if (stays.empty()) return;
    range(user, story, stays);
    hidden(user, story);
    for (const v1::Message& message : story.messages) reactions(user, story, message);
    // A former member has nothing to count and no pins to see.
    if (story.left_seq) return;
    std::set<std::int64_t> pinned;
    for (const v1::Message& message : story.messages) {
      if (message.pinned()) pinned.insert(message.seq());
    }
    expect(story.pins == pinned, "{} is told {} pins, pinned are {}", user.value, story.pins.size(), pinned.size());
    marks(user, story, group ? stays.back().joined_seq : 0);
    mentioned(user, story);
    if (group) members(story);
    const std::string last = story.messages.empty() ? "" : shared_state(story.messages.back());
    const bool same = story.view.has_last_message() ? shared_state(story.view.last_message()) == last : last.empty();
    expect(same, "the last message that {} is told is not the last", user.value);
  }

  // Nobody was ever shown anything from before they came or after they went.
  void shown(UserId user, bool is_theirs) {
    const auto stays = is_theirs ? stays_for(user) : std::vector<Stay>();
    for (const std::int64_t seq : ledger_.seqs_shown(user, conversation_)) {
      expect(std::ranges::any_of(stays, [seq](const Stay& stay) { return stay.has(seq); }),
             "{} was shown seq {}, and was not in the group", user.value, seq);
    }
  }

  // In a 1:1 each sees the other's mark.
  void peers(const Story& one, const Story& other, UserId user) {
    expect(one.view.peer_read_seq() == other.view.read_seq(), "{} is told the other has read {}, it is {}", user.value,
           one.view.peer_read_seq(), other.view.read_seq());
  }

 private:
  template <class... Args>
  void expect(bool holds, fmt::format_string<Args...> format, Args&&... args) {
    if (holds) return;
    ledger_.complain(
        fmt::format("conversation {}: {}", conversation_.value, fmt::format(format, std::forward<Args>(args)...)));
  }

  // Of a conversation that is no group, the one without an end.
  std::vector<Stay> stays_for(UserId user) const {
    const bool group = !whole_.empty() && whole_.front().content().has_system();
    return group ? stays_of(user, whole_) : std::vector{Stay{}};
  }

  const Sent* find(const v1::Message& message) const {
    const auto found = ledger_.sent().find({UserId(message.sender_id()), message.client_msg_id()});
    if (found == ledger_.sent().end()) return nullptr;
    return found->second.request.conversation_id() == conversation_.value ? &found->second : nullptr;
  }

  void promise(const v1::Message& message, const Sent& sent) {
    const std::string& id = message.client_msg_id();
    if (sent.ack) {
      const bool kept = sent.ack->seq() == message.seq() && sent.ack->message_id() == message.message_id() &&
                        sent.ack->time_ms() == message.time_ms();
      expect(kept, "{} was acked as {}, stands at {}", id, sent.ack->seq(), message.seq());
    } else {
      // An earlier attempt may have been under way when a later one was refused.
      expect(sent.attempts > 1, "{} was refused and stands at {}", id, message.seq());
    }
    if (!message.has_recalled()) {
      const std::int64_t quoted = message.has_quote() ? message.quote().seq() : 0;
      expect(quoted == sent.request.quote_seq(), "{} answers {}, not {}", id, quoted, sent.request.quote_seq());
    }
    const bool same = message.content().text().text() == sent.request.content().text().text();
    expect(message.change() > 0 || same, "the text of {} differs", id);
  }

  void change(const v1::Message& message) {
    const std::int64_t promised = ledger_.promised_change(conversation_, message.seq());
    expect(message.change() >= promised, "seq {} has change {}, promised was {}", message.seq(), message.change(),
           promised);
    const bool bare = !message.has_content() && !message.has_quote() && message.reactions_size() == 0;
    expect(!ledger_.is_recalled(conversation_, message.seq()) || (message.has_recalled() && bare),
           "seq {} was recalled and is still there", message.seq());
  }

  void range(UserId user, const Story& story, const std::vector<Stay>& stays) {
    const Stay& now = stays.back();
    std::vector<std::string> seen;
    std::vector<std::string> expected;
    for (const v1::Message& message : story.messages) seen.push_back(shared_state(message));
    for (const v1::Message& message : whole_) {
      if (now.has(message.seq()) && !story.hidden.has(message.seq())) expected.push_back(shared_state(message));
    }
    expect(seen == expected, "{} sees another history than others: {} messages instead of {}", user.value, seen.size(),
           expected.size());
    expect(story.left_seq.value_or(Stay::kOpen) == now.left_seq, "{} has left at {}, is shown {}", user.value,
           now.left_seq, story.left_seq.value_or(Stay::kOpen));
    if (story.view.has_joined_seq()) {
      expect(story.view.joined_seq() == now.joined_seq, "{} has joined at {}, is told {}", user.value, now.joined_seq,
             story.view.joined_seq());
    }
    if (!story.left_seq) {
      expect(story.view.seq() == static_cast<std::int64_t>(whole_.size()), "the head is {}, the history has {}",
             story.view.seq(), whole_.size());
    }
  }

  // The counts of a message are those of its list of reactions, and `mine` are one's own of it.
  void reactions(UserId user, const Story& story, const v1::Message& message) {
    const auto listed = story.reactions.find(message.seq());
    if (listed == story.reactions.end()) return;
    std::map<std::string, std::int64_t> told;
    std::map<std::string, std::int64_t> counted;
    std::set<std::string> own;
    for (const v1::Reaction& reaction : message.reactions()) told[reaction.emoji()] = reaction.count();
    for (const auto& [emoji, by] : listed->second) {
      ++counted[emoji];
      if (by == user) own.insert(emoji);
    }
    expect(told == counted, "the reactions to seq {} are counted wrong", message.seq());
    expect(own == std::set<std::string>(message.mine().begin(), message.mine().end()),
           "{} is told wrong reactions of their own to seq {}", user.value, message.seq());
  }

  void marks(UserId user, const Story& story, std::int64_t start) {
    const MarkPromise& mark = ledger_.mark(user, conversation_);
    const std::int64_t read = story.view.read_seq();
    expect(read >= mark.acked, "the read mark of {} fell from {} to {}", user.value, mark.acked, read);
    expect(read <= std::max(mark.tried, start), "the read mark of {} is {}, nobody asked for more than {}", user.value,
           read, mark.tried);
    // What somebody has deleted for themselves without having read it counts as unread until they read on.
    const auto unread = std::ranges::count_if(whole_, [&](const v1::Message& message) {
      return message.seq() > std::max({read, start - 1, story.hidden.cleared}) && message.sender_id() != user.value &&
             counts(message);
    });
    expect(story.view.unread() == unread, "{} is told {} unread, there are {}", user.value, story.view.unread(),
           unread);
  }

  void hidden(UserId user, const Story& story) {
    const Ledger::Hidden& promised = ledger_.hidden(user, conversation_);
    expect(story.hidden.cleared >= promised.cleared, "what {} has cleared up to {} is there again from {} on",
           user.value, promised.cleared, story.hidden.cleared);
    for (const std::int64_t seq : promised.deleted) {
      expect(story.hidden.has(seq), "seq {} that {} has deleted is there again", seq, user.value);
    }
  }

  // Of messages to everybody only the newest is kept, so an earlier one may go untold once that is recalled.
  void mentioned(UserId user, const Story& story) {
    const std::int64_t told = story.view.mentioned_seq();
    bool true_one = told == 0;
    std::int64_t newest = 0;
    for (const v1::Message& message : story.messages) {
      if (message.seq() <= story.view.read_seq() || message.sender_id() == user.value) continue;
      const auto& users = message.mentions().user_ids();
      const bool named = std::ranges::find(users, user.value) != users.end();
      if (named) newest = message.seq();
      if (message.seq() == told) true_one = named || message.mentions().all();
    }
    expect(true_one && told >= newest, "{} is told of a mention at {}, the newest is at {}", user.value, told, newest);
  }

  void members(const Story& story) {
    std::set<UserId> present;
    for (const v1::Message& message : whole_) {
      for (const UserId user : named_in(message)) {
        if (const auto stays = stays_of(user, whole_); !stays.empty() && stays.back().left_seq == Stay::kOpen) {
          present.insert(user);
        }
      }
    }
    expect(story.members == present, "{} members are listed, by the history there are {}", story.members.size(),
           present.size());
  }

  Ledger& ledger_;
  const ConversationId conversation_;
  const History& whole_;
};

// The seqs of what somebody has.
std::string seqs_in_words(const auto& messages) {
  std::string text;
  for (const auto& message : messages) {
    if constexpr (requires { message.seq(); }) {
      text += fmt::format("{} ", message.seq());
    } else {
      text += fmt::format("{} ", message.first);
    }
  }
  return text;
}

const Story* story_of(const std::vector<Truth>& truths, UserId user, ConversationId conversation) {
  for (const Truth& truth : truths) {
    if (truth.user != user) continue;
    const auto found = truth.stories.find(conversation);
    return found == truth.stories.end() ? nullptr : &found->second;
  }
  return nullptr;
}

}  // namespace

void judge_server(Ledger& ledger, const std::vector<Truth>& truths, const std::map<ConversationId, History>& whole) {
  for (const auto& [conversation, history] : whole) {
    ServerJudge judge(ledger, conversation, history);
    judge.numbers();
    judge.promises();
    judge.order();
    for (const Truth& truth : truths) {
      const auto story = truth.stories.find(conversation);
      judge.shown(truth.user, story != truth.stories.end());
      if (story == truth.stories.end()) {
        if (!stays_of(truth.user, history).empty()) {
          ledger.complain(fmt::format("user {} is told nothing of group {}", truth.user.value, conversation.value));
        }
        continue;
      }
      judge.view(truth.user, story->second);
      const UserId peer(story->second.view.peer_user_id());
      const Story* other = story_of(truths, peer, conversation);
      if (other != nullptr && peer != truth.user) judge.peers(story->second, *other, truth.user);
    }
  }
}

void judge_device(Ledger& ledger, const Device& device, const Truth& truth) {
  for (const auto& [conversation, story] : truth.stories) {
    const auto differ = [&, id = conversation](const char* what, const auto& mine, const auto& server) {
      if (mine == server) return;
      ledger.complain(fmt::format("device {} of user {}, conversation {}: {} is {}, on the server {}", device.number(),
                                  truth.user.value, id.value, what, mine, server));
    };
    const Replica* held = device.find(conversation);
    const std::int64_t first = story.messages.empty() ? Stay::kOpen : story.messages.front().seq();
    // Who was away all the time between a join and a leave is told nothing of it, except that it is over.
    if (story.left_seq && (held == nullptr || held->left_seq().value_or(0) < first)) continue;
    differ("held", held != nullptr, true);
    if (held == nullptr) continue;
    differ("seq", held->seq(), story.view.seq());
    differ("left_seq", held->left_seq().value_or(0), story.left_seq.value_or(0));
    differ("what it holds", seqs_in_words(held->messages()), seqs_in_words(story.messages));
    // What changed after a member had left did not come to them any more.
    if (story.left_seq) continue;
    differ("change", held->change(), story.view.change());
    differ("read_seq", held->read_seq(), story.view.read_seq());
    if (story.view.has_peer_read_seq()) differ("peer_read_seq", held->peer_read_seq(), story.view.peer_read_seq());
    // A device does not know what it no longer holds.
    const bool knows = story.hidden.deleted.upper_bound(held->read_seq()) == story.hidden.deleted.end();
    if (knows) differ("unread", held->unread(), story.view.unread());
    for (const v1::Message& message : story.messages) {
      const auto mine = held->messages().find(message.seq());
      const std::string state = mine == held->messages().end() ? "" : personal_state(mine->second);
      if (state != personal_state(message)) differ("a message", in_words(state), message.ShortDebugString());
    }
  }
  for (const auto& [conversation, replica] : device.replicas()) {
    if (truth.stories.contains(conversation)) continue;
    ledger.complain(fmt::format("device {}: {} is held, and not on the server", device.number(), conversation.value));
  }
}

}  // namespace hongyan::simulation
