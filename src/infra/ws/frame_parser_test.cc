#include "infra/ws/frame_parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "infra/ws/testing/masked.h"

namespace hongyan::ws {
namespace {

using namespace std::string_literals;
using testing::kMaskKey;
using testing::masked;

// A masked frame with exactly this header, and an empty or short payload of zeros left as they are.
std::string raw(std::initializer_list<int> header, std::size_t payload_bytes = 0) {
  std::string out;
  for (const int byte : header) out.push_back(static_cast<char>(byte));
  return out + std::string(4, '\0') + std::string(payload_bytes, '\0');
}

std::string name(const Event& event) {
  static constexpr const char* kNames[] = {"?", "text", "binary", "?", "?", "?", "?", "?", "close", "ping", "pong"};
  const std::string prefix = kNames[static_cast<int>(event.opcode)];
  if (event.opcode == Opcode::close) return fmt::format("close {} {}", event.close_code, event.payload);
  return fmt::format("{} {}", prefix, event.payload);
}

// Feeds `bytes` in pieces of the given sizes (then the rest) and writes down what comes out; an error ends it.
std::vector<std::string> parse(std::string bytes, const std::vector<std::size_t>& sizes = {}, ParserLimits limits = {},
                               Role role = Role::server) {
  FrameParser parser(role, limits);
  std::vector<std::string> out;
  std::size_t at = 0;
  for (std::size_t i = 0; at < bytes.size(); ++i) {
    const std::size_t size = std::min(bytes.size() - at, i < sizes.size() ? sizes[i] : bytes.size());
    // A buffer of its own for each piece, so that a view into an earlier one would show.
    std::string piece = bytes.substr(at, size);
    at += size;
    std::span<char> input(piece);
    while (true) {
      const auto event = parser.next(input);
      if (!event) {
        out.push_back(fmt::format("error {} {}", event.error().close_code, event.error().why));
        return out;
      }
      if (!*event) break;
      out.push_back(name(**event));
    }
    EXPECT_TRUE(input.empty());
  }
  return out;
}

std::vector<std::string> parse_bytewise(const std::string& bytes, ParserLimits limits = {}, Role role = Role::server) {
  return parse(bytes, std::vector<std::size_t>(bytes.size(), 1), limits, role);
}

struct Case {
  std::string name;
  std::string bytes;
  std::vector<std::string> expected;
};

std::vector<Case> valid_cases() {
  const std::string middle(126, 'm');
  const std::string large(65536, 'L');
  return {
      {"empty text", masked(Opcode::text, ""), {"text "}},
      {"text", masked(Opcode::text, "鸿雁"), {"text 鸿雁"}},
      {"binary", masked(Opcode::binary, "\x00\xFF"s), {"binary \x00\xFF"s}},
      {"125", masked(Opcode::text, middle.substr(1)), {"text " + middle.substr(1)}},
      {"126", masked(Opcode::text, middle), {"text " + middle}},
      {"65535", masked(Opcode::text, large.substr(1)), {"text " + large.substr(1)}},
      {"65536", masked(Opcode::text, large), {"text " + large}},
      {"two in a row", masked(Opcode::text, "a") + masked(Opcode::text, "b"), {"text a", "text b"}},
      {"ping, pong", masked(Opcode::ping, "x") + masked(Opcode::pong, ""), {"ping x", "pong "}},
      {"longest ping", masked(Opcode::ping, middle.substr(1)), {"ping " + middle.substr(1)}},
      {"fragments",
       masked(Opcode::text, "ab", false) + masked(Opcode::continuation, "", false) + masked(Opcode::continuation, "cd"),
       {"text abcd"}},
      {"a character cut between fragments",
       masked(Opcode::text, "\xE9\xB8", false) + masked(Opcode::continuation, "\xBF"),
       {"text 鸿"}},
      {"ping inside a message",
       masked(Opcode::binary, "ab", false) + masked(Opcode::ping, "p") + masked(Opcode::continuation, "cd"),
       {"ping p", "binary abcd"}},
      {"close without code", masked(Opcode::close, ""), {"close 1005 "}},
      {"close", masked(Opcode::close, close_payload(1000, "bye")), {"close 1000 bye"}},
      {"close with an application code", masked(Opcode::close, close_payload(4999, "")), {"close 4999 "}},
  };
}

std::vector<Case> broken_cases() {
  return {
      {"unmasked", encode_frame(Opcode::text, "a"), {"error 1002 unmasked frame"}},
      {"rsv1", raw({0xC1, 0x80}), {"error 1002 reserved bits set"}},
      {"rsv2", raw({0xA1, 0x80}), {"error 1002 reserved bits set"}},
      {"rsv3", raw({0x91, 0x80}), {"error 1002 reserved bits set"}},
      {"opcode 3", raw({0x83, 0x80}), {"error 1002 unknown opcode"}},
      {"opcode 7", raw({0x87, 0x80}), {"error 1002 unknown opcode"}},
      {"opcode 11", raw({0x8B, 0x80}), {"error 1002 unknown opcode"}},
      {"opcode 15", raw({0x8F, 0x80}), {"error 1002 unknown opcode"}},
      {"fragmented ping", raw({0x09, 0x80}), {"error 1002 fragmented control frame"}},
      {"long ping", raw({0x89, 0xFE, 0x00, 0x7E}), {"error 1002 control frame too long"}},
      {"continuation first", raw({0x80, 0x80}), {"error 1002 continuation of nothing"}},
      {"continuation after the end",
       masked(Opcode::text, "a") + masked(Opcode::continuation, "b"),
       {"text a", "error 1002 continuation of nothing"}},
      {"text inside text",
       masked(Opcode::text, "a", false) + masked(Opcode::text, "b"),
       {"error 1002 new message inside a message"}},
      {"125 in 16 bits", raw({0x82, 0xFE, 0x00, 0x7D}), {"error 1002 length not in its shortest form"}},
      {"65535 in 64 bits",
       raw({0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}),
       {"error 1002 length not in its shortest form"}},
      {"64 bits with the top one",
       raw({0x82, 0xFF, 0x80, 0, 0, 0, 0, 1, 0, 0}),
       {"error 1002 length not in its shortest form"}},
      {"bad text", masked(Opcode::text, "a\xFF"), {"error 1007 text is not UTF-8"}},
      {"text that ends inside a character", masked(Opcode::text, "\xE9\xB8"), {"error 1007 text is not UTF-8"}},
      {"fragments that end inside a character",
       masked(Opcode::text, "\xE9", false) + masked(Opcode::continuation, "\xB8"),
       {"error 1007 text is not UTF-8"}},
      {"close with one byte", masked(Opcode::close, "\x03"), {"error 1002 close code cut short"}},
      {"close 999", masked(Opcode::close, close_payload(999, "")), {"error 1002 close code not allowed"}},
      {"close 1004", masked(Opcode::close, close_payload(1004, "")), {"error 1002 close code not allowed"}},
      {"close 1005", masked(Opcode::close, "\x03\xED"), {"error 1002 close code not allowed"}},
      {"close 1006", masked(Opcode::close, close_payload(1006, "")), {"error 1002 close code not allowed"}},
      {"close 1015", masked(Opcode::close, close_payload(1015, "")), {"error 1002 close code not allowed"}},
      {"close 2999", masked(Opcode::close, close_payload(2999, "")), {"error 1002 close code not allowed"}},
      {"close 5000", masked(Opcode::close, close_payload(5000, "")), {"error 1002 close code not allowed"}},
      {"bad reason", masked(Opcode::close, "\x03\xE8\xFF"), {"error 1007 close reason is not UTF-8"}},
  };
}

TEST(FrameParser, ReadsEveryKindOfFrame) {
  for (const Case& c : valid_cases()) EXPECT_EQ(parse(c.bytes), c.expected) << c.name;
}

TEST(FrameParser, RefusesEveryViolation) {
  for (const Case& c : broken_cases()) EXPECT_EQ(parse(c.bytes), c.expected) << c.name;
}

TEST(FrameParser, OneByteAtATimeIsTheSame) {
  for (const Case& c : valid_cases()) EXPECT_EQ(parse_bytewise(c.bytes), c.expected) << c.name;
  for (const Case& c : broken_cases()) EXPECT_EQ(parse_bytewise(c.bytes), c.expected) << c.name;
}

TEST(FrameParser, AClientWantsUnmaskedFrames) {
  EXPECT_EQ(parse(encode_frame(Opcode::text, "hi"), {}, {}, Role::client), std::vector{"text hi"s});
  EXPECT_EQ(parse_bytewise(encode_frame(Opcode::text, "hi"), {}, Role::client), std::vector{"text hi"s});
  EXPECT_EQ(parse(masked(Opcode::text, "hi"), {}, {}, Role::client), std::vector{"error 1002 masked frame"s});
}

TEST(FrameParser, DecidesTooBigFromTheHeader) {
  const ParserLimits limits{.max_message_bytes = 10, .max_fragments = 100};
  EXPECT_EQ(parse(masked(Opcode::text, "0123456789"), {}, limits), std::vector{"text 0123456789"s});
  const std::string header = masked(Opcode::text, "0123456789a").substr(0, 6);
  EXPECT_EQ(parse(header, {}, limits), std::vector{"error 1009 message too big"s});
  const std::string huge = raw({0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF});
  EXPECT_EQ(parse(huge, {}, limits), std::vector{"error 1009 message too big"s});
  // The sum over the fragments counts, and so does a sum that would overflow.
  EXPECT_EQ(
      parse(masked(Opcode::text, "01234567", false) + masked(Opcode::continuation, "89a").substr(0, 6), {}, limits),
      std::vector{"error 1009 message too big"s});
  EXPECT_EQ(parse(masked(Opcode::text, "0", false) + raw({0x80, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}),
                  {}, limits),
            std::vector{"error 1009 message too big"s});
}

TEST(FrameParser, EndsEndlessFragments) {
  const ParserLimits limits{.max_message_bytes = 1000, .max_fragments = 4};
  std::string bytes = masked(Opcode::text, "", false);
  for (int i = 0; i < 3; ++i) bytes += masked(Opcode::continuation, "", false);
  EXPECT_EQ(parse(bytes, {}, limits), std::vector<std::string>{});
  bytes += masked(Opcode::continuation, "", false);
  EXPECT_EQ(parse(bytes, {}, limits), std::vector{"error 1009 message in too many fragments"s});
}

TEST(FrameParser, FailsOnBadTextBeforeTheMessageIsWhole) {
  // RFC 6455 section 8.1; the second byte can belong to no character.
  const std::string frame = masked(Opcode::text, "\xF4\x90" + std::string(100, 'a'), false);
  EXPECT_EQ(parse(frame.substr(0, 8)), std::vector{"error 1007 text is not UTF-8"s});
}

TEST(FrameParser, WholeMessagesAreNotCopied) {
  std::string bytes = masked(Opcode::text, "in place");
  FrameParser parser(Role::server);
  std::span<char> input(bytes);
  const auto event = parser.next(input);
  ASSERT_TRUE(event.has_value() && event->has_value());
  EXPECT_EQ((*event)->payload.data(), bytes.data() + 6);
}

rc::Gen<std::string> any_frames() {
  const auto payload =
      rc::gen::oneOf(rc::gen::container<std::string>(rc::gen::inRange('a', 'z')), rc::gen::just(std::string(300, 'x')),
                     rc::gen::just("鸿雁🪿"s), rc::gen::just("\xE9\xB8"s));
  const auto opcode = rc::gen::element(Opcode::text, Opcode::binary, Opcode::continuation, Opcode::continuation,
                                       Opcode::ping, Opcode::pong, Opcode::close);
  const auto frame = rc::gen::apply(
      [](Opcode code, std::string text, bool final) {
        if (code == Opcode::close) return masked(code, close_payload(1000, "done"));
        if (static_cast<int>(code) >= 8) return masked(code, text.substr(0, kMaxControlPayload));
        return masked(code, text, final);
      },
      opcode, payload, rc::gen::arbitrary<bool>());
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(frame), [](const std::vector<std::string>& frames) {
    std::string all;
    for (const std::string& one : frames) all += one;
    return all;
  });
}

TEST(FrameParser, AnySplitGivesTheSameEvents) {
  EXPECT_TRUE(rc::check([] {
    const std::string bytes = *any_frames();
    const auto sizes = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 40));
    RC_ASSERT(parse(bytes, sizes) == parse(bytes));
  }));
}

