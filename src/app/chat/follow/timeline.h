// Which messages of a conversation were shown, and which are missing (the rule for clients, docs/protocol.md §2).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "hongyan/v1/message.pb.h"

namespace hongyan::chat {

// Puts the messages of one conversation in order: seq is dense, so a number above the last one + 1 shows a hole, and
// nothing is given out before what stands in front of it. No message is given out twice. Value type, one thread at a time.
class Timeline {
 public:
  // Missing: above `after`, up to and including `up_to`.
  struct Hole {
    std::int64_t after = 0;
    std::int64_t up_to = 0;
  };

  // `last` was the newest when the timeline began: only what comes after it is given out.
  explicit Timeline(std::int64_t last) : last_(last), head_(last) {}

  // Takes a pushed message. Appends to `out` what may be shown now, in order.
  void take(v1::Message message, std::vector<v1::Message>& out);
  // The conversation is known to reach up to `seq`.
  void note_head(std::int64_t seq) { head_ = std::max(head_, seq); }

  // The first hole, if there is one.
  std::optional<Hole> hole() const;
  // Takes a page that was pulled for `hole`. What the page covers is done with, also where it lacks a seq. A page that
  // covers nothing of the hole closes it: false, so that the caller can say that messages are gone.
  [[nodiscard]] bool take_page(const Hole& hole, const v1::ListMessagesResponse& page, std::vector<v1::Message>& out);

  // Seq of the last message given out.
  std::int64_t last() const { return last_; }

 private:
  // More than these wait for a hole to be filled; what comes beyond is pulled instead.
  static constexpr std::size_t kMaxHeld = 256;

  void release(std::vector<v1::Message>& out);

  std::int64_t last_;
  std::int64_t head_;
  std::map<std::int64_t, v1::Message> held_;
};

}  // namespace hongyan::chat
