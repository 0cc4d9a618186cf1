#include "infra/log/log.h"

#include <gtest/gtest.h>
#include <simdjson.h>

namespace hongyan::log {
namespace {

std::string captured(Format format, Level level, const std::function<void()>& body) {
  testing::internal::CaptureStderr();
  open(level, format);
  body();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, TextPutsTheEventFirstAndQuotesOnlyWhatNeedsIt) {
  const auto line = captured(Format::text, Level::info, [] {
    info("request_done",
         {{"rpc", "message.send"}, {"status", 200}, {"why", "a b"}, {"user", UserId(7)}, {"empty", ""}});
  });
  EXPECT_NE(line.find("request_done rpc=message.send status=200 why=\"a b\" user=7 empty=\"\"\n"), std::string::npos)
      << line;
}

TEST(Log, AValueCannotForgeALine) {
  const auto line = captured(Format::text, Level::info, [] { info("x", {{"ip", "1\n2026 fake"}}); });
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
}

TEST(Log, JsonIsJson) {
  const auto line = captured(Format::json, Level::info,
                             [] { warn("x", {{"a", "q\"\\\n"}, {"n", 5}, {"b", true}, {"id", UserId(9)}}); });
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(line);
  EXPECT_EQ(std::string_view(root["event"]), "x");
  EXPECT_EQ(std::string_view(root["level"]), "warning");
  EXPECT_EQ(std::string_view(root["a"]), "q\"\\\n");
  EXPECT_EQ(std::int64_t(root["n"]), 5);
  EXPECT_EQ(std::string_view(root["id"]), "9");
}

TEST(Log, LinesBelowTheLevelAreLeftOut) {
  EXPECT_EQ(captured(Format::text, Level::warn, [] { info("quiet"); }), "");
}

}  // namespace
}  // namespace hongyan::log
