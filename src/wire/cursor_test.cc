#include "wire/cursor.h"

#include <gtest/gtest.h>

namespace hongyan::wire {
namespace {

TEST(CursorSigner, OpensWhatItSealedForTheSameQuery) {
  ManualClock clock;
  const CursorSigner signer("secret", clock);
  const std::string cursor = signer.seal("conversation.list:7", "12:34");
  EXPECT_EQ(signer.open("conversation.list:7", cursor).value(), "12:34");
  EXPECT_EQ(signer.open("conversation.list:8", cursor).error().field, "cursor");
}

TEST(CursorSigner, RefusesForgedCutAndOldOnes) {
  ManualClock clock;
  const CursorSigner signer("secret", clock);
  const std::string cursor = signer.seal("q", "position");
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string forged = cursor;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(signer.open("q", forged)) << i;
    EXPECT_FALSE(signer.open("q", cursor.substr(0, i))) << i;
  }
  EXPECT_FALSE(CursorSigner("other", clock).open("q", cursor));
  clock.advance(std::chrono::milliseconds(CursorSigner::kLifetimeMs));
  EXPECT_TRUE(signer.open("q", cursor));
  clock.advance(std::chrono::milliseconds(1));
  EXPECT_FALSE(signer.open("q", cursor));
}

}  // namespace
}  // namespace hongyan::wire
