#include "infra/ws/socket.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <functional>
#include <future>

#include "infra/async/io_threads.h"
#include "infra/ws/frame_builder.h"
#include "infra/ws/socket_group.h"
#include "infra/ws/testing/masked.h"
#include "infra/ws/testing/peer.h"

namespace hongyan::ws {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using testing::masked;
using testing::Peer;
using testing::Recorder;

class SocketTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (!group_) return;
    std::size_t left = 1;
    for (int turn = 0; turn < 1000 && left > 0; ++turn) {
      on_io([&] {
        group_->abort_all();
        left = group_->size();
      });
    }
    EXPECT_EQ(left, 0U);
  }

  // Runs `what` on the io thread and waits for it.
  void on_io(std::function<void()> what) {
    std::promise<void> done;
    boost::asio::post(io_.context(0), [&] {
      what();
      done.set_value();
    });
    done.get_future().wait();
  }

  void use(const SocketLimits& limits) { group_ = std::make_shared<SocketGroup>(io_.context(0), limits); }

  // Connects `peer` to a new Socket with this handler.
  std::shared_ptr<Socket> open(Peer& peer, std::shared_ptr<Recorder> handler, Socket::Start start = {}) {
    if (!group_) use({});
    boost::asio::io_context setup;
    tcp::acceptor acceptor(setup, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    // A small window, so that a peer that does not read is felt soon.
    peer.socket.open(tcp::v4());
    peer.socket.set_option(boost::asio::socket_base::receive_buffer_size(16 * 1024));
    peer.socket.connect(acceptor.local_endpoint());
    tcp::socket accepted(io_.context(0));
    acceptor.accept(accepted);
    accepted.set_option(boost::asio::socket_base::send_buffer_size(16 * 1024));
    std::shared_ptr<Socket> socket;
    on_io([&] {
      socket = Socket::create(*group_, net::make_tcp_stream(std::move(accepted)), std::move(handler));
      socket->start(std::move(start));
    });
    return socket;
  }

  async::IoThreads io_{1};
  boost::asio::io_context peer_context_;
  std::shared_ptr<SocketGroup> group_;
  Peer peer_{peer_context_};
  std::shared_ptr<Recorder> recorder_ = std::make_shared<Recorder>();
};

TEST_F(SocketTest, DeliversMessagesAndSendsThePreambleFirst) {
  const auto socket = open(peer_, recorder_, {.leftover = masked(Opcode::text, "early"), .preamble = "\x81\x03pre"});
  peer_.write(masked(Opcode::text, "hello"));
  peer_.write(masked(Opcode::binary, "by", false));
  peer_.write(masked(Opcode::continuation, "tes"));
  EXPECT_EQ(recorder_->wait_messages(3), (std::vector<std::string>{"early", "hello", "bytes"}));
  on_io([&] { EXPECT_EQ(socket->send(make_frame(Opcode::text, "answer")), SendResult::queued); });
  EXPECT_EQ(peer_.next(), "pre");
  EXPECT_EQ(peer_.next(), "answer");
}

TEST_F(SocketTest, OneTurnOfTheLoopIsOneSystemCall) {
  const auto socket = open(peer_, recorder_);
  const auto frame = make_frame(Opcode::text, "f");
  const auto& counters = group_->counters();
  on_io([&] {
    for (int i = 0; i < 50; ++i) socket->send(frame);
    EXPECT_EQ(counters.writes, 0U);
    EXPECT_EQ(socket->output_frames(), 50U);
  });
  for (int i = 0; i < 50; ++i) EXPECT_EQ(peer_.next(), "f");
  on_io([&] { EXPECT_EQ(counters.writes, 1U); });
  on_io([&] {
    for (int i = 0; i < 130; ++i) socket->send(frame);
  });
  for (int i = 0; i < 130; ++i) EXPECT_EQ(peer_.next(), "f");
  on_io([&] {
    EXPECT_EQ(counters.writes, 4U) << "64 buffers a call";
    EXPECT_EQ(counters.frames_out, 180U);
    EXPECT_EQ(socket->output_bytes(), 0U);
  });
}

