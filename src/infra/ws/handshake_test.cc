#include "infra/ws/handshake.h"

#include <gtest/gtest.h>

#include <array>

namespace hongyan::ws {
namespace {

constexpr std::array<std::string_view, 2> kProtocols{"hongyan.v1.json", "hongyan.v1.proto"};

HandshakeRequest good() {
  HandshakeRequest request;
  request.upgrade = "websocket";
  request.connection = "keep-alive, Upgrade";
  request.key = "dGhlIHNhbXBsZSBub25jZQ==";
  request.version = "13";
  return request;
}

int status_of(const HandshakeRequest& request) {
  const auto result = accept_handshake(request, kProtocols);
  return result ? 101 : result.error().status;
}

TEST(Handshake, AnswersTheKeyOfTheRfc) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  const auto result = accept_handshake(good(), kProtocols);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->response,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
}

TEST(Handshake, TakesTheFirstSupportedProtocolOfTheClient) {
  HandshakeRequest request = good();
  const auto chosen = [&](std::string_view offered) {
    request.protocols = offered;
    return accept_handshake(request, kProtocols).value().protocol;
  };
  EXPECT_EQ(chosen("chat, hongyan.v1.proto ,hongyan.v1.json"), "hongyan.v1.proto");
  EXPECT_EQ(chosen("chat"), "");
  EXPECT_EQ(chosen(",,"), "");
  request.protocols = "hongyan.v1.json";
  EXPECT_NE(accept_handshake(request, kProtocols).value().response.find("Sec-WebSocket-Protocol: hongyan.v1.json\r\n"),
            std::string::npos);
}

TEST(Handshake, RefusesWhatIsNoWebSocket) {
  HandshakeRequest request = good();
  request.version = "8";
  EXPECT_EQ(status_of(request), 426);
  request.version = "";
  EXPECT_EQ(status_of(request), 426);
  request = good();
  request.upgrade = "h2c";
  EXPECT_EQ(status_of(request), 426);
  request = good();
  request.connection = "keep-alive";
  EXPECT_EQ(status_of(request), 400);
  request = good();
  request.is_get = false;
  EXPECT_EQ(status_of(request), 400);
  request = good();
  request.is_http_1_1 = false;
  EXPECT_EQ(status_of(request), 400);
  for (const std::string_view key :
       {"", "c2hvcnQ=", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j!!==", "dGhlIHNhbXBsZSBub25jZSBsb25nZXI="}) {
    request = good();
    request.key = key;
    EXPECT_EQ(status_of(request), 400) << key;
  }
}

TEST(Handshake, ClientAndServerUnderstandEachOther) {
  const std::string key = random_key();
  EXPECT_TRUE(is_valid_key(key));
  EXPECT_NE(key, random_key());
  const std::string request = client_request("localhost:8080", "/ws", key, "hongyan.v1.json", "Bearer t");
  EXPECT_TRUE(request.starts_with("GET /ws HTTP/1.1\r\nHost: localhost:8080\r\n"));
  EXPECT_NE(request.find("Authorization: Bearer t\r\n"), std::string::npos);

  HandshakeRequest seen = good();
  seen.key = key;
  seen.protocols = "hongyan.v1.json";
  const auto answer = accept_handshake(seen, kProtocols);
  ASSERT_TRUE(answer.has_value());
  const auto checked = check_response(answer->response, key);
  ASSERT_TRUE(checked.has_value()) << checked.error();
  EXPECT_EQ(checked->protocol, "hongyan.v1.json");
  EXPECT_FALSE(check_response(answer->response, random_key()).has_value());
  EXPECT_FALSE(check_response("HTTP/1.1 403 Forbidden\r\n\r\n", key).has_value());
  EXPECT_FALSE(check_response("", key).has_value());
}

}  // namespace
}  // namespace hongyan::ws
