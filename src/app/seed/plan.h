// Who there is and who talks to whom: what `hongyan seed` will make, worked out before anything is written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "app/seed/texts.h"

namespace hongyan::app {

struct SeedShape {
  // At least 2.
  std::size_t users = 0;
  std::size_t groups = 0;
  std::size_t messages = 0;
  std::uint32_t seed = 1;
  // People a group can have.
  std::size_t max_members = 2000;
  // 1:1s, so many times the people: each has two of them, so a person is in twice as many on average.
  std::size_t directs = 2;
  // People of each group; 0 for a few large ones and many small ones, by Zipf's law.
  std::size_t group_size = 0;
};

struct PlannedPerson {
  // Unique, and different for every seed.
  std::string username;
  std::string nickname;
};

// A group or a 1:1.
struct PlannedRoom {
  bool group = false;
  // Of a group.
  std::string name;
  Language language = Language::chinese;
  // Into the people, each once, who writes most first. The first owns a group; a 1:1 has two.
  std::vector<std::size_t> members;
  // How many after the owner become admins.
  std::size_t admins = 0;
};

struct SeedPlan {
  std::vector<PlannedPerson> people;
  // The busiest first.
  std::vector<PlannedRoom> rooms;
};

// Few people are in many rooms and most in few, few groups are large and most small (unless all are of one size), by Zipf's law. The same shape gives the
// same plan.
SeedPlan make_plan(const SeedShape& shape);

}  // namespace hongyan::app
