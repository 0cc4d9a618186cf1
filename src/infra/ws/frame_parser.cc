#include "infra/ws/frame_parser.h"

#include <algorithm>
#include <cstring>

namespace hongyan::ws {
namespace {

std::uint64_t big_endian(std::span<const unsigned char> bytes) {
  std::uint64_t value = 0;
  for (const unsigned char byte : bytes) value = value << 8 | byte;
  return value;
}

bool is_known(std::uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

}  // namespace

std::expected<std::optional<Event>, ProtocolError> FrameParser::next(std::span<char>& input) {
  if (message_given_) {
    // Freed rather than kept: an idle connection holds no buffer.
    message_ = std::string();
    message_given_ = false;
  }
  while (true) {
    if (!in_payload_) {
      const auto complete = read_header(input);
      if (!complete) return std::unexpected(complete.error());
      if (!*complete) return std::nullopt;
    }
    Step step = is_control() ? read_control(input) : read_data(input);
    // Without an event the frame either wants more bytes or was a fragment, and then the next frame follows.
    if (!step || step->has_value() || in_payload_) return step;
  }
}

std::expected<bool, ProtocolError> FrameParser::read_header(std::span<char>& input) {
  while (header_size_ < header_need_) {
    if (input.empty()) return false;
    header_[header_size_++] = static_cast<unsigned char>(input.front());
    input = input.subspan(1);
    if (header_size_ == 2) {
      if (const auto error = check_first_two()) return std::unexpected(*error);
    }
  }
  if (const auto error = check_length()) return std::unexpected(*error);
  ++frames_;
  taken_ = 0;
  in_payload_ = true;
  return true;
}

std::optional<ProtocolError> FrameParser::check_first_two() {
  const auto violation = [](std::string_view why) {
    return ProtocolError{.close_code = kCloseProtocolError, .why = why};
  };
  const std::uint8_t opcode = header_[0] & 0x0F;
  const std::uint8_t short_length = header_[1] & 0x7F;
  const bool masked = (header_[1] & 0x80) != 0;
  final_ = (header_[0] & 0x80) != 0;
  opcode_ = static_cast<Opcode>(opcode);

  if ((header_[0] & 0x70) != 0) return violation("reserved bits set");
  if (!is_known(opcode)) return violation("unknown opcode");
  if (role_ == Role::server && !masked) return violation("unmasked frame");
  if (role_ == Role::client && masked) return violation("masked frame");
  if (is_control()) {
    if (!final_) return violation("fragmented control frame");
    if (short_length > kMaxControlPayload) return violation("control frame too long");
  } else {
    const bool continues = opcode_ == Opcode::continuation;
    const bool under_way = message_opcode_ != Opcode::continuation;
    if (continues && !under_way) return violation("continuation of nothing");
    if (!continues && under_way) return violation("new message inside a message");
  }
  const int length_bytes = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  header_need_ = static_cast<std::uint8_t>(2 + length_bytes + (masked ? 4 : 0));
  return std::nullopt;
}

std::optional<ProtocolError> FrameParser::check_length() {
  const std::uint8_t short_length = header_[1] & 0x7F;
  const std::span<const unsigned char> header(header_);
  std::size_t at = 2;
  length_ = short_length;
  if (short_length == 126) {
    length_ = big_endian(header.subspan(2, 2));
    at = 4;
    if (length_ < 126)
      return ProtocolError{.close_code = kCloseProtocolError, .why = "length not in its shortest form"};
  } else if (short_length == 127) {
    length_ = big_endian(header.subspan(2, 8));
    at = 10;
    if (length_ <= 0xFFFF || length_ >> 63 != 0) {
      return ProtocolError{.close_code = kCloseProtocolError, .why = "length not in its shortest form"};
    }
  }
  if (role_ == Role::server) std::memcpy(mask_.data(), header_.data() + at, mask_.size());
  if (is_control()) return std::nullopt;

  if (opcode_ != Opcode::continuation) {
    message_opcode_ = opcode_;
    fragments_ = 0;
    utf8_.reset();
  }
  if (length_ > limits_.max_message_bytes || message_.size() > limits_.max_message_bytes - length_) {
    return ProtocolError{.close_code = kCloseTooBig, .why = "message too big"};
  }
  if (++fragments_ > limits_.max_fragments) {
    return ProtocolError{.close_code = kCloseTooBig, .why = "message in too many fragments"};
  }
  return std::nullopt;
}

FrameParser::Step FrameParser::read_control(std::span<char>& input) {
  const std::size_t size = std::min<std::size_t>(length_ - taken_, input.size());
  const auto bytes = input.first(size);
  unmask(bytes);
  if (taken_ == 0) control_.clear();
  control_.append(bytes.data(), bytes.size());
  taken_ += size;
  input = input.subspan(size);
  if (taken_ < length_) return std::nullopt;
  end_frame();
  return finish_control();
}

FrameParser::Step FrameParser::finish_control() {
  const std::string_view payload(control_);
  Event event{.opcode = opcode_, .payload = payload, .close_code = 0};
  if (opcode_ != Opcode::close) return event;

  event.close_code = kCloseNoCode;
  if (payload.empty()) return event;
  const auto violation = [](std::uint16_t code, std::string_view why) {
    return std::unexpected(ProtocolError{.close_code = code, .why = why});
  };
  if (payload.size() == 1) return violation(kCloseProtocolError, "close code cut short");
  event.close_code =
      static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]));
  event.payload = payload.substr(2);
  if (!is_sendable_close_code(event.close_code)) return violation(kCloseProtocolError, "close code not allowed");
  if (!is_valid_utf8(event.payload)) return violation(kCloseBadData, "close reason is not UTF-8");
  return event;
}

