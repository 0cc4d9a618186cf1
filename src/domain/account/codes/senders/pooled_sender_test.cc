#include "domain/account/codes/senders/pooled_sender.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "domain/account/codes/senders/texts.h"
#include "infra/async/io_threads.h"
#include "infra/crypto/testing/counting_random.h"
#include "infra/net/testing/endpoint.h"

namespace hongyan::account {
namespace {

using net::testing::Connection;
using net::testing::Endpoint;

class SenderTest : public ::testing::Test {
 protected:
  static CodesConfig with_gateway(const std::string& url) {
    CodesConfig config;
    config.sms_url = url;
    return config;
  }
  Result<void> send(const CodesConfig& config, std::chrono::milliseconds within = std::chrono::seconds(5)) {
    PooledSender sender(config, clock_, random_, metrics_);
    return async::start(io_.context(0).get_executor(), sender.send(letter_, async::deadline_in(within))).get();
  }

  async::IoThreads io_{1};
  ManualClock clock_;
  crypto::testing::CountingRandom random_;
  metrics::Metrics metrics_;
  CodeLetter letter_{{v1::CODE_TARGET_PHONE, "+8613800000000"}, "042424", Purpose::login, std::chrono::minutes(5)};
};

TEST_F(SenderTest, ReachesWhatIsConfigured) {
  CodesConfig config;
  EXPECT_FALSE(PooledSender(config, clock_, random_, metrics_).reaches(v1::CODE_TARGET_EMAIL));
  EXPECT_FALSE(PooledSender(config, clock_, random_, metrics_).reaches(v1::CODE_TARGET_PHONE));
  config.smtp_url = "smtp://mail.example";
  EXPECT_TRUE(PooledSender(config, clock_, random_, metrics_).reaches(v1::CODE_TARGET_EMAIL));
  EXPECT_FALSE(PooledSender(config, clock_, random_, metrics_).reaches(v1::CODE_TARGET_PHONE));
  config.sms_url = "https://sms.example";
  EXPECT_TRUE(PooledSender(config, clock_, random_, metrics_).reaches(v1::CODE_TARGET_PHONE));
  EXPECT_FALSE(PooledSender(config, clock_, random_, metrics_).reaches(v1::CODE_TARGET_UNSPECIFIED));
}

TEST_F(SenderTest, TellsTheGateway) {
  std::promise<std::string> seen;
  Endpoint gateway([&](Connection& connection) {
    std::string request = connection.read_head();
    while (!request.ends_with('}')) {
      const std::string more = connection.read();
      if (more.empty()) break;
      request += more;
    }
    connection.send("HTTP/1.1 204 No Content\r\n\r\n");
    seen.set_value(request);
  });
  const auto token = std::filesystem::temp_directory_path() / ("hongyan-token-" + std::to_string(::getpid()));
  std::ofstream(token) << "secret\nmore\n";
  CodesConfig config = with_gateway(gateway.url());
  config.sms_token_file = token;
  EXPECT_TRUE(send(config));
  EXPECT_TRUE(metrics_.text().contains(R"(hongyan_codes_total{outcome="ok",way="phone"} 1)")) << metrics_.text();
  const std::string request = seen.get_future().get();
  std::filesystem::remove(token);
  EXPECT_TRUE(request.starts_with("POST /hook HTTP/1.1\r\n")) << request;
  EXPECT_TRUE(request.contains("Authorization: Bearer secret\r\n")) << request;
  EXPECT_TRUE(request.contains("Content-Type: application/json\r\n")) << request;
  EXPECT_TRUE(
      request.contains(R"({"to":"+8613800000000","code":"042424","purpose":"login","expires_in_ms":300000,"text":")"))
      << request;
}

TEST_F(SenderTest, ARefusalIsOneAndNamesNobody) {
  Endpoint gateway([](Connection& connection) {
    connection.read_head();
    connection.send("HTTP/1.1 400 no +8613800000000\r\nContent-Length: 0\r\n\r\n");
  });
  const auto refused = send(with_gateway(gateway.url()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_EQ(refused.error().detail, "the gateway answers 400");
  EXPECT_TRUE(metrics_.text().contains(R"(hongyan_codes_total{outcome="unavailable",way="phone"} 1)"));
}

TEST_F(SenderTest, ASilentGatewayIsLeft) {
  Endpoint gateway([](Connection& connection) { connection.wait_for_end(); });
  EXPECT_EQ(send(with_gateway(gateway.url()), std::chrono::milliseconds(300)).error().code, ErrorCode::timeout);
}

TEST_F(SenderTest, AMissingSecretStopsTheStart) {
  CodesConfig config = with_gateway("http://127.0.0.1");
  config.sms_token_file = "/nowhere/token";
  EXPECT_THROW(PooledSender(config, clock_, random_, metrics_), std::runtime_error);
}

TEST_F(SenderTest, TextsHaveTheCodeAndNothingThatJsonEscapes) {
  for (const Purpose purpose : {Purpose::login, Purpose::reset_password, Purpose::own}) {
    letter_.purpose = purpose;
    const std::string text = text_of(letter_);
    EXPECT_TRUE(text.contains("042424") && text.contains("5 min")) << text;
    EXPECT_EQ(text.find_first_of("\"\\\t\r"), std::string::npos) << text;
    EXPECT_FALSE(purpose_name(letter_).empty());
  }
  letter_.life = std::chrono::milliseconds(1000);
  EXPECT_TRUE(text_of(letter_).contains("1 min"));
}

}  // namespace
}  // namespace hongyan::account
