#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <future>

#include "infra/async/io_threads.h"
#include "infra/net/testing/tls_client.h"
#include "infra/net/tls_context.h"
#include "infra/net/tls_stream.h"

namespace hongyan::net {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using testing::test_pair;
using testing::TlsClient;

// Sends back what it reads, in small pieces; at the peer's end it ends too. Lives on the io thread.
class Echo final : public StreamObserver, public std::enable_shared_from_this<Echo> {
 public:
  explicit Echo(std::unique_ptr<TlsStream> stream) : stream_(std::move(stream)) {}

  void start() { stream_->wait_readable(shared_from_this()); }
  std::future<TlsStream::Handshake> shaken() { return shaken_.get_future(); }

  void on_readable(const error_code& wait_error) override {
    if (wait_error) return;
    if (!ready_ && !shake_hands()) return;
    // Less than a record, so that OpenSSL holds bytes that the socket no longer shows.
    std::array<char, 700> buffer;
    error_code error;
    const std::size_t size = stream_->read(buffer, error);
    if (error && error != boost::asio::error::would_block) {
      ended_ = true;
      return flush();
    }
    if (size > 0) output_.emplace_back(buffer.data(), size);
    flush();
    stream_->wait_readable(shared_from_this());
  }

  void on_writable(const error_code& error) override {
    waiting_ = false;
    if (!error) flush();
  }

 private:
  bool shake_hands() {
    const auto state = stream_->handshake();
    if (state == TlsStream::Handshake::again) {
      stream_->wait_readable(shared_from_this());
      return false;
    }
    ready_ = state == TlsStream::Handshake::done;
    shaken_.set_value(state);
    return ready_;
  }

  void flush() {
    while (!waiting_ && !output_.empty()) {
      std::vector<boost::asio::const_buffer> buffers;
      for (std::size_t i = 0; i < output_.size() && i < 64; ++i) buffers.push_back(boost::asio::buffer(output_[i]));
      error_code error;
      take(stream_->write(buffers, error));
      if (error == boost::asio::error::would_block) {
        waiting_ = true;
        stream_->wait_writable(shared_from_this());
      } else if (error) {
        return;
      }
    }
    if (ended_ && output_.empty()) stream_->shutdown_write();
  }

  void take(std::size_t size) {
    while (size > 0) {
      const std::size_t of_front = std::min(size, output_.front().size());
      output_.front().erase(0, of_front);
      size -= of_front;
      if (output_.front().empty()) output_.pop_front();
    }
  }

  std::unique_ptr<TlsStream> stream_;
  std::promise<TlsStream::Handshake> shaken_;
  std::deque<std::string> output_;
  bool ready_ = false;
  bool waiting_ = false;
  bool ended_ = false;
};

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(context_.use(pair_)); }

  // Takes the connection of the client that has just connected; answers how its handshake ends.
  std::future<TlsStream::Handshake> accept() {
    tcp::socket socket(io_.context(0));
    acceptor_.accept(socket);
    auto echo = std::make_shared<Echo>(make_tls_stream(std::move(socket), context_));
    auto shaken = echo->shaken();
    boost::asio::post(io_.context(0), [echo] { echo->start(); });
    return shaken;
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  bool echoes(TlsClient& client, const std::string& text) {
    return client.send(text) && client.read(text.size()) == text;
  }

  // Whether a new client that trusts this certificate alone is served.
  bool shows(const TlsPair& pair) {
    TlsClient client(port(), pair.certificate);
    auto shaken = accept();
    return client.shake_hands() && shaken.get() == TlsStream::Handshake::done && echoes(client, "hello");
  }

  TlsPair pair_ = test_pair();
  TlsContext context_;
  boost::asio::io_context setup_;
  tcp::acceptor acceptor_{setup_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  async::IoThreads io_{1};
};

// Text without a pattern that a mixed-up order would keep.
std::string numbered(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + ",";
  text.resize(size);
  return text;
}

TEST_F(TlsTest, SpeaksModernVersionsOnly) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(port(), pair_.certificate, version);
    auto shaken = accept();
    ASSERT_TRUE(client.shake_hands());
    EXPECT_EQ(shaken.get(), TlsStream::Handshake::done);
    EXPECT_TRUE(echoes(client, "hello"));
    EXPECT_EQ(SSL_version(client.ssl()), version);
    EXPECT_NE(std::string_view(SSL_get_cipher(client.ssl())).find(version == TLS1_2_VERSION ? "ECDHE" : "TLS_"),
              std::string_view::npos);
    EXPECT_EQ(SSL_session_reused(client.ssl()), 0);
    EXPECT_EQ(SSL_SESSION_has_ticket(SSL_get_session(client.ssl())), 0);
  }
  TlsClient old(port(), pair_.certificate, TLS1_1_VERSION);
  SSL_set_security_level(old.ssl(), 0);
  auto shaken = accept();
  EXPECT_FALSE(old.shake_hands());
  EXPECT_EQ(shaken.get(), TlsStream::Handshake::failed);
}

