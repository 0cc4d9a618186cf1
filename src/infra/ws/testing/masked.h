// Frames as clients send them.
#pragma once

#include <string>
#include <string_view>

#include "infra/ws/frame_builder.h"

namespace hongyan::ws::testing {

inline constexpr MaskKey kMaskKey{0x37, 0xfa, 0x21, 0x3d};

inline std::string masked(Opcode opcode, std::string_view payload, bool final = true) {
  return encode_masked_frame(opcode, payload, kMaskKey, final);
}

}  // namespace hongyan::ws::testing
