#include "infra/ws/utf8.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

namespace hongyan::ws {
namespace {

struct Sequence {
  std::string_view bytes;
  bool valid;
};

const Sequence kCases[] = {
    {"", true},
    {"hello", true},
    {"鸿雁传书 🪿", true},
    {"\xC2\x80", true},
    {"\xDF\xBF", true},
    {"\xE0\xA0\x80", true},
    {"\xED\x9F\xBF", true},
    {"\xEE\x80\x80", true},
    {"\xF0\x90\x80\x80", true},
    {"\xF4\x8F\xBF\xBF", true},
    {"\x80", false},
    {"\xC0\xAF", false},
    {"\xC1\xBF", false},
    {"\xE0\x9F\xBF", false},
    {"\xED\xA0\x80", false},
    {"\xF0\x8F\xBF\xBF", false},
    {"\xF4\x90\x80\x80", false},
    {"\xF5\x80\x80\x80", false},
    {"\xFF", false},
    {"\xE4\xB8", false},
    {"\xF0\x9F\xAA", false},
    {"abc\xE4\xB8 def", false},
};

bool valid_in_pieces(std::string_view text, const std::vector<std::size_t>& sizes) {
  Utf8Stream stream;
  for (std::size_t i = 0; !text.empty(); ++i) {
    const std::size_t size = std::min(text.size(), i < sizes.size() ? sizes[i] : text.size());
    if (!stream.feed(text.substr(0, size))) return false;
    text.remove_prefix(size);
  }
  return stream.complete();
}

TEST(Utf8, TellsValidFromInvalid) {
  for (const Sequence& c : kCases) {
    EXPECT_EQ(is_valid_utf8(c.bytes), c.valid) << c.bytes;
    EXPECT_EQ(valid_in_pieces(c.bytes, {}), c.valid) << c.bytes;
    EXPECT_EQ(valid_in_pieces(c.bytes, std::vector<std::size_t>(c.bytes.size(), 1)), c.valid) << c.bytes;
  }
}

TEST(Utf8, FailsWithTheFirstWrongByte) {
  Utf8Stream stream;
  EXPECT_TRUE(stream.feed("abc\xF4"));
  EXPECT_FALSE(stream.complete());
  EXPECT_FALSE(stream.feed("\x90"));
  EXPECT_FALSE(stream.feed("a"));
  stream.reset();
  EXPECT_TRUE(stream.feed("a"));
  EXPECT_TRUE(stream.complete());
}

TEST(Utf8, AnySplitAgreesWithTheWhole) {
  // Bytes that meet in valid and almost valid characters, so that both answers are frequent.
  const auto byte = rc::gen::elementOf(std::string("a\x80\x8F\x90\x9F\xA0\xBF\xC2\xDF\xE0\xE4\xED\xF0\xF4"));
  const auto piece = rc::gen::oneOf(rc::gen::container<std::string>(byte), rc::gen::just(std::string("雁")),
                                    rc::gen::just(std::string("🪿")), rc::gen::just(std::string("plain ascii text")));
  EXPECT_TRUE(rc::check([&] {
    std::string text;
    for (const std::string& part : *rc::gen::container<std::vector<std::string>>(piece)) text += part;
    const auto sizes = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 9));
    RC_CLASSIFY(is_valid_utf8(text), "valid");
    RC_ASSERT(valid_in_pieces(text, sizes) == is_valid_utf8(text));
  }));
}

}  // namespace
}  // namespace hongyan::ws
