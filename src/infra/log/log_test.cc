#include "infra/log/log.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <fstream>

#include "base/testing/temporary_folder.h"

namespace hongyan::log {
namespace {

std::string captured(Format format, Level level, const std::function<void()>& body) {
  testing::internal::CaptureStderr();
  open({.standard = level}, {.format = format});
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
  EXPECT_EQ(std::string_view(root["module"]), "log");
  EXPECT_EQ(std::string_view(root["a"]), "q\"\\\n");
  EXPECT_EQ(std::int64_t(root["n"]), 5);
  EXPECT_EQ(std::string_view(root["id"]), "9");
}

TEST(Log, LinesBelowTheLevelAreLeftOut) {
  EXPECT_EQ(captured(Format::text, Level::warn, [] { info("quiet"); }), "");
}

TEST(Log, AModuleHasALevelOfItsOwnFromTheNextLineOn) {
  const auto lines = captured(Format::text, Level::warn, [] {
    debug("before");
    set_levels({.standard = Level::warn, .modules = {{"log", Level::debug}}});
    debug("here");
    set_levels({.standard = Level::warn, .modules = {{"gateway", Level::debug}}});
    debug("elsewhere");
  });
  EXPECT_EQ(lines.find("before"), std::string::npos);
  EXPECT_NE(lines.find("here\n"), std::string::npos);
  EXPECT_EQ(lines.find("elsewhere"), std::string::npos);
}

class LogFile : public testing::Test {
 protected:
  ~LogFile() override { open({}, {}); }

  const TemporaryFolder folder_;
};

TEST_F(LogFile, AFullFileIsKeptAndTheOldestGoes) {
  open({}, {.file = folder_ / "hongyan.log", .max_file_bytes = 1024, .keep = 2});
  for (int i = 0; i < 200; ++i) info("line", {{"number", i}});
  std::uintmax_t bytes = 0;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    ++files;
    bytes += entry.file_size();
  }
  EXPECT_EQ(files, 3u);
  EXPECT_LE(bytes, 3 * 1024u);
  std::ifstream newest(folder_ / "hongyan.log");
  std::string last;
  for (std::string line; std::getline(newest, line);) last = line;
  EXPECT_TRUE(last.ends_with("line number=199")) << last;
}

TEST_F(LogFile, AFileThatCannotBeWrittenIsSaidAtOnce) {
  std::ofstream(folder_ / "taken") << "a file";
  EXPECT_THROW(open({}, {.file = folder_ / "taken" / "hongyan.log"}), std::exception);
}

}  // namespace
}  // namespace hongyan::log
