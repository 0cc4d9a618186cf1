// What was asked of the server and promised by it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "hongyan/v1/message.pb.h"

namespace hongyan::simulation {

// A message somebody has tried to send, perhaps from several devices, each perhaps several times.
struct Sent {
  UserId sender;
  v1::SendRequest request;
  // The device whose order it keeps, and its place in that order.
  int lane = 0;
  int order = 0;
  int attempts = 0;
  // The server's promise, once it was heard.
  std::optional<v1::SendResponse> ack;
  // A device was told for good that this is not possible.
  std::optional<ErrorCode> refused;
  // It was refused for a while, or is sent by several devices, so that a later one may have passed it.
  bool overtaken = false;
};

// A read mark of one person in one conversation: what was asked for, and what was promised.
struct MarkPromise {
  std::int64_t tried = 0;
  std::int64_t acked = 0;
};

// Kept apart from what the devices make of it. Owned by the world.
class Ledger {
 public:
  using Key = std::pair<UserId, std::string>;

  // What is wrong, in words; only the first ones.
  const std::vector<std::string>& problems() const { return problems_; }
  void complain(std::string what);

  // Everything that has happened, for who looks for the cause of a problem.
  const std::vector<std::string>& log() const { return log_; }
  void note(std::string what);
  // How often something happened.
  void count(const std::string& what) { ++counts_[what]; }
  const std::map<std::string, int>& counts() const { return counts_; }

  // A new message in the order of the device `lane`.
  Sent& compose(UserId sender, v1::SendRequest request, int lane);
  const std::map<Key, Sent>& sent() const { return sent_; }
  // An `ok` to a send. A repeat must give the first answer again.
  void acked(Sent& sent, const v1::SendResponse& ack);
  // An `ok` to a command that changes a message.
  void change_acked(ConversationId conversation, std::int64_t seq, std::int64_t change);
  std::int64_t promised_change(ConversationId conversation, std::int64_t seq) const;
  void recall_acked(ConversationId conversation, std::int64_t seq) { recalled_.insert({conversation, seq}); }
  bool is_recalled(ConversationId conversation, std::int64_t seq) const {
    return recalled_.contains({conversation, seq});
  }
  // Somebody has asked to forward something: messages whose names clients cannot give are theirs from now on.
  void forward_asked(UserId user) { forwarders_.insert(user); }
  bool has_forwarded(UserId user) const { return forwarders_.contains(user); }
  void forward_acked(ConversationId conversation, const v1::SendResponse& ack) {
    forwarded_[{conversation, ack.seq()}] = ack.message_id();
  }
  using Place = std::pair<ConversationId, std::int64_t>;
  const std::map<Place, std::uint64_t>& forwarded() const { return forwarded_; }
  // What a person has hidden from themselves.
  struct Hidden {
    std::int64_t cleared = 0;
    std::set<std::int64_t> deleted;
    bool has(std::int64_t seq) const { return seq <= cleared || deleted.contains(seq); }
  };
  Hidden& hidden(UserId user, ConversationId conversation) { return hidden_[{user, conversation}]; }
  MarkPromise& mark(UserId user, ConversationId conversation) { return marks_[{user, conversation}]; }

  // A state that a device of this person was shown, in a push or an answer.
  void shown(const v1::Message& state, UserId user);
  // The seqs of all messages that have ever come to a device of this person.
  const std::set<std::int64_t>& seqs_shown(UserId user, ConversationId conversation) {
    return reached_[{user, conversation}];
  }

 private:
  std::vector<std::string> problems_;
  std::vector<std::string> log_;
  std::map<std::string, int> counts_;
  std::map<Key, Sent> sent_;
  std::map<std::pair<int, std::uint64_t>, int> orders_;
  std::map<Place, std::int64_t> promised_changes_;
  std::set<Place> recalled_;
  std::set<UserId> forwarders_;
  std::map<Place, std::uint64_t> forwarded_;
  std::map<std::pair<UserId, ConversationId>, MarkPromise> marks_;
  std::map<std::pair<UserId, ConversationId>, Hidden> hidden_;
  std::map<std::pair<UserId, ConversationId>, std::set<std::int64_t>> reached_;
  // Each state that anybody was shown, by conversation, seq and change: there is only one.
  std::map<std::tuple<ConversationId, std::int64_t, std::int64_t>, std::string> states_;
};

// A state without what differs by viewer, encoded: equal for equal content. Quotes lose their content once what they quote is
// recalled, which is no change of the message that quotes.
std::string shared_state(v1::Message state);
// The same with one's own reactions.
std::string personal_state(v1::Message state);
// An encoded state in words.
std::string in_words(const std::string& state);

}  // namespace hongyan::simulation
