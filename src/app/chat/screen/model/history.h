// The part of a conversation's history that is held.
#pragma once

#include <cstdint>
#include <map>

#include "hongyan/v1/message.pb.h"

namespace hongyan::chat::screen {

// Messages from one seq to another without a hole, the end being the newest that came; states of messages after the rule for
// clients (docs/protocol.md §2). Value type.
class History {
 public:
  bool is_held() const { return is_held_; }
  // There are older ones on the server.
  bool has_more() const { return has_more_; }
  std::int64_t from() const { return from_; }
  std::int64_t to() const { return to_; }
  // Up to which change it is complete.
  std::int64_t change() const { return change_; }
  const std::map<std::int64_t, v1::Message>& messages() const { return messages_; }

  // Begins with the newest page; what was held before is dropped.
  void begin(const v1::ListMessagesResponse& newest);
  // A page that ends right in front of from().
  void prepend(const v1::ListMessagesResponse& older);
  // A message that came, after all that came before it. False when some are missing in front of it: begin anew.
  [[nodiscard]] bool append(const v1::Message& message);
  // Another state of a message; an older one than that which is held changes nothing.
  void replace(const v1::Message& message);
  void change_up_to(std::int64_t change) { change_ = std::max(change_, change); }
  void forget(std::int64_t seq) { messages_.erase(seq); }
  void forget_up_to(std::int64_t seq) { messages_.erase(messages_.begin(), messages_.upper_bound(seq)); }
  void clear() { *this = History(); }

 private:
  std::map<std::int64_t, v1::Message> messages_;
  bool is_held_ = false;
  bool has_more_ = false;
  std::int64_t from_ = 0;
  std::int64_t to_ = 0;
  std::int64_t change_ = 0;
};

}  // namespace hongyan::chat::screen