TEST_F(SocketTest, APeerThatDoesNotReadIsBounded) {
  SocketLimits limits;
  limits.max_output_bytes = 256 * 1024;
  limits.max_output_frames = 100;
  use(limits);
  const auto socket = open(peer_, recorder_);
  const auto frame = make_frame(Opcode::text, std::string(8 * 1024, 'x'));
  std::size_t queued = 0;
  std::size_t most = 0;
  // Far more than the kernel takes, over many turns.
  for (int turn = 0; turn < 2000; ++turn) {
    on_io([&] {
      queued += socket->send(frame) == SendResult::queued ? 1 : 0;
      most = std::max(most, socket->output_bytes());
    });
  }
  EXPECT_LT(queued, 2000U);
  EXPECT_LE(most, limits.max_output_bytes);
  on_io([&] {
    EXPECT_TRUE(socket->above_half());
    EXPECT_EQ(socket->send(frame), SendResult::full);
    EXPECT_EQ(socket->send_answer(make_frame(Opcode::text, "answer")), SendResult::queued)
        << "answers are never dropped";
  });
  for (std::size_t i = 0; i < queued; ++i) ASSERT_EQ(peer_.next().size(), 8U * 1024);
  EXPECT_EQ(peer_.next(), "answer");
  recorder_->wait_drained();
  on_io([&] {
    EXPECT_FALSE(socket->above_half());
    EXPECT_EQ(socket->send(frame), SendResult::queued);
  });
}

TEST_F(SocketTest, FramesAreBoundedTooAndAnswersHaveAHardLimit) {
  SocketLimits limits;
  limits.max_output_frames = 10;
  limits.hard_output_bytes = 4 * 1024 * 1024;
  use(limits);
  const auto socket = open(peer_, recorder_);
  on_io([&] {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(socket->send(make_frame(Opcode::text, "x")), SendResult::queued);
    EXPECT_EQ(socket->send(make_frame(Opcode::text, "x")), SendResult::full);
    const auto large = make_frame(Opcode::text, std::string(1024 * 1024, 'x'));
    int answers = 0;
    while (answers < 10 && socket->send_answer(large) == SendResult::queued) ++answers;
    EXPECT_EQ(answers, 3);
    EXPECT_EQ(socket->send(make_frame(Opcode::text, "x")), SendResult::closed);
  });
  EXPECT_EQ(recorder_->wait_closed().cause, CloseCause::stalled);
}

TEST_F(SocketTest, APeerThatNeverReadsIsClosed) {
  SocketLimits limits;
  limits.drain_timeout = 30ms;
  limits.sweep_every = 5ms;
  use(limits);
  const auto socket = open(peer_, recorder_);
  on_io([&] { socket->send(make_frame(Opcode::binary, std::string(16 * 1024 * 1024, 'x'))); });
  EXPECT_EQ(recorder_->wait_closed().cause, CloseCause::stalled);
  on_io([&] { EXPECT_EQ(group_->counters().stalled, 1U); });
}

TEST_F(SocketTest, AnswersPingsInOrder) {
  const auto socket = open(peer_, recorder_);
  std::string pings;
  for (int i = 0; i < 10; ++i) pings += masked(Opcode::ping, std::to_string(i));
  peer_.write(pings);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(peer_.next(), fmt::format("pong {}", i));
}

TEST_F(SocketTest, AFloodOfPingsDoesNotGrowTheOutput) {
  SocketLimits limits;
  limits.max_queued_pongs = 4;
  use(limits);
  const auto socket = open(peer_, recorder_);
  recorder_->on_each = [&](std::string_view) { EXPECT_LE(socket->output_frames(), 4U); };
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += masked(Opcode::ping, std::to_string(i));
  peer_.write(pings + masked(Opcode::text, "look"));
  recorder_->wait_messages(1);
  std::string pong;
  for (int i = 0; i < 1000 && pong != "pong 999"; ++i) pong = peer_.next();
  EXPECT_EQ(pong, "pong 999") << "the latest ping is answered in any case";
}

TEST_F(SocketTest, SilenceIsPingedThenClosed) {
  SocketLimits limits;
  limits.heartbeat = 20ms;
  limits.sweep_every = 5ms;
  use(limits);
  const auto socket = open(peer_, recorder_);
  EXPECT_EQ(peer_.next(), "ping ");
  EXPECT_EQ(peer_.next(), "ping ");
  EXPECT_EQ(peer_.next(), "close 4408 heartbeat missed");
  const Closed closed = recorder_->wait_closed();
  EXPECT_EQ(closed.cause, CloseCause::heartbeat);
  EXPECT_EQ(closed.code, 4408);
}