TEST(FrameParser, NoiseNeverGetsBeyondTheLimits) {
  EXPECT_TRUE(rc::check([](const std::string& noise) {
    const ParserLimits limits{.max_message_bytes = 64, .max_fragments = 4};
    for (const std::string& event : parse(noise, {}, limits)) RC_ASSERT(event.size() <= kMaxControlPayload + 16);
  }));
}

TEST(FrameBuilder, BuildsTheShortestHeaders) {
  EXPECT_EQ(encode_frame(Opcode::text, "Hello"), "\x81\x05Hello");
  EXPECT_EQ(encode_masked_frame(Opcode::text, "Hello", kMaskKey), "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  EXPECT_EQ(encode_frame(Opcode::binary, std::string(256, 'x')).substr(0, 4), "\x82\x7E\x01\x00"s);
  EXPECT_EQ(encode_frame(Opcode::binary, std::string(65536, 'x')).substr(0, 10), "\x82\x7F\0\0\0\0\0\1\0\0"s);
  EXPECT_EQ(encode_frame(Opcode::text, "Hel", false), "\x01\x03Hel");
}

TEST(FrameBuilder, CutsAReasonAtACharacter) {
  std::string reason(122, 'a');
  reason += "雁";
  EXPECT_EQ(close_payload(1000, reason), "\x03\xE8" + std::string(122, 'a'));
  EXPECT_EQ(close_payload(kCloseNoCode, "ignored"), "");
}

}  // namespace
}  // namespace hongyan::ws
