#include "app/seed/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace hongyan::app {
namespace {

constexpr double kChineseShare = 0.7;
constexpr double kPopularity = 0.7;
// The largest group of many; those below it shrink by rank.
constexpr std::size_t kLargestGroup = 500;
constexpr double kShrinking = 0.6;
constexpr std::size_t kSmallestGroup = 3;
// Groups are busier than 1:1s.
constexpr double kGroupHead = 0.3;

Language drawn_language(Random& random) { return random.chance(kChineseShare) ? Language::chinese : Language::english; }

// `size` different people, drawn by popularity; when the popular ones are used up, the next ones by number.
std::vector<std::size_t> drawn_members(Random& random, const Zipf& popularity, std::size_t people, std::size_t size) {
  std::vector<std::size_t> members;
  std::set<std::size_t> taken;
  const auto take = [&](std::size_t person) {
    if (taken.insert(person).second) members.push_back(person);
  };
  for (std::size_t tries = 0; members.size() < size && tries < size * 4; ++tries) take(popularity.draw(random));
  for (std::size_t person = random.below(people); members.size() < size; person = (person + 1) % people) take(person);
  return members;
}

std::size_t group_size(const SeedShape& shape, std::size_t rank) {
  const std::size_t most = std::min(shape.users, shape.max_members);
  if (shape.group_size > 0) return std::min(shape.group_size, most);
  const double wanted = static_cast<double>(kLargestGroup) * std::pow(static_cast<double>(rank + 1), -kShrinking);
  return std::min(std::max(static_cast<std::size_t>(wanted), kSmallestGroup), most);
}

void add_groups(const SeedShape& shape, Random& random, const Zipf& popularity, SeedPlan& plan) {
  for (std::size_t rank = 0; rank < shape.groups; ++rank) {
    PlannedRoom& room = plan.rooms.emplace_back();
    room.group = true;
    room.language = drawn_language(random);
    room.name = made_group_name(random, room.language);
    room.members = drawn_members(random, popularity, shape.users, group_size(shape, rank));
    room.admins = std::min<std::size_t>(room.members.size() / 20, 3);
  }
}

void add_pairs(const SeedShape& shape, Random& random, const Zipf& popularity, SeedPlan& plan) {
  const std::size_t wanted = std::min(shape.users * shape.directs, shape.users * (shape.users - 1) / 2);
  std::set<std::pair<std::size_t, std::size_t>> known;
  // Popular people meet again and again: after some tries there are pairs enough.
  for (std::size_t tries = 0; known.size() < wanted && tries < wanted * 4; ++tries) {
    const std::size_t one = popularity.draw(random);
    const std::size_t other = random.below(shape.users);
    if (one == other || !known.insert(std::minmax(one, other)).second) continue;
    PlannedRoom& room = plan.rooms.emplace_back();
    room.language = drawn_language(random);
    room.members = {one, other};
  }
}

// Mixes groups and 1:1s, groups further ahead.
void sort_by_busyness(Random& random, std::vector<PlannedRoom>& rooms) {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    order.emplace_back(random.unit() * (rooms[i].group ? kGroupHead : 1.0), i);
  }
  std::ranges::sort(order);
  std::vector<PlannedRoom> sorted;
  sorted.reserve(rooms.size());
  for (const auto& [score, index] : order) sorted.push_back(std::move(rooms[index]));
  rooms = std::move(sorted);
}

}  // namespace

SeedPlan make_plan(const SeedShape& shape) {
  Random random(shape.seed);
  const Zipf popularity(shape.users, kPopularity);
  SeedPlan plan;
  for (std::size_t i = 0; i < shape.users; ++i) {
    plan.people.push_back({fmt::format("s{}_{:05}", shape.seed, i), made_nickname(random, drawn_language(random))});
  }
  add_groups(shape, random, popularity, plan);
  add_pairs(shape, random, popularity, plan);
  sort_by_busyness(random, plan.rooms);
  return plan;
}

}  // namespace hongyan::app