TEST_F(SocketTest, AnyFrameIsLifeAndAPausedSocketIsNotJudged) {
  SocketLimits limits;
  limits.heartbeat = 100ms;
  limits.sweep_every = 5ms;
  use(limits);
  const auto paused = open(peer_, recorder_);
  on_io([&] { paused->pause_reading(); });
  // Another socket of the group is the clock: it lives through four pings that it answers, then falls silent and dies.
  Peer other(peer_context_);
  const auto other_recorder = std::make_shared<Recorder>();
  const auto answering = open(other, other_recorder);
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(other.next(), "ping ");
    other.write(masked(Opcode::pong, ""));
  }
  EXPECT_EQ(other_recorder->wait_closed().cause, CloseCause::heartbeat);
  EXPECT_FALSE(recorder_->closed());
  on_io([&] { paused->resume_reading(); });
  EXPECT_EQ(recorder_->wait_closed().cause, CloseCause::heartbeat) << "the clock goes on after the pause";
}

TEST_F(SocketTest, ClosesAfterWhatIsQueued) {
  const auto socket = open(peer_, recorder_);
  on_io([&] {
    socket->send(make_frame(Opcode::text, "last words"));
    socket->close(4503, "draining");
    EXPECT_EQ(socket->send(make_frame(Opcode::text, "too late")), SendResult::closed);
  });
  EXPECT_EQ(peer_.next(), "last words");
  EXPECT_EQ(peer_.next(), "close 4503 draining");
  EXPECT_FALSE(recorder_->closed()) << "the peer has not answered yet";
  peer_.write(masked(Opcode::text, "not delivered any more") + masked(Opcode::close, close_payload(4503, "ok")));
  const Closed closed = recorder_->wait_closed();
  EXPECT_EQ(closed.cause, CloseCause::by_peer);
  EXPECT_EQ(closed.code, 4503);
  EXPECT_EQ(closed.reason, "ok");
  EXPECT_EQ(peer_.next(), "end");
  EXPECT_TRUE(recorder_->messages().empty());
}

TEST_F(SocketTest, AnswersThePeersCloseWithItsCode) {
  const auto socket = open(peer_, recorder_);
  on_io([&] { socket->send(make_frame(Opcode::text, "queued")); });
  peer_.write(masked(Opcode::close, close_payload(1001, "leaving")));
  EXPECT_EQ(peer_.next(), "queued");
  EXPECT_EQ(peer_.next(), "close 1001 ");
  EXPECT_EQ(peer_.next(), "end");
  const Closed closed = recorder_->wait_closed();
  EXPECT_EQ(closed.cause, CloseCause::by_peer);
  EXPECT_EQ(closed.code, 1001);
  EXPECT_EQ(closed.reason, "leaving");
}

TEST_F(SocketTest, DoesNotWaitForeverForThePeersClose) {
  SocketLimits limits;
  limits.close_timeout = 30ms;
  limits.sweep_every = 5ms;
  use(limits);
  const auto socket = open(peer_, recorder_);
  on_io([&] { socket->close(1000); });
  EXPECT_EQ(peer_.next(), "close 1000 ");
  EXPECT_EQ(recorder_->wait_closed().cause, CloseCause::timed_out);
  EXPECT_NE(peer_.next(), "close 1000 ");
}

struct Violation {
  std::string name;
  std::string bytes;
  std::string answer;
};

