#include "app/doctor/edges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/doctor/testing/mentions.h"
#include "base/testing/temporary_folder.h"
#include "infra/net/certificate.h"

namespace hongyan::app {
namespace {

constexpr TimeMs kNow(1'800'000'000'000);

config::Values values_of(std::initializer_list<std::array<const char*, 3>> settings) {
  config::Values values;
  for (const auto& [section, key, text] : settings) values.set(section, key, text, "test");
  return values;
}

TEST(DoctorEdges, LoopbackNeedsNoEncryption) {
  EXPECT_TRUE(std::ranges::all_of(check_edges({}, kNow), [](const Finding& f) { return f.grade == Grade::good; }));
}

TEST(DoctorEdges, PasswordsInTheClearAreSaid) {
  EXPECT_TRUE(mentions(check_edges(values_of({{"http", "listen", "0.0.0.0"}}), kNow), Grade::warning, "in the clear"));
  EXPECT_TRUE(mentions(check_edges(values_of({{"metrics", "listen", "0.0.0.0"}}), kNow), Grade::warning, "no login"));
}

TEST(DoctorEdges, TokensInTheClearOverGrpcAreAFailure) {
  const auto open = values_of({{"grpc", "listen", "0.0.0.0"}});
  EXPECT_TRUE(mentions(check_edges(open, kNow), Grade::failure, "grpc.listen"));
  const auto encrypted = values_of({{"grpc", "listen", "0.0.0.0"}, {"tls", "mode", "self-signed"}});
  EXPECT_FALSE(mentions(check_edges(encrypted, kNow), Grade::failure, "grpc.listen"));
}

TEST(DoctorEdges, AProxyThatIsNotTrustedIsSaid) {
  const char* url = "https://chat.example";
  EXPECT_TRUE(mentions(check_edges(values_of({{"http", "public_url", url}}), kNow), Grade::warning, "none is trusted"));
  EXPECT_FALSE(
      mentions(check_edges(values_of({{"http", "public_url", url}, {"http", "trusted_proxies", "127.0.0.1"}}), kNow),
               Grade::warning, "none is trusted"));
}

class DoctorCertificate : public testing::Test {
 protected:
  Findings check(const std::string& certificate, const std::string& key) {
    std::ofstream(folder_ / "cert.pem") << certificate;
    std::ofstream(folder_ / "key.pem") << key;
    return check_edges(values_of({{"tls", "mode", "files"},
                                  {"tls", "cert", (folder_ / "cert.pem").c_str()},
                                  {"tls", "key", (folder_ / "key.pem").c_str()}}),
                       kNow);
  }

  const TemporaryFolder folder_;
};

TEST_F(DoctorCertificate, SaysWhenItEnds) {
  const auto lasting = net::make_self_signed({"chat.example"}, kNow, std::chrono::hours(24 * 90));
  ASSERT_TRUE(lasting);
  EXPECT_TRUE(mentions(check(lasting->certificate, lasting->key), Grade::good, "chat.example and ends in"));
  const auto ending = net::make_self_signed({"chat.example"}, kNow, std::chrono::hours(24 * 5));
  ASSERT_TRUE(ending);
  EXPECT_TRUE(mentions(check(ending->certificate, ending->key), Grade::warning, "ends in"));
  const auto ended =
      net::make_self_signed({"chat.example"}, TimeMs(kNow.value - 9 * 86'400'000), std::chrono::hours(48));
  ASSERT_TRUE(ended);
  EXPECT_TRUE(mentions(check(ended->certificate, ended->key), Grade::failure, "has ended"));
}

TEST_F(DoctorCertificate, APairThatDoesNotFitIsAFailure) {
  const auto one = net::make_self_signed({"a.example"}, kNow, std::chrono::hours(1000));
  const auto other = net::make_self_signed({"b.example"}, kNow, std::chrono::hours(1000));
  ASSERT_TRUE(one && other);
  EXPECT_EQ(check(one->certificate, other->key).at(0).grade, Grade::failure);
  EXPECT_EQ(check("nonsense", one->key).at(0).grade, Grade::failure);
}

}  // namespace
}  // namespace hongyan::app
