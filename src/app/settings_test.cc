#include "app/settings.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace hongyan::app {
namespace {

std::vector<std::string> problems_of(const SettingsSource& source) {
  std::vector<std::string> problems;
  (void)read_settings(source, problems);
  return problems;
}

TEST(Settings, TheDefaultsAreValid) { EXPECT_TRUE(problems_of({}).empty()); }

TEST(Settings, TheCommandLineWinsOverTheEnvironment) {
  ::setenv("HONGYAN_LISTEN", "not an address", 1);
  ::setenv("HONGYAN_HTTP_PORT", "not a port", 1);
  EXPECT_EQ(problems_of({}).size(), 1u);
  EXPECT_TRUE(problems_of({.file = {}, .listen = "::1", .http_port = "0", .metrics_port = {}}).empty());
  ::unsetenv("HONGYAN_LISTEN");
  ::unsetenv("HONGYAN_HTTP_PORT");
}

TEST(Settings, UnknownSectionsAndKeysAreNamed) {
  const auto file =
      std::filesystem::temp_directory_path() / ("hongyan-settings-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(file) << "[https]\nport = 1\n[http]\nprot = 2\nport = 99999\n";
  const auto problems = problems_of({.file = file.string(), .listen = {}, .http_port = {}, .metrics_port = {}});
  std::filesystem::remove(file);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_NE(problems[0].find("[https]"), std::string::npos);
  EXPECT_NE(problems[1].find("http.prot"), std::string::npos);
}

TEST(Settings, WhatIsPrintedIsReadAgainAsTheSame) {
  ::setenv("HONGYAN_LOG_MODULES", "gateway=debug \"x\"", 1);
  std::vector<std::string> problems;
  const auto values = read_settings({.file = {}, .listen = {}, .http_port = "1234", .metrics_port = {}}, problems);
  ::unsetenv("HONGYAN_LOG_MODULES");
  const std::string printed = to_toml(values);
  EXPECT_NE(printed.find("port = 1234  # --http-port, default 8080\n"), std::string::npos) << printed;
  const auto file =
      std::filesystem::temp_directory_path() / ("hongyan-printed-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(file) << printed;
  config::Values again;
  const auto read = again.read_file(file.string());
  std::filesystem::remove(file);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(again.sections().at("http").at("port").text, "1234");
  EXPECT_EQ(again.sections().at("log").at("modules").text, "gateway=debug \"x\"");
  EXPECT_EQ(again.sections().at("gateway").at("heartbeat_ms").text, "30000");
}

}  // namespace
}  // namespace hongyan::app
