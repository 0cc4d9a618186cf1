#include "infra/log/config.h"

#include <gtest/gtest.h>

namespace hongyan::log {
namespace {

TEST(LogConfig, NamesEveryKeyThatIsWrong) {
  Config section;
  EXPECT_TRUE(config::problems_of(section).empty());
  section.level = "gateway=debug";
  section.modules = "nonsense=debug";
  section.format = "xml";
  section.max_file_bytes = 1;
  section.keep_files = -1;
  const auto problems = config::problems_of(section);
  ASSERT_EQ(problems.size(), 5u);
  EXPECT_NE(problems[1].find("no module nonsense"), std::string::npos);
}

TEST(LogConfig, ModulesComeOverTheLevel) {
  Config section;
  section.level = "warn";
  section.modules = "sql=debug";
  EXPECT_EQ(section.levels().to_text(), "warn sql=debug");
}

}  // namespace
}  // namespace hongyan::log
