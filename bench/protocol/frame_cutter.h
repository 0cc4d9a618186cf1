// Whole frames out of the bytes that a socket receives.
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>

#include "bench/protocol/websocket.h"

namespace hongyan::bench::protocol {

// Calls on_frame(Opcode, std::string_view payload), unmasked, for each whole frame, as long as it answers true. Answers how many
// bytes these frames are. Throws std::runtime_error for a fragmented message, which neither end sends.
template <class OnFrame>
std::size_t cut_frames(std::span<char> bytes, OnFrame&& on_frame) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    const std::span<char> rest = bytes.subspan(used);
    const auto head = read_head({rest.data(), rest.size()});
    if (!head || head->bytes() > rest.size()) break;
    if (!head->final || head->opcode == Opcode::continuation) throw std::runtime_error("a fragmented message");
    char* payload = rest.data() + head->head_bytes;
    if (head->mask) apply_mask(payload, head->payload_bytes, *head->mask);
    used += head->bytes();
    if (!on_frame(head->opcode, std::string_view(payload, head->payload_bytes))) break;
  }
  return used;
}

}  // namespace hongyan::bench::protocol
