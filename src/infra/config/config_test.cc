#include "infra/config/config.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/testing/temporary_folder.h"
#include "infra/config/data_folder.h"

namespace hongyan::config {
namespace {

struct Sample {
  static constexpr std::string_view kSection = "sample";
  std::string name = "goose";
  std::int64_t count = 3;
  bool loud = false;
  std::chrono::milliseconds wait{100};
  std::vector<std::string> birds{"crane"};

  void bind(Binder& binder) {
    binder.field("name", name, "A name.");
    binder.field("count", count, "How many.");
    binder.field("loud", loud, "Whether to shout.");
    binder.field("wait_ms", wait, "How long.");
    binder.field("birds", birds, "Which ones.");
  }
  void validate(Rules& rules) const { rules.at_least("count", count, 1); }
};

class ConfigTest : public testing::Test {
 protected:
  std::string write(const std::string& text) {
    const auto path = folder / "hongyan.toml";
    std::ofstream(path) << text;
    return path;
  }
  TemporaryFolder folder;
  Values values;
  std::vector<std::string> problems;
};

TEST_F(ConfigTest, LaterOriginsWin) {
  ASSERT_TRUE(values.read_file(write("[sample]\nname = \"swan\"\ncount = 5\nloud = true\n")));
  ::setenv("HONGYAN_SAMPLE_COUNT", "6", 1);
  ::setenv("HONGYAN_SAMPLE_WAIT_MS", "250", 1);
  values.read_environment({"sample"});
  ::unsetenv("HONGYAN_SAMPLE_COUNT");
  ::unsetenv("HONGYAN_SAMPLE_WAIT_MS");
  values.set("sample", "name", "crane", "--name");
  const auto sample = load<Sample>(values, problems);
  EXPECT_TRUE(problems.empty()) << problems.front();
  EXPECT_EQ(sample.name, "crane");
  EXPECT_EQ(sample.count, 6);
  EXPECT_TRUE(sample.loud);
  EXPECT_EQ(sample.wait.count(), 250);
}

TEST_F(ConfigTest, AListIsOneInTheFileAndCommasElsewhere) {
  EXPECT_EQ(load<Sample>(values, problems).birds, std::vector<std::string>{"crane"});
  ASSERT_TRUE(values.read_file(write("[sample]\nbirds = [\"swan\", \"goose\"]\n")));
  EXPECT_EQ(load<Sample>(values, problems).birds, (std::vector<std::string>{"swan", "goose"}));
  ASSERT_TRUE(values.read_file(write("[sample]\nbirds = []\n")));
  EXPECT_TRUE(load<Sample>(values, problems).birds.empty());
  values.set("sample", "birds", "owl, wild duck ,jay", "test");
  EXPECT_EQ(load<Sample>(values, problems).birds, (std::vector<std::string>{"owl", "wild duck", "jay"}));
  EXPECT_TRUE(problems.empty()) << problems.front();
}

TEST_F(ConfigTest, AListIsNoSingleValue) {
  ASSERT_TRUE(values.read_file(write("[sample]\nname = [\"swan\"]\n")));
  load<Sample>(values, problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_NE(problems[0].find("sample.name"), std::string::npos);
  EXPECT_FALSE(values.read_file(write("[sample]\nbirds = [\"swan,goose\"]\n")));
}

TEST_F(ConfigTest, NamesEveryProblem) {
  ASSERT_TRUE(values.read_file(write("[sample]\ncount = \"many\"\nlod = true\n")));
  load<Sample>(values, problems);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_NE(problems[0].find("sample.count"), std::string::npos);
  EXPECT_NE(problems[1].find("sample.lod"), std::string::npos);
}

TEST_F(ConfigTest, ValidateSpeaksOnlyOverReadableValues) {
  values.set("sample", "count", "0", "test");
  load<Sample>(values, problems);
  EXPECT_EQ(problems, std::vector<std::string>{"sample.count must be at least 1"});
}

TEST_F(ConfigTest, BadFilesSayWhere) {
  const auto broken = values.read_file(write("[sample]\nname = \n"));
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().detail.find(":2"), std::string::npos) << broken.error().detail;
  EXPECT_FALSE(values.read_file((folder / "absent.toml").string()));
  EXPECT_FALSE(values.read_file(write("[sample]\nname = [1]\n")));
  EXPECT_FALSE(values.read_file(write("name = 1\n")));
}

TEST_F(ConfigTest, ABracketOpensASection) {
  for (const std::string bad : {"[&", "[`ql]", "[[[1]]]", "[[sample]]", "[sample] name = 1", "[]", "[", "[ sample"}) {
    const auto read = values.read_toml("# A remark.\n  " + bad + "\n", "bad.toml");
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().detail, "bad.toml:2: a line that begins with a bracket must be a [section]") << bad;
  }
  EXPECT_TRUE(values.read_toml("\t[sample]\t# remark\r\ncount = 4\n[other]", "good.toml"));
}

TEST_F(ConfigTest, TextIsInQuotesAndOnOneLine) {
  for (const std::string bad :
       {"name = ʊ", "é = 1", "name = \"a\\\"\" é", "name = 'a\\' é", "name = \"鸿\" 雁 # é", "name = 0Y\"é\"",
        "name = a=\"é\"", "name = 0[\"é\"", "name = \"a\" 'é'", "name = [}", "name = {a = 1}"}) {
    const auto read = values.read_toml("[sample]\n" + bad, "bad.toml");
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().detail, "bad.toml:2: text must be in quotes") << bad;
  }
  for (const std::string quotes : {"\"\"\"", "'''"}) {
    const auto read = values.read_toml("[sample]\nname = " + quotes + "a\n" + quotes, "bad.toml");
    ASSERT_FALSE(read) << quotes;
    EXPECT_EQ(read.error().detail, "bad.toml:2: text of several lines is not supported");
  }
  EXPECT_TRUE(values.read_toml("[sample] # 鸿雁\nname = \"鸿\\\"雁\" # é\nother = 'é\\'\nbirds = ['é', \"ü\",\n\"ö\"]",
                               "good.toml"));
}

TEST_F(ConfigTest, AFolderHasOneOwner) {
  const auto path = folder / "data";
  {
    DataFolder first(path);
    EXPECT_THROW(DataFolder second(path), std::runtime_error);
    const auto mode = std::filesystem::status(path).permissions();
    EXPECT_EQ(mode & std::filesystem::perms::all, std::filesystem::perms::owner_all);
  }
  EXPECT_NO_THROW(DataFolder again(path));
}

TEST_F(ConfigTest, TheCeilingSurvives) {
  DataFolder data(folder / "data");
  FileCeiling ceiling(data.path());
  EXPECT_EQ(ceiling.load().value(), TimeMs(0));
  ASSERT_TRUE(ceiling.store(TimeMs(1'750'000'000'123)));
  EXPECT_EQ(FileCeiling(data.path()).load().value(), TimeMs(1'750'000'000'123));
  ASSERT_TRUE(write_file_durably(data.path() / "id-ceiling", "rubbish"));
  EXPECT_FALSE(ceiling.load());
}

}  // namespace
}  // namespace hongyan::config
