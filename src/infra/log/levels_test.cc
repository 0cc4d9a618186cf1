#include "infra/log/levels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace hongyan::log {
namespace {

TEST(Levels, AModuleIsTheFolderOfTheFile) {
  static_assert(module_of("src/edge/gateway/session.cc") == "gateway");
  static_assert(module_of("/anywhere/src/domain/message/sequencing/sequencer.cc") == "message");
  static_assert(module_of("src/app/control/admin.cc") == "app");
  static_assert(module_of("src/wire/hub.h") == "wire");
  static_assert(module_of("other.cc").empty());
}

TEST(Levels, EveryFolderOfTheSourcesIsAModule) {
  std::set<std::string> folders;
  const std::filesystem::path root = std::filesystem::path(HONGYAN_SOURCE_DIR) / "src";
  for (const auto& layer : std::filesystem::directory_iterator(root)) {
    const std::string name = layer.path().filename().string();
    if (!layer.is_directory()) continue;
    if (name != "infra" && name != "domain" && name != "edge") {
      folders.insert(name);
      continue;
    }
    for (const auto& folder : std::filesystem::directory_iterator(layer)) {
      if (folder.is_directory()) folders.insert(folder.path().filename().string());
    }
  }
  EXPECT_EQ(folders, std::set<std::string>(kModules.begin(), kModules.end()));
}

TEST(Levels, AreReadOverWhatTheyWere) {
  Levels levels;
  ASSERT_TRUE(apply_levels("warn, gateway=debug sql=error", levels));
  EXPECT_EQ(levels.to_text(), "warn gateway=debug sql=error");
  EXPECT_EQ(levels.of("gateway"), Level::debug);
  EXPECT_EQ(levels.of("http"), Level::warn);
  EXPECT_EQ(levels.lowest(), Level::debug);
  ASSERT_TRUE(apply_levels("gateway= sql=info", levels));
  EXPECT_EQ(levels.to_text(), "warn sql=info");
}

TEST(Levels, WhatIsWrongChangesNothing) {
  Levels levels;
  for (const char* wrong : {"loud", "gateway=loud", "nonsense=debug", "=debug", "info gateway=debug x=y"}) {
    EXPECT_FALSE(apply_levels(wrong, levels)) << wrong;
    EXPECT_EQ(levels.to_text(), "info") << wrong;
  }
}

}  // namespace
}  // namespace hongyan::log