FrameParser::Step FrameParser::read_data(std::span<char>& input) {
  const std::size_t size = std::min<std::uint64_t>(length_ - taken_, input.size());
  const auto bytes = input.first(size);
  unmask(bytes);
  taken_ += size;
  input = input.subspan(size);
  const std::string_view piece(bytes.data(), bytes.size());
  const bool frame_complete = taken_ == length_;
  const bool message_complete = frame_complete && final_;

  const bool only_piece = message_complete && fragments_ == 1 && size == length_;
  if (only_piece) {
    end_frame();
    return finish_message(piece, false);
  }
  if (message_opcode_ == Opcode::text && !utf8_.feed(piece)) {
    return std::unexpected(ProtocolError{.close_code = kCloseBadData, .why = "text is not UTF-8"});
  }
  message_ += piece;
  if (frame_complete) end_frame();
  if (!message_complete) return std::nullopt;
  message_given_ = true;
  return finish_message(message_, true);
}

FrameParser::Step FrameParser::finish_message(std::string_view payload, bool validated) {
  const Opcode opcode = message_opcode_;
  message_opcode_ = Opcode::continuation;
  if (opcode == Opcode::text && !(validated ? utf8_.complete() : is_valid_utf8(payload))) {
    return std::unexpected(ProtocolError{.close_code = kCloseBadData, .why = "text is not UTF-8"});
  }
  return Event{.opcode = opcode, .payload = payload, .close_code = 0};
}

void FrameParser::end_frame() {
  in_payload_ = false;
  header_size_ = 0;
  header_need_ = 2;
}

void FrameParser::unmask(std::span<char> bytes) {
  if (role_ == Role::client) return;
  // Eight bytes at a time, with the key turned to where this piece begins in the frame.
  std::array<char, 8> key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<char>(mask_[(taken_ + i) % mask_.size()]);
  std::uint64_t wide_key;
  std::memcpy(&wide_key, key.data(), sizeof wide_key);
  std::size_t at = 0;
  for (; at + sizeof wide_key <= bytes.size(); at += sizeof wide_key) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    word ^= wide_key;
    std::memcpy(bytes.data() + at, &word, sizeof word);
  }
  for (std::size_t i = 0; at < bytes.size(); ++at, ++i) bytes[at] = static_cast<char>(bytes[at] ^ key[i]);
}

}  // namespace hongyan::ws
