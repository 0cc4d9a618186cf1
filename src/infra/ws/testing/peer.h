// The two ends of a WebSocket as tests want them: a handler that writes down, a blocking peer that speaks frames.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/write.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/ws/frame_parser.h"
#include "infra/ws/socket.h"

namespace hongyan::ws::testing {

// A test that waits this long has failed.
constexpr std::chrono::seconds kPatience{20};

// Writes down what a socket tells it; the test thread waits for it.
class Recorder : public SocketHandler {
 public:
  void on_message(Opcode, std::string_view payload) override {
    // First: once the message shows, the test may go on and end.
    if (on_each) on_each(payload);
    const std::lock_guard lock(mutex_);
    messages_.emplace_back(payload);
    changed_.notify_all();
  }
  void on_closed(const Closed& closed) override {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(closed_.has_value()) << "on_closed came twice";
    closed_ = closed;
    changed_.notify_all();
  }
  void on_drained_below_half() override {
    const std::lock_guard lock(mutex_);
    ++drained_;
    changed_.notify_all();
  }

  void on_flood(std::chrono::milliseconds wait) override {
    if (on_flooded) on_flooded(wait);
  }

  std::vector<std::string> wait_messages(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return messages_.size() >= count; }));
    return messages_;
  }
  Closed wait_closed() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return closed_.has_value(); }));
    return closed_.value_or(Closed{});
  }
  void wait_drained() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return drained_ > 0; }));
  }
  std::vector<std::string> messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  bool closed() {
    const std::lock_guard lock(mutex_);
    return closed_.has_value();
  }

  // Called on the io thread for each message, before it counts as seen; set before the first one is sent.
  std::function<void(std::string_view)> on_each;
  // Called on the io thread when the peer floods.
  std::function<void(std::chrono::milliseconds)> on_flooded;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> messages_;
  std::optional<Closed> closed_;
  int drained_ = 0;
};

// The other end: a blocking socket that speaks frames.
class Peer {
 public:
  explicit Peer(boost::asio::io_context& context) : socket(context) {}

  void write(std::string_view bytes) { boost::asio::write(socket, boost::asio::buffer(bytes.data(), bytes.size())); }

  // The next frame as text: "text hi", "close 1002 why", or "end" when the server has ended the connection.
  std::string next() {
    while (true) {
      std::span<char> input = std::span(buffer_).subspan(front_, size_ - front_);
      const auto event = parser_.next(input);
      front_ = size_ - input.size();
      if (!event) return "broken: " + std::string(event.error().why);
      if (*event) return describe(**event);
      boost::system::error_code error;
      size_ = socket.read_some(boost::asio::buffer(buffer_), error);
      front_ = 0;
      if (error == boost::asio::error::eof) return "end";
      if (error) return "error";
    }
  }

  boost::asio::ip::tcp::socket socket;

 private:
  static std::string describe(const Event& event) {
    switch (event.opcode) {
      case Opcode::close: return fmt::format("close {} {}", event.close_code, event.payload);
      case Opcode::ping: return fmt::format("ping {}", event.payload);
      case Opcode::pong: return fmt::format("pong {}", event.payload);
      default: return std::string(event.payload);
    }
  }

  FrameParser parser_{Role::client, {.max_message_bytes = 64 * 1024 * 1024, .max_fragments = 1}};
  std::vector<char> buffer_ = std::vector<char>(64 * 1024);
  std::size_t front_ = 0;
  std::size_t size_ = 0;
};

}  // namespace hongyan::ws::testing
