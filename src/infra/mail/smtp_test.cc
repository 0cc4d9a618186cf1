#include "infra/mail/smtp.h"

#include <gtest/gtest.h>

#include <mutex>
#include <optional>
#include <vector>

#include "infra/net/testing/endpoint.h"

namespace hongyan::mail {
namespace {

using net::testing::Connection;
using net::testing::Endpoint;
using namespace std::chrono_literals;

// "\0relay\0secret"
constexpr char kLogin[] = "AHJlbGF5AHNlY3JldA==";

// A mail server that takes every mail, but for the command whose answer a test has set.
class FakeServer {
 public:
  // Answers commands that begin with `verb` so.
  void answer(std::string verb, std::string line) { special_ = {std::move(verb), std::move(line)}; }
  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(endpoint_.port()); }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  bool has(const std::string& line) {
    const auto all = lines();
    return std::ranges::find(all, line) != all.end();
  }

 private:
  void serve(Connection& connection) {
    connection.send("220 fake\r\n");
    bool in_mail = false;
    for (std::string unread; auto line = next_line(connection, unread);) {
      {
        const std::lock_guard lock(mutex_);
        lines_.push_back(*line);
      }
      if (in_mail && *line != ".") continue;
      connection.send(in_mail ? "250 taken\r\n" : reply_to(*line));
      in_mail = !in_mail && *line == "DATA";
    }
  }
  static std::optional<std::string> next_line(Connection& connection, std::string& unread) {
    std::size_t end = 0;
    while ((end = unread.find("\r\n")) == std::string::npos) {
      const std::string more = connection.read();
      if (more.empty()) return std::nullopt;
      unread += more;
    }
    std::string line = unread.substr(0, end);
    unread.erase(0, end + 2);
    return line;
  }
  std::string reply_to(const std::string& line) const {
    if (!special_.first.empty() && line.starts_with(special_.first)) return special_.second + "\r\n";
    if (line.starts_with("EHLO")) return "250-fake\r\n250 AUTH PLAIN\r\n";
    if (line == "AUTH PLAIN") return "334 \r\n";
    if (line == kLogin) return "235 welcome\r\n";
    if (line == "DATA") return "354 go on\r\n";
    if (line == "QUIT") return "221 bye\r\n";
    return "250 fine\r\n";
  }

  std::pair<std::string, std::string> special_;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  // Last: its thread uses the others.
  Endpoint endpoint_{[this](Connection& connection) { serve(connection); }};
};

class SmtpTest : public ::testing::Test {
 protected:
  Result<void> send(bool plain = true) {
    const SmtpServer server{.url = server_.url(), .user = "relay", .password = "secret", .plain = plain};
    return deliver(server, "no-reply@chat.example", "alice@example.org", "Subject: x\r\n\r\n.hidden dot\r\n", 5s,
                   stopped_);
  }

  FakeServer server_;
  std::atomic<bool> stopped_{false};
};

TEST_F(SmtpTest, GivesTheMailToTheServer) {
  const auto sent = send();
  ASSERT_TRUE(sent) << sent.error().detail;
  EXPECT_TRUE(server_.has(kLogin));
  EXPECT_TRUE(server_.has("MAIL FROM:<no-reply@chat.example>"));
  EXPECT_TRUE(server_.has("RCPT TO:<alice@example.org>"));
  EXPECT_TRUE(server_.has("Subject: x"));
  EXPECT_TRUE(server_.has("..hidden dot"));
}

TEST_F(SmtpTest, TellsNothingToAServerThatCannotEncrypt) {
  EXPECT_EQ(send(false).error().code, ErrorCode::unavailable);
  for (const std::string& line : server_.lines()) {
    EXPECT_FALSE(line.starts_with("AUTH") || line.starts_with("MAIL")) << line;
  }
}

TEST_F(SmtpTest, ARefusalNamesNobody) {
  server_.answer("RCPT", "550 alice@example.org is no user here");
  const auto refused = send();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(refused.error().detail.ends_with("reply 550")) << refused.error().detail;
  EXPECT_FALSE(refused.error().detail.contains('@')) << refused.error().detail;
}

TEST_F(SmtpTest, AWrongPasswordIsARefusal) {
  server_.answer(kLogin, "535 no");
  EXPECT_EQ(send().error().code, ErrorCode::unavailable);
}

TEST_F(SmtpTest, EndsWhenTheProcessDoes) {
  stopped_ = true;
  EXPECT_EQ(send().error().detail, "the server stops");
}

TEST(Smtp, WaitsNoLongerThanItMay) {
  Endpoint silent([](Connection& connection) { connection.wait_for_end(); });
  const SmtpServer server{.url = "smtp://127.0.0.1:" + std::to_string(silent.port()), .plain = true};
  const std::atomic<bool> stopped{false};
  EXPECT_EQ(deliver(server, "a@b.example", "c@d.example", "x\r\n", 300ms, stopped).error().code, ErrorCode::timeout);
}

TEST(Smtp, NobodyListens) {
  const std::atomic<bool> stopped{false};
  const SmtpServer server{.url = "smtp://127.0.0.1:1", .plain = true};
  EXPECT_EQ(deliver(server, "a@b.example", "c@d.example", "x\r\n", 5s, stopped).error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace hongyan::mail
