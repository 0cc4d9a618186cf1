// The WebSocket parser: however the bytes are cut, it sees the same messages and the same violation.
#include <string>
#include <vector>

#include "infra/ws/frame_parser.h"
#include "input.h"

namespace hongyan {
namespace {

struct Seen {
  std::vector<std::string> events;
  std::uint16_t refused_with = 0;

  bool operator==(const Seen&) const = default;
};

Seen parse(std::string bytes, std::size_t piece, ws::Role role) {
  ws::FrameParser parser(role, {.max_message_bytes = 4096, .max_fragments = 16});
  Seen seen;
  for (std::size_t begin = 0; begin < bytes.size(); begin += piece) {
    std::span<char> input(bytes.data() + begin, std::min(piece, bytes.size() - begin));
    while (true) {
      const auto event = parser.next(input);
      if (!event) {
        seen.refused_with = event.error().close_code;
        return seen;
      }
      if (!*event) break;
      const ws::Event& got = **event;
      fuzz::require(got.payload.size() <= 4096, "a message is within its limit");
      seen.events.push_back(std::to_string(static_cast<int>(got.opcode)) + ":" + std::to_string(got.close_code) + ":" +
                            std::string(got.payload));
    }
    fuzz::require(input.empty(), "all input is used up before more is asked for");
  }
  return seen;
}

}  // namespace
}  // namespace hongyan

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hongyan;
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.byte();
  const ws::Role role = (choice & 1) != 0 ? ws::Role::client : ws::Role::server;
  const std::string bytes(input.rest());
  const Seen whole = parse(bytes, bytes.size() + 1, role);
  const Seen cut = parse(bytes, 1 + (choice >> 1) % 64, role);
  fuzz::require(whole == cut, "cuts change nothing");
  return 0;
}
