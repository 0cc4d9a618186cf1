// What one device holds of one conversation.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"

namespace hongyan::simulation {

// Follows the rule for clients of docs/protocol.md: two counters, each of which moves only by its next number or by a pull, and
// the newest known state of each message. Seqs and changes are bare numbers here, as they are in frames. Owned by its device.
class Replica {
 public:
  using Number = std::int64_t;

  Replica(ConversationId conversation, UserId me) : conversation_(conversation), me_(me) {}

  ConversationId conversation() const { return conversation_; }
  // Everything that may be seen up to here is held, and all changes up to here are in it.
  Number seq() const { return seq_; }
  Number change() const { return change_; }
  Number read_seq() const { return read_seq_; }
  Number peer_read_seq() const { return peer_read_seq_; }
  // Nothing below is visible.
  Number lowest() const { return lowest_; }
  Number joined_seq() const { return joined_seq_; }
  // Where a former member has left.
  std::optional<Number> left_seq() const { return left_seq_; }
  bool is_group() const { return is_group_; }
  const std::map<Number, v1::Message>& messages() const { return messages_; }
  bool lacks_messages() const { return seq_ < head_seq_; }
  bool lacks_changes() const { return change_ < head_change_; }
  // Messages of others above the read mark.
  Number unread() const;

  // Pushes.
  void pushed(const v1::MessagePush& push);
  void changed(const v1::ChangePush& push);
  void read_by(UserId user, Number seq);
  // Heads of a `gap`.
  void hear(Number seq, Number change);

  // The conversation as a list shows it to a member.
  void seen(const v1::Conversation& view);
  // An answer to `message.list` that began right above seq().
  void listed(const v1::ListMessagesResponse& page);
  // An answer to `message.changes`.
  void caught_up(const v1::ListChangesResponse& answer);
  // They have left; unless somebody has brought them in again since `joined_seq` was what was known. While the line of the
  // leaving is on its way the end is the head of that moment, so it may be told again, and higher.
  void gone(Number left_seq, Number joined_seq);
  // The person has hidden everything up to a message, or one, from themselves.
  void cleared(Number up_to_seq);
  void deleted(Number seq);
  // Of a former member: what they may see begins later than they knew.
  void come_back(Number joined_seq);

 private:
  void start_at(Number joined_seq);
  void end_at(Number left_seq);
  bool allowed(Number seq) const {
    return seq >= lowest_ && (!left_seq_ || seq <= *left_seq_) && !deleted_.contains(seq);
  }
  void advance();
  void drain();
  void apply(const v1::ChangePush& push);
  void come(const v1::Message& state);
  void keep(const v1::Message& state);
  std::vector<std::string> mine_after(const v1::ChangePush& push) const;
  void forget();

  const ConversationId conversation_;
  const UserId me_;
  Number seq_ = 0;
  Number change_ = 0;
  // The highest numbers heard of.
  Number head_seq_ = 0;
  Number head_change_ = 0;
  // Told of while they were no member.
  Number away_change_ = 0;
  Number read_seq_ = 0;
  Number peer_read_seq_ = 0;
  Number lowest_ = 1;
  Number joined_seq_ = 0;
  std::optional<Number> left_seq_;
  Number cleared_ = 0;
  std::set<Number> deleted_;
  bool is_group_ = false;
  // Nothing is known but what pushes have said.
  bool fresh_ = true;
  std::map<Number, v1::Message> messages_;
  // Changes behind a hole.
  std::map<Number, v1::ChangePush> early_;
  // Changes of messages that have not come yet, by seq: an answer that is under way may be older, and only it tells `mine`.
  std::map<Number, std::vector<v1::ChangePush>> ahead_;
};

// Whether a message counts as unread for those who have not sent it.
inline bool counts(const v1::Message& message) { return !message.content().has_system(); }

}  // namespace hongyan::simulation
