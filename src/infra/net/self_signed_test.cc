#include "infra/net/self_signed.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/testing/temporary_folder.h"
#include "infra/config/data_folder.h"
#include "infra/net/tls_context.h"

namespace hongyan::net {
namespace {

constexpr TimeMs kNow{1'800'000'000'000};
constexpr std::int64_t kDayMs = 24 * 3600 * 1000LL;

class SelfSignedTest : public testing::Test {
 protected:
  SelfSigned of(std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"}) const {
    return {folder_ / "tls", std::move(names)};
  }
  TlsPair stored() const { return TlsPair::read(of().files()).value(); }

  TemporaryFolder folder_;
};

TEST_F(SelfSignedTest, IsMadeForAllNamesAndKept) {
  EXPECT_TRUE(of().renew_when_due(kNow).value());
  const TlsPair made = stored();
  const auto info = inspect_certificate(made.certificate).value();
  EXPECT_EQ(std::set(info.names.begin(), info.names.end()), (std::set<std::string>{"localhost", "127.0.0.1", "::1"}));
  EXPECT_EQ(info.not_after.value, kNow.value + 365 * kDayMs);
  EXPECT_TRUE(TlsContext().use(made));
  for (const auto& path : {of().files().certificate, of().files().key}) {
    EXPECT_EQ(std::filesystem::status(path).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  // Also when the names come in another order, or twice.
  EXPECT_FALSE(of({"::1", "localhost", "127.0.0.1", "localhost"}).renew_when_due(kNow).value());
  EXPECT_EQ(stored().certificate, made.certificate);
}

TEST_F(SelfSignedTest, IsMadeAgainNearItsEnd) {
  ASSERT_TRUE(of().renew_when_due(kNow).value());
  EXPECT_FALSE(of().renew_when_due(TimeMs(kNow.value + 334 * kDayMs)).value());
  EXPECT_TRUE(of().renew_when_due(TimeMs(kNow.value + 336 * kDayMs)).value());
}

TEST_F(SelfSignedTest, IsMadeAgainForOtherNames) {
  ASSERT_TRUE(of().renew_when_due(kNow).value());
  EXPECT_TRUE(of({"localhost", "chat.example"}).renew_when_due(kNow).value());
  EXPECT_EQ(inspect_certificate(stored().certificate)->names, (std::vector<std::string>{"chat.example", "localhost"}));
}

TEST_F(SelfSignedTest, IsMadeAgainWhenTheKeyDoesNotFit) {
  ASSERT_TRUE(of().renew_when_due(kNow).value());
  const TlsPair other = make_self_signed({"localhost"}, kNow, std::chrono::hours(24)).value();
  ASSERT_TRUE(config::write_file_durably(of().files().key, other.key));
  EXPECT_TRUE(of().renew_when_due(kNow).value());
  EXPECT_TRUE(TlsContext().use(stored()));
}

TEST_F(SelfSignedTest, SaysWhyItCannotBeWritten) {
  ASSERT_TRUE(config::write_file_durably(folder_ / "tls", "a file where the folder should be"));
  const auto made = of().renew_when_due(kNow);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace hongyan::net
