#include "app/chat/connection.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "app/chat/sender.h"
#include "app/chat/testing/captured.h"
#include "app/chat/testing/scripted_server.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/user.pb.h"

namespace hongyan::chat {
namespace {

using namespace std::chrono_literals;
using testing::Captured;
using testing::ScriptedServer;

v1::LoginResponse session(std::int64_t expires_in_ms = 3'600'000) {
  v1::LoginResponse out;
  out.mutable_user()->set_user_id(1);
  out.mutable_user()->set_username("alice");
  out.set_access_token("access 1");
  out.set_refresh_token("refresh 1");
  out.set_expires_in_ms(expires_in_ms);
  return out;
}

// A client of a scripted server, on the test's thread.
class Client {
 public:
  explicit Client(const ScriptedServer& server, Credentials credentials = {"alice", "secret", false, ""})
      : login_(server.address(), std::move(credentials), captured_.output, Backoff(1)),
        connection_(context_, {server.address(), 5s, true}, login_, captured_.output, Backoff(1)) {}

  // Runs the task to its end, and the io_context until then.
  template <class T>
  T finish(async::Task<T> task) {
    auto result = async::start(context_.get_executor(), std::move(task));
    context_.restart();
    while (result.wait_for(0s) != std::future_status::ready) context_.run_one();
    return result.get();
  }
  Result<void> begin() { return finish(login_.begin(soon())); }
  Result<v1::SendResponse> send() {
    v1::SendRequest request;
    request.set_client_msg_id("id-1");
    return finish(call<v1::SendResponse>(connection_, "message.send", request, soon()));
  }

  static async::Deadline soon() { return async::deadline_in(20s); }

  boost::asio::io_context context_;
  Captured captured_{true};
  Login login_;
  Connection connection_;
};

TEST(Connection, ARequestIsRepeatedUnchangedUntilItIsAnswered) {
  std::vector<ServerFrame> sent;
  {
    ScriptedServer server([&sent](ScriptedServer& s) {
      s.answer_http(session());
      s.accept_socket();
      sent.push_back(s.read());
      s.drop();
      s.accept_socket();
      sent.push_back(s.read());
      s.send_error(sent.back().id, Error(ErrorCode::unavailable));
      sent.push_back(s.read());
      v1::SendResponse answer;
      answer.set_seq(42);
      s.send("ok", sent.back().id, answer);
      s.read();
    });
    Client client(server);
    ASSERT_TRUE(client.begin());
    const auto answer = client.send();
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer->seq(), 42);
    EXPECT_EQ(client.connection_.generation(), 2U);
  }
  ASSERT_EQ(sent.size(), 3U);
  for (const ServerFrame& frame : sent) {
    EXPECT_EQ(frame.type, "message.send");
    EXPECT_EQ(frame.data, sent[0].data);
  }
}

TEST(Connection, WaitingForAPushIsInterruptedAlsoBeforeItBegins) {
  ScriptedServer server([](ScriptedServer& s) {
    s.answer_http(session());
    s.accept_socket();
    s.read();
  });
  Client client(server);
  ASSERT_TRUE(client.begin());
  ASSERT_TRUE(client.finish(client.connection_.ensure(Client::soon())));
  client.connection_.interrupt();
  EXPECT_FALSE(client.finish(client.connection_.next_push(async::Deadline::max())).value());
  boost::asio::post(client.context_, [&client] { client.connection_.interrupt(); });
  EXPECT_FALSE(client.finish(client.connection_.next_push(async::Deadline::max())).value());
}

TEST(Connection, ARefusalIsNotRepeated) {
  ScriptedServer server([](ScriptedServer& s) {
    s.answer_http(session());
    s.accept_socket();
    s.send_error(s.read().id, Error(ErrorCode::conflict));
    s.read();
  });
  Client client(server);
  ASSERT_TRUE(client.begin());
  EXPECT_EQ(client.send().error().code, ErrorCode::conflict);
}

TEST(Connection, AfterARevokedSessionNobodyComesBack) {
  ScriptedServer server([](ScriptedServer& s) {
    s.answer_http(session());
    s.accept_socket();
    s.read();
    v1::KickedPush kicked;
    kicked.set_reason(v1::KICK_REASON_REVOKED);
    s.send("kicked", {}, kicked);
    s.close(4409);
  });
  Client client(server);
  ASSERT_TRUE(client.begin());
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.send();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::token_revoked);
    EXPECT_NE(answer.error().detail.find("revoked"), std::string::npos);
  }
}

