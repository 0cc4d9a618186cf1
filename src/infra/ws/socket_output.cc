// The sending half of Socket: the bounded queue and the flush at the end of a turn.
#include <array>
#include <boost/asio/error.hpp>
#include <utility>

#include "base/assert.h"
#include "infra/ws/socket.h"
#include "infra/ws/socket_group.h"

namespace hongyan::ws {
namespace {

constexpr std::size_t kBuffersPerWrite = 64;
// One socket may not hold up the others of its thread.
constexpr int kWritesPerTurn = 16;
// An idle socket keeps no more room than this for frames.
constexpr std::size_t kKeptFrames = 32;

}  // namespace

SendResult Socket::send(SharedFrame frame) {
  HY_ASSERT(group_.on_thread());
  if (state_ != State::open) return SendResult::closed;
  const SocketLimits& limits = group_.limits();
  const bool fits =
      output_bytes_ + frame->size() <= limits.max_output_bytes && output_frames() + 1 <= limits.max_output_frames;
  if (!fits && output_frames() > 0) {
    // Whoever is told so waits for on_drained_below_half().
    above_half_ = true;
    group_.count(group_.counters_.refused_full);
    return SendResult::full;
  }
  queue(std::move(frame));
  return SendResult::queued;
}

SendResult Socket::send_answer(SharedFrame frame) {
  HY_ASSERT(group_.on_thread());
  if (state_ != State::open) return SendResult::closed;
  if (output_bytes_ + frame->size() > group_.limits().hard_output_bytes) {
    group_.count(group_.counters_.stalled);
    finish_later(CloseCause::stalled, "too much output waits");
    return SendResult::closed;
  }
  queue(std::move(frame));
  return SendResult::queued;
}

void Socket::queue(SharedFrame frame, bool is_pong) {
  const SocketLimits& limits = group_.limits();
  const std::size_t size = frame->size();
  total_queued_ += size;
  output_bytes_ += size;
  if (output_frames() == 0) {
    drain_target_ = total_queued_;
    drain_by_ = Clock::now() + limits.drain_timeout;
  }
  if (is_pong) ++pongs_queued_;
  output_.push_back({.frame = std::move(frame), .is_pong = is_pong});
  if (output_bytes_ > limits.max_output_bytes / 2 || output_frames() > limits.max_output_frames / 2) above_half_ = true;
  if (!waiting_write_) group_.flush_later(shared_from_this());
}

void Socket::queue_close(std::uint16_t code, std::string_view reason) {
  if (std::exchange(close_queued_, true)) return;
  if (state_ == State::open) close_by_ = Clock::now() + group_.limits().close_timeout;
  queue(control_frame(Opcode::close, close_payload(code, reason)));
}

SharedFrame Socket::control_frame(Opcode opcode, std::string_view payload) const {
  if (role_ == Role::server) return make_frame(opcode, payload);
  return std::make_shared<const std::string>(encode_masked_frame(opcode, payload, random_mask_key()));
}

void Socket::flush() {
  flush_scheduled_ = false;
  if (state_ == State::ended || waiting_write_) return;
  for (int writes = 0; output_frames() > 0; ++writes) {
    if (writes == kWritesPerTurn) {
      group_.flush_later(shared_from_this());
      break;
    }
    if (!write_once()) break;
  }
  after_flush();
}

bool Socket::write_once() {
  std::array<boost::asio::const_buffer, kBuffersPerWrite> buffers;
  std::size_t count = 0;
  std::size_t wanted = 0;
  for (std::size_t i = output_front_; i < output_.size() && count < buffers.size(); ++i, ++count) {
    const std::size_t skipped = i == output_front_ ? front_taken_ : 0;
    const std::string& frame = *output_[i].frame;
    buffers[count] = boost::asio::buffer(frame.data() + skipped, frame.size() - skipped);
    wanted += frame.size() - skipped;
  }
  boost::system::error_code error;
  const std::size_t written = stream_->write(std::span(buffers).first(count), error);
  group_.count(group_.counters_.writes);
  const bool blocked = error == boost::asio::error::would_block || error == boost::asio::error::try_again;
  if (error && !blocked && error != boost::asio::error::interrupted) {
    const auto self = shared_from_this();
    finish(CloseCause::lost, kCloseAbnormal, error.message(), Then::end);
    end();
    return false;
  }
  took(written);
  if (written == wanted) return true;
  waiting_write_ = true;
  stream_->wait_writable(shared_from_this());
  return false;
}

void Socket::took(std::size_t bytes) {
  group_.count(group_.counters_.bytes_out, bytes);
  output_bytes_ -= bytes;
  total_sent_ += bytes;
  front_taken_ += bytes;
  while (output_frames() > 0 && front_taken_ >= output_[output_front_].frame->size()) {
    Output& front = output_[output_front_];
    front_taken_ -= front.frame->size();
    if (front.is_pong) --pongs_queued_;
    front.frame.reset();
    ++output_front_;
    group_.count(group_.counters_.frames_out);
  }
  if (output_frames() == 0) {
    output_.clear();
    output_front_ = 0;
    if (output_.capacity() > kKeptFrames) output_.shrink_to_fit();
  } else if (output_front_ > output_.size() / 2 && output_front_ > kKeptFrames) {
    output_.erase(output_.begin(), output_.begin() + static_cast<std::ptrdiff_t>(output_front_));
    output_front_ = 0;
  }
}

void Socket::after_flush() {
  if (state_ == State::ended) return;
  if (output_frames() > 0 && total_sent_ >= drain_target_) {
    drain_target_ = total_queued_;
    drain_by_ = Clock::now() + group_.limits().drain_timeout;
  }
  queue_late_pong();
  notice_half();
  if (state_ != State::lingering || output_frames() > 0 || write_ended_) return;
  write_ended_ = true;
  stream_->shutdown_write();
  if (peer_ended_) end();
}

void Socket::queue_late_pong() {
  if (!late_pong_ || close_queued_ || pongs_queued_ >= group_.limits().max_queued_pongs) return;
  const auto payload = std::move(late_pong_);
  queue(control_frame(Opcode::pong, *payload), true);
}

void Socket::notice_half() {
  const SocketLimits& limits = group_.limits();
  if (!above_half_ || output_bytes_ > limits.max_output_bytes / 2 || output_frames() > limits.max_output_frames / 2) {
    return;
  }
  above_half_ = false;
  if (handler_) handler_->on_drained_below_half();
}

void Socket::on_writable(const boost::system::error_code& error) {
  waiting_write_ = false;
  if (!error) flush();
}

}  // namespace hongyan::ws
