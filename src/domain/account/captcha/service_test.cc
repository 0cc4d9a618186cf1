#include "domain/account/captcha/service.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <utility>

#include "base/clock.h"
#include "domain/account/captcha/site_verifier.h"
#include "infra/async/io_threads.h"
#include "infra/net/testing/endpoint.h"

namespace hongyan::account {
namespace {

using net::testing::Connection;
using net::testing::Endpoint;

// Takes one token.
class FakeVerifier final : public CaptchaVerifier {
 public:
  async::Task<Result<bool>> verify(std::string token, std::string, async::Deadline) override {
    ++asked;
    if (broken) co_return fail(ErrorCode::unavailable, "injected");
    co_return token == "solved";
  }
  int asked = 0;
  bool broken = false;
};

class CaptchaTest : public ::testing::Test {
 protected:
  template <class T>
  T run(async::Task<T> task) {
    return async::start(io_.context(0).get_executor(), std::move(task)).get();
  }
  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(10)); }
  static CaptchaConfig asking() {
    CaptchaConfig config;
    config.kind = "turnstile";
    config.site_key = "site";
    return config;
  }

  async::IoThreads io_{1};
  FakeVerifier verifier_;
};

TEST_F(CaptchaTest, IsNotAskedForWhereNoneIsConfigured) {
  CaptchaService captcha(verifier_, {});
  EXPECT_FALSE(captcha.options());
  EXPECT_TRUE(run(captcha.check("", "10.0.0.1", soon())));
  EXPECT_EQ(verifier_.asked, 0);
}

TEST(CaptchaConfigTest, ThePageThatShowsItLoadsFromItsProvider) {
  CaptchaConfig config;
  EXPECT_EQ(config.sources(), "");
  config.kind = "turnstile";
  EXPECT_EQ(config.sources(), "https://challenges.cloudflare.com:443");
  config.kind = "hcaptcha";
  EXPECT_EQ(config.sources(), "https://hcaptcha.com https://*.hcaptcha.com");
  config.script_url = "http://Captcha.example:8081/v1/api.js?x=1";
  EXPECT_EQ(config.sources(), "http://captcha.example:8081");
  EXPECT_EQ(config.script(), config.script_url);
}

TEST_F(CaptchaTest, IsAskedForOtherwise) {
  CaptchaService captcha(verifier_, asking());
  ASSERT_TRUE(captcha.options());
  EXPECT_EQ(captcha.options()->kind(), v1::CAPTCHA_KIND_TURNSTILE);
  EXPECT_EQ(captcha.options()->site_key(), "site");
  EXPECT_EQ(captcha.options()->script_url(), "https://challenges.cloudflare.com/turnstile/v0/api.js");
  for (const std::string& token : {std::string(), std::string(4097, 'x')}) {
    const auto refused = run(captcha.check(token, "10.0.0.1", soon()));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::captcha_required);
    EXPECT_EQ(refused.error().field, "captcha");
  }
  EXPECT_EQ(verifier_.asked, 0) << "nobody is asked about what cannot be one";
  EXPECT_EQ(run(captcha.check("another", "10.0.0.1", soon())).error().code, ErrorCode::captcha_required);
  EXPECT_TRUE(run(captcha.check("solved", "10.0.0.1", soon())));
  verifier_.broken = true;
  EXPECT_EQ(run(captcha.check("solved", "10.0.0.1", soon())).error().code, ErrorCode::unavailable);
}

TEST_F(CaptchaTest, TheProviderIsAskedByAForm) {
  std::promise<std::string> requested;
  std::atomic<bool> broken{false};
  Endpoint provider([&](Connection& connection) {
    std::string request = connection.read_head();
    while (!request.contains("remoteip=10.0.0.1")) {
      const std::string more = connection.read();
      if (more.empty()) break;
      request += more;
    }
    if (broken) {
      connection.send("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
    } else {
      requested.set_value(std::move(request));
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"success\":true}");
    }
  });
  egress::Config config;
  config.allow = {"127.0.0.1"};
  config.allow_http = true;
  egress::SystemResolver resolver;
  metrics::Metrics metrics;
  egress::Client client(config, resolver, metrics);
  SiteVerifier verifier(client, provider.url(), "s&cret");
  EXPECT_EQ(run(verifier.verify("a token+", "10.0.0.1", soon())).value(), true);
  const std::string request = requested.get_future().get();
  EXPECT_TRUE(request.starts_with("POST /hook ")) << request;
  EXPECT_TRUE(request.ends_with("\r\n\r\nsecret=s%26cret&response=a%20token%2B&remoteip=10.0.0.1")) << request;
  broken = true;
  EXPECT_EQ(run(verifier.verify("a token+", "10.0.0.1", soon())).error().code, ErrorCode::unavailable);
}

TEST(SiteVerifier, TakesNothingElseForSuccess) {
  EXPECT_TRUE(says_success(R"({"success":true,"hostname":"chat.example"})"));
  for (const char* json : {"", "{}", "true", "[true]", R"({"success":false})", R"({"success":"true"})",
                           R"({"success":1})", R"({"success":null})", R"({"Success":true})", R"({"success":true)"}) {
    EXPECT_FALSE(says_success(json)) << json;
  }
}

TEST(CaptchaConfig, SaysWhatIsWrong) {
  EXPECT_TRUE(config::problems_of(CaptchaConfig()).empty());
  CaptchaConfig bad;
  bad.kind = "riddle";
  bad.secret_file = "/nowhere";
  bad.verify_url = "ftp://x.example";
  EXPECT_EQ(config::problems_of(bad).size(), 4U);
  bad = {};
  bad.kind = "hcaptcha";
  EXPECT_EQ(bad.url(), "https://api.hcaptcha.com/siteverify");
}

}  // namespace
}  // namespace hongyan::account
