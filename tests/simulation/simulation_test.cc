// Seeded schedules of people, devices and faults on one simulated machine: what every device holds must equal what the server has.
// SCHEDULES sets how many, SEED the first one's seed; each next one has the next seed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <time.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "infra/log/log.h"
#include "simulation/steps.h"
#include "simulation/world.h"

namespace hongyan::simulation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint64_t kSchedules = 200;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// By the real clock; the standard library's is the machine's.
double seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Says how to play the schedule again whose seed this is.
void say_again(std::uint64_t seed) {
  std::printf("again: SEED=%lu SCHEDULES=1 build/dev/tests/simulation/simulation\n", seed);
  std::fflush(stdout);
}

// The schedule that is being played, for when it ends the program.
std::uint64_t playing = 0;
void on_crash(int signal) {
  say_again(playing);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

struct Outcome {
  std::vector<std::string> problems;
  std::vector<std::string> log;
  std::map<std::string, int> counts;
};

Outcome play(std::uint64_t seed, const EmptyDatabase& empty, WorldOptions options = {}) {
  playing = seed;
  World world(seed, empty, options);
  try {
    for (std::int64_t left = world.random().between(80, 240); left > 0; --left) act(world);
    world.settle();
  } catch (const std::exception& hangs) {
    // Nor would the world come to its end.
    for (const std::string& line : world.ledger().log()) std::printf("%s\n", line.c_str());
    std::printf("%s\n", hangs.what());
    std::abort();
  }
  return {world.ledger().problems(), world.ledger().log(), world.ledger().counts()};
}

class Simulation : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const int signal : {SIGABRT, SIGSEGV}) std::signal(signal, on_crash);
    // Nothing here has to outlive the machine being switched off.
    if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
    // What the server logs of the faults it meets is of interest to nobody.
    static const TemporaryFolder folder;
    log::open({.standard = log::Level::error}, {.file = folder / "server.log", .keep = 1});
  }
  const EmptyDatabase empty_;
};

TEST_F(Simulation, DevicesHoldWhatTheServerHas) {
  const std::uint64_t schedules = from_environment("SCHEDULES", kSchedules);
  const std::uint64_t first = from_environment("SEED", 1);
  std::printf("simulation: %lu schedules from seed %lu\n", schedules, first);
  std::map<std::string, int> totals;
  const double began = seconds();
  for (std::uint64_t seed = first; seed < first + schedules; ++seed) {
    const Outcome outcome = play(seed, empty_);
    for (const auto& [what, times] : outcome.counts) totals[what] += times;
    if (outcome.problems.empty() && !HasFailure()) continue;
    for (const std::string& line : outcome.log) std::printf("%s\n", line.c_str());
    for (const std::string& problem : outcome.problems) ADD_FAILURE() << problem;
    say_again(seed);
    return;
  }
  std::printf("simulation: %lu of %lu schedules agree in %.1f s", schedules, schedules, seconds() - began);
  for (const auto& [what, times] : totals) std::printf("; %d %s", times, what.c_str());
  std::printf("\n");
}

// The simulation can fail: who misses pushes and never looks again holds something else in the end.
TEST_F(Simulation, ADeviceThatDoesNotFollowTheRuleIsFound) {
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    if (!play(seed, empty_, {.lossy_percent = 100, .lossy_compare = false}).problems.empty()) ++found;
  }
  EXPECT_GT(found, 10U);
}

TEST_F(Simulation, APromiseThatIsNotKeptIsFound) {
  World world(1, empty_);
  const UserId user = world.people().front();
  v1::SendRequest request;
  request.set_conversation_id(world.rooms().front().id.value);
  v1::SendResponse ack;
  ack.set_seq(1);
  world.ledger().acked(world.ledger().compose(user, request, 0), ack);
  world.settle();
  EXPECT_THAT(world.ledger().problems(), ElementsAre(HasSubstr("m1 is lost")));
}

TEST_F(Simulation, AMessageShownToAStrangerIsFound) {
  World world(1, empty_);
  const Room& group = world.rooms().back();
  v1::Message line;
  line.set_conversation_id(group.id.value);
  line.set_seq(1);
  world.ledger().shown(line, world.people().back());
  world.settle();
  EXPECT_THAT(world.ledger().problems(), Contains(HasSubstr("was shown seq 1")));
}

// A seed that is printed is worth something only if it brings the same again.
TEST_F(Simulation, TheSameSeedIsTheSameSchedule) { EXPECT_EQ(play(7, empty_).log, play(7, empty_).log); }

}  // namespace
}  // namespace hongyan::simulation
