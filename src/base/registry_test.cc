#include "base/registry.h"

#include <gtest/gtest.h>

namespace hongyan {
namespace {

std::vector<std::string> log;

struct Lower : Module {
  explicit Lower(Registry&) {}
  ~Lower() override { log.push_back("~lower"); }
  void start() override { log.push_back("start lower"); }
  void stop() noexcept override { log.push_back("stop lower"); }
};

struct Upper : Module {
  explicit Upper(Registry& registry) : lower(registry.need<Lower>()) {}
  ~Upper() override { log.push_back("~upper"); }
  void start() override { log.push_back("start upper"); }
  void stop() noexcept override { log.push_back("stop upper"); }
  Lower& lower;
};

struct Failing : Module {
  explicit Failing(Registry& registry) { registry.need<Lower>(); }
  void start() override { throw std::runtime_error("no"); }
};

struct Egg;
struct Hen : Module {
  explicit Hen(Registry& registry);
};
struct Egg : Module {
  explicit Egg(Registry& registry) { registry.need<Hen>(); }
};
Hen::Hen(Registry& registry) { registry.need<Egg>(); }

TEST(Registry, BuildsOnFirstUseAndStopsInReverse) {
  log.clear();
  {
    Registry registry;
    Upper& upper = registry.need<Upper>();
    EXPECT_EQ(&upper.lower, &registry.need<Lower>());
    registry.start();
    registry.stop();
    registry.stop();
  }
  EXPECT_EQ(log,
            (std::vector<std::string>{"start lower", "start upper", "stop upper", "stop lower", "~upper", "~lower"}));
}

TEST(Registry, StopsWhatHadStartedWhenAModuleFails) {
  log.clear();
  Registry registry;
  registry.need<Failing>();
  EXPECT_THROW(registry.start(), std::runtime_error);
  EXPECT_EQ(log, (std::vector<std::string>{"start lower", "stop lower"}));
}

TEST(Registry, RefusesCycles) {
  Registry registry;
  EXPECT_THROW(registry.need<Hen>(), std::logic_error);
}

}  // namespace
}  // namespace hongyan