TEST(Connection, PushesComeInOrderAndSurviveAReconnect) {
  ScriptedServer server([](ScriptedServer& s) {
    s.answer_http(session());
    s.accept_socket();
    v1::ReadPush read;
    for (int seq = 1; seq <= 2; ++seq) {
      read.set_seq(seq);
      s.send("read", {}, read);
    }
    v1::ReconnectPush reconnect;
    reconnect.set_after_ms(1);
    s.send("reconnect", {}, reconnect);
    s.accept_socket("e2");
    read.set_seq(3);
    s.send("read", {}, read);
    s.read();
  });
  Client client(server);
  ASSERT_TRUE(client.begin());
  std::vector<std::int64_t> seqs;
  while (seqs.size() < 3) {
    const auto push = client.finish(client.connection_.next_push(Client::soon()));
    ASSERT_TRUE(push) << describe(push.error());
    v1::ReadPush read;
    if (*push && wire::from_json((*push)->data, read)) seqs.push_back(read.seq());
  }
  EXPECT_EQ(seqs, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(client.connection_.epoch(), "e2");
  EXPECT_EQ(client.connection_.generation(), 2U);
}

TEST(Connection, AnExpiredTokenIsTradedBeforeTheSocketOpens) {
  std::string refresh;
  ServerFrame auth;
  {
    ScriptedServer server([&](ScriptedServer& s) {
      s.answer_http(session(0));
      v1::RefreshResponse pair;
      pair.set_access_token("access 2");
      pair.set_refresh_token("refresh 2");
      pair.set_expires_in_ms(3'600'000);
      refresh = s.answer_http(pair);
      auth = s.accept_socket();
      s.read();
    });
    Client client(server);
    ASSERT_TRUE(client.begin());
    EXPECT_TRUE(client.finish(client.connection_.ensure(Client::soon())));
  }
  EXPECT_NE(refresh.find("POST /v1/auth/refresh "), std::string::npos);
  EXPECT_NE(refresh.find("refresh 1"), std::string::npos);
  EXPECT_EQ(auth.data, R"({"token":"access 2"})");
}

TEST(Login, ARegistrationWhoseAnswerWasLostIsFinishedByLoggingIn) {
  const std::string exists = R"({"error":{"code":"already_exists","message":"m"}})";
  std::vector<std::string> requests;
  {
    ScriptedServer server([&](ScriptedServer& s) {
      requests.push_back(s.answer_http("503 Service Unavailable", "{}"));
      requests.push_back(s.answer_http("409 Conflict", exists));
      requests.push_back(s.answer_http(session()));
    });
    Client client(server, {"alice", "secret", true, "Alice"});
    EXPECT_TRUE(client.begin());
    EXPECT_EQ(client.login_.me().username(), "alice");
  }
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_TRUE(requests[0].starts_with("POST /v1/auth/register "));
  EXPECT_TRUE(requests[1].starts_with("POST /v1/auth/register "));
  EXPECT_TRUE(requests[2].starts_with("POST /v1/auth/login "));
}

TEST(Login, ANameThatIsTakenIsRefused) {
  ScriptedServer server(
      [](ScriptedServer& s) { s.answer_http("409 Conflict", R"({"error":{"code":"already_exists","message":"m"}})"); });
  Client client(server, {"alice", "secret", true, ""});
  EXPECT_EQ(client.begin().error().code, ErrorCode::already_exists);
}

TEST(Sender, FindsThePersonOnceAndNamesAMessageOfUnknownFate) {
  ScriptedServer server([](ScriptedServer& s) {
    s.answer_http(session());
    s.accept_socket();
    v1::SearchUsersResponse found;
    found.add_items()->set_user_id(2);
    s.send("ok", s.read().id, found);
    v1::OpenConversationResponse opened;
    opened.mutable_conversation()->set_conversation_id(7);
    s.send("ok", s.read().id, opened);
    v1::SendResponse sent;
    sent.set_seq(5);
    s.send("ok", s.read().id, sent);
    s.read();
    s.read();
  });
  Client client(server);
  ASSERT_TRUE(client.begin());
  crypto::SystemRandom random;
  Sender sender(client.connection_, client.captured_.output, random, 1, 1500ms);
  ASSERT_TRUE(client.finish(sender.send({"bob", "hi"})));
  const auto lines = client.captured_.lines();
  ASSERT_EQ(lines.size(), 1U);
  v1::Message message;
  ASSERT_TRUE(wire::from_json(parse_server_frame(lines[0])->data, message));
  EXPECT_EQ(message.conversation_id(), 7U);
  EXPECT_EQ(message.seq(), 5);
  EXPECT_EQ(message.sender_id(), 1U);

  // The server reads the second message and says nothing.
  const auto lost = client.finish(sender.send({"bob", "hi again"}));
  ASSERT_FALSE(lost);
  EXPECT_NE(lost.error().detail.find("unknown"), std::string::npos) << lost.error().detail;
}

}  // namespace
}  // namespace hongyan::chat