TEST_F(TlsTest, RefusesCiphersWithoutForwardSecrecy) {
  TlsClient client(port(), pair_.certificate, TLS1_2_VERSION);
  ASSERT_EQ(SSL_set_cipher_list(client.ssl(), "ECDHE+AES:!AESGCM:!AESCCM"), 1);
  auto shaken = accept();
  EXPECT_FALSE(client.shake_hands());
  EXPECT_EQ(shaken.get(), TlsStream::Handshake::failed);
}

TEST_F(TlsTest, AgreesOnHttp11) {
  const auto offer = [&](std::string_view protocols) {
    TlsClient client(port(), pair_.certificate);
    SSL_set_alpn_protos(client.ssl(), reinterpret_cast<const unsigned char*>(protocols.data()),
                        static_cast<unsigned>(protocols.size()));
    auto shaken = accept();
    if (!client.shake_hands()) return std::string("refused");
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.ssl(), &chosen, &size);
    return std::string(reinterpret_cast<const char*>(chosen), size);
  };
  EXPECT_EQ(offer("\x02h2\x08http/1.1"), "http/1.1");
  EXPECT_EQ(offer("\x02h2"), "refused");
}

TEST_F(TlsTest, MovesBytesThatDoNotFitAnywhereAtOnce) {
  const std::string text = numbered(8 * 1024 * 1024);
  TlsClient client(port(), pair_.certificate);
  auto shaken = accept();
  ASSERT_TRUE(client.shake_hands());
  // All of it is sent before anything is read, so the server's writes have to wait.
  ASSERT_TRUE(client.send(text));
  EXPECT_TRUE(client.read(text.size()) == text);
}

TEST_F(TlsTest, EachDirectionEndsByItself) {
  const std::string text = numbered(100'000);
  TlsClient client(port(), pair_.certificate);
  auto shaken = accept();
  ASSERT_TRUE(client.shake_hands());
  ASSERT_TRUE(client.send(text));
  client.end_writing();
  EXPECT_TRUE(client.read(text.size()) == text);
  EXPECT_TRUE(client.at_end());
}

TEST_F(TlsTest, AnswersAChangeOfKeys) {
  TlsClient client(port(), pair_.certificate);
  auto shaken = accept();
  ASSERT_TRUE(client.shake_hands());
  ASSERT_TRUE(echoes(client, "before"));
  ASSERT_EQ(SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
  EXPECT_TRUE(echoes(client, "after"));
}

TEST_F(TlsTest, DoesNotNegotiateAgain) {
  TlsClient client(port(), pair_.certificate, TLS1_2_VERSION);
  auto shaken = accept();
  ASSERT_TRUE(client.shake_hands());
  ASSERT_EQ(SSL_renegotiate(client.ssl()), 1);
  EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
}

TEST_F(TlsTest, KnowsAPeerThatSpeaksSomethingElse) {
  TlsClient client(port(), pair_.certificate);
  auto shaken = accept();
  ASSERT_EQ(::send(client.fd(), "GET /", 5, MSG_NOSIGNAL), 5);
  EXPECT_EQ(shaken.get(), TlsStream::Handshake::foreign);
}

TEST_F(TlsTest, EndsWithAPeerThatGoesInTheMiddleOfTheHandshake) {
  TlsClient client(port(), pair_.certificate);
  auto shaken = accept();
  // The head of a record of which nothing more comes.
  ASSERT_EQ(::send(client.fd(), "\x16\x03\x01\x02\x00", 5, MSG_NOSIGNAL), 5);
  ::shutdown(client.fd(), SHUT_WR);
  EXPECT_EQ(shaken.get(), TlsStream::Handshake::failed);
}

TEST_F(TlsTest, ANewPairIsForNewConnections) {
  TlsClient before(port(), pair_.certificate);
  auto shaken = accept();
  ASSERT_TRUE(before.shake_hands());
  const TlsPair next = test_pair();
  ASSERT_TRUE(context_.use(next));
  EXPECT_TRUE(echoes(before, "still here"));
  EXPECT_TRUE(shows(next));
  EXPECT_FALSE(shows(pair_));
}

TEST_F(TlsTest, ABrokenPairChangesNothing) {
  const TlsPair other = test_pair();
  const auto refusal = [&](const TlsPair& pair) {
    const auto used = context_.use(pair);
    return used ? std::string("none") : used.error().detail;
  };
  EXPECT_NE(refusal({.certificate = "", .key = pair_.key}).find("no certificate"), std::string::npos);
  EXPECT_NE(refusal({.certificate = pair_.certificate, .key = ""}).find("no private key"), std::string::npos);
  EXPECT_NE(refusal({.certificate = pair_.certificate, .key = other.key}).find("does not belong"), std::string::npos);
  const std::string cut = other.certificate.substr(0, other.certificate.size() / 2);
  EXPECT_NE(refusal({.certificate = pair_.certificate + cut, .key = pair_.key}).find("broken"), std::string::npos);
  EXPECT_TRUE(shows(pair_));
}

}  // namespace
}  // namespace hongyan::net
