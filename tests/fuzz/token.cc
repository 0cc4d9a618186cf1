// What clients hand back to us: access tokens and list cursors. Nothing made up may be accepted.
#include <string>

#include "infra/crypto/jwt.h"
#include "input.h"
#include "wire/cursor.h"

namespace hongyan {
namespace {

class FixedClock final : public Clock {
 public:
  TimeMs now() const override { return TimeMs(1'800'000'000'000); }
};

}  // namespace
}  // namespace hongyan

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hongyan;
  static const FixedClock clock;
  static const crypto::JwtSigner signer({{.kid = "k1", .secret = "a secret of this process that is in no seed"}});
  static const wire::CursorSigner cursors("another secret", clock);
  const fuzz::Input input(data, size);
  fuzz::require(!signer.verify(input.rest(), "access", clock.now()).has_value(), "no made-up token is accepted");
  fuzz::require(!cursors.open("conversation.list 1", input.rest()).has_value(), "no made-up cursor is accepted");
  return 0;
}