TEST_F(SocketTest, AnswersViolationsWithTheirCode) {
  SocketLimits limits;
  limits.parser.max_message_bytes = 1000;
  use(limits);
  const Violation violations[] = {
      {"unmasked", encode_frame(Opcode::text, "a"), "close 1002 unmasked frame"},
      {"bad text", masked(Opcode::text, "\xFF"), "close 1007 text is not UTF-8"},
      {"too big", masked(Opcode::text, std::string(500'000, 'x')), "close 1009 message too big"},
      {"noise", std::string(4096, '\xF3'), "close 1002 reserved bits set"},
  };
  for (const Violation& violation : violations) {
    Peer peer(peer_context_);
    const auto recorder = std::make_shared<Recorder>();
    open(peer, recorder);
    peer.write(violation.bytes);
    EXPECT_EQ(peer.next(), violation.answer) << violation.name;
    EXPECT_EQ(peer.next(), "end") << violation.name;
    EXPECT_EQ(recorder->wait_closed().cause, CloseCause::protocol_error);
    EXPECT_TRUE(recorder->messages().empty());
  }
}

TEST_F(SocketTest, ClosesWhoSendsMoreFramesThanAllowed) {
  SocketLimits limits;
  limits.frames = {.per_second = 1, .burst = 100};
  use(limits);
  const std::pair<const char*, std::string> floods[] = {
      {"pings", masked(Opcode::ping, "p")},
      {"pongs", masked(Opcode::pong, "")},
      {"messages", masked(Opcode::text, "m")},
      {"fragments", masked(Opcode::text, "f", false) + masked(Opcode::continuation, "g")},
  };
  for (const auto& [name, frame] : floods) {
    Peer peer(peer_context_);
    const auto recorder = std::make_shared<Recorder>();
    const auto socket = open(peer, recorder);
    recorder->on_flooded = [&socket](std::chrono::milliseconds wait) {
      EXPECT_GT(wait, 0ms);
      socket->send_answer(make_frame(Opcode::text, "slow down"));
    };
    std::string all;
    for (int i = 0; i < 200; ++i) all += frame;
    peer.write(all);
    std::string last = peer.next();
    std::string before;
    while (!last.starts_with("close") && last != "end") before = std::exchange(last, peer.next());
    EXPECT_EQ(last, "close 4429 too many frames") << name;
    EXPECT_EQ(before, "slow down") << name;
    EXPECT_EQ(recorder->wait_closed().cause, CloseCause::flooded) << name;
    EXPECT_LE(recorder->messages().size(), 100U) << name;
  }
}

TEST_F(SocketTest, HoldsMessagesBackWhilePaused) {
  std::shared_ptr<Socket> socket;
  recorder_->on_each = [&](std::string_view) { socket->pause_reading(); };
  std::string all;
  for (int i = 0; i < 5; ++i) all += masked(Opcode::text, std::to_string(i));
  socket = open(peer_, recorder_);
  peer_.write(all);
  for (std::size_t i = 1; i <= 5; ++i) {
    EXPECT_EQ(recorder_->wait_messages(i).size(), i);
    on_io([&] {
      EXPECT_TRUE(socket->reading_paused());
      EXPECT_EQ(recorder_->messages().size(), i);
      socket->resume_reading();
    });
  }
  peer_.write(masked(Opcode::text, "after"));
  EXPECT_EQ(recorder_->wait_messages(6).back(), "after");
}

TEST_F(SocketTest, TellsOfALostConnectionAndLetsGo) {
  auto socket = open(peer_, recorder_);
  const std::weak_ptr<Socket> weak = socket;
  socket.reset();
  peer_.socket.close();
  const Closed closed = recorder_->wait_closed();
  EXPECT_EQ(closed.cause, CloseCause::lost);
  EXPECT_EQ(closed.code, kCloseAbnormal);
  on_io([&] { EXPECT_EQ(group_->size(), 0U); });
  on_io([&] { EXPECT_TRUE(weak.expired()); });
}

TEST_F(SocketTest, AClientMasksWhatItSends) {
  // The same class on the client's side: its control frames must be masked, its peer's must not be.
  use({});
  boost::asio::io_context setup;
  tcp::acceptor acceptor(setup, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  peer_.socket.connect(acceptor.local_endpoint());
  tcp::socket accepted(io_.context(0));
  acceptor.accept(accepted);
  on_io(
      [&] { Socket::create(*group_, net::make_tcp_stream(std::move(accepted)), recorder_, Role::client)->start({}); });
  peer_.write(encode_frame(Opcode::text, "to the client") + encode_frame(Opcode::ping, "p"));
  EXPECT_EQ(recorder_->wait_messages(1), std::vector<std::string>{"to the client"});
  std::array<char, 7> pong{};
  boost::asio::read(peer_.socket, boost::asio::buffer(pong));
  EXPECT_EQ(static_cast<unsigned char>(pong[0]), 0x8A);
  EXPECT_EQ(static_cast<unsigned char>(pong[1]), 0x81) << "masked, one byte";
  EXPECT_EQ(pong[6] ^ pong[2], 'p');
}

}  // namespace
}  // namespace hongyan::ws
