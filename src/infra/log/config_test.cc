#include "infra/log/config.h"

#include <gtest/gtest.h>

namespace hongyan::log {
namespace {

TEST(LogConfig, NamesEveryKeyThatIsWrong) {
  Config config;
  EXPECT_TRUE(config.validate().empty());
  config.level = "gateway=debug";
  config.modules = "nonsense=debug";
  config.format = "xml";
  config.max_file_bytes = 1;
  config.keep_files = -1;
  const auto problems = config.validate();
  ASSERT_EQ(problems.size(), 5u);
  EXPECT_NE(problems[1].find("no module nonsense"), std::string::npos);
}

TEST(LogConfig, ModulesComeOverTheLevel) {
  Config config;
  config.level = "warn";
  config.modules = "sql=debug";
  EXPECT_EQ(config.levels().to_text(), "warn sql=debug");
}

}  // namespace
}  // namespace hongyan::log
