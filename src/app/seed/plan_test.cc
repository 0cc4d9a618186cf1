#include "app/seed/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/seed/activity.h"
#include "base/text.h"

namespace hongyan::app {
namespace {

constexpr SeedShape kTown{.users = 1000, .groups = 100, .messages = 0, .seed = 7, .max_members = 2000};

std::string text_of(const SeedPlan& plan) {
  std::string text;
  for (const PlannedPerson& person : plan.people) text += person.username + person.nickname + "\n";
  for (const PlannedRoom& room : plan.rooms) {
    text += room.name;
    for (const std::size_t member : room.members) text += " " + std::to_string(member);
    text += "\n";
  }
  return text;
}

// The steps of a shape, each as a line.
std::vector<std::string> steps_of(const SeedShape& shape, int count) {
  const SeedPlan plan = make_plan(shape);
  Activity activity(shape, plan);
  std::vector<std::string> lines;
  for (int i = 0; i < count; ++i) {
    const Step step = activity.next();
    std::string line =
        std::to_string(step.room) + " " + std::to_string(step.actor) + " " + std::to_string(step.act.index());
    if (const auto* said = std::get_if<Say>(&step.act)) line += said->text;
    lines.push_back(std::move(line));
  }
  return lines;
}

TEST(PlanTest, TheSameSeedGivesTheSame) {
  EXPECT_EQ(text_of(make_plan(kTown)), text_of(make_plan(kTown)));
  EXPECT_EQ(steps_of(kTown, 2000), steps_of(kTown, 2000));
}

TEST(PlanTest, AnotherSeedGivesOther) {
  SeedShape other = kTown;
  other.seed = 8;
  EXPECT_NE(text_of(make_plan(kTown)), text_of(make_plan(other)));
  EXPECT_NE(steps_of(kTown, 200), steps_of(other, 200));
}

TEST(PlanTest, RoomsAreOfDifferentPeopleAndPairsDiffer) {
  const SeedPlan plan = make_plan(kTown);
  std::set<std::set<std::size_t>> pairs;
  std::size_t groups = 0;
  for (const PlannedRoom& room : plan.rooms) {
    const std::set<std::size_t> members(room.members.begin(), room.members.end());
    ASSERT_EQ(members.size(), room.members.size());
    ASSERT_LT(*members.rbegin(), kTown.users);
    if (room.group) {
      ++groups;
    } else {
      ASSERT_EQ(members.size(), 2U);
      EXPECT_TRUE(pairs.insert(members).second);
    }
  }
  EXPECT_EQ(groups, 100U);
  EXPECT_GT(pairs.size(), 1000U);
}

TEST(PlanTest, FewGroupsAreLargeAndFewPeopleInMany) {
  const SeedPlan plan = make_plan(kTown);
  std::vector<std::size_t> sizes;
  std::map<std::size_t, std::size_t> rooms_of;
  for (const PlannedRoom& room : plan.rooms) {
    if (room.group) sizes.push_back(room.members.size());
    for (const std::size_t member : room.members) ++rooms_of[member];
  }
  std::ranges::sort(sizes);
  EXPECT_EQ(sizes.back(), 500U);
  EXPECT_LT(sizes[sizes.size() / 2], 60U);
  std::vector<std::size_t> counts(kTown.users);
  for (const auto& [person, rooms] : rooms_of) counts[person] = rooms;
  std::ranges::sort(counts);
  EXPECT_GT(counts.back(), counts[counts.size() / 2] * 5);
}

TEST(PlanTest, GroupsOfOneSizeAndMorePairs) {
  SeedShape shape = kTown;
  shape.directs = 20;
  shape.group_size = 250;
  const SeedPlan plan = make_plan(shape);
  const auto groups = std::ranges::count_if(
      plan.rooms, [](const PlannedRoom& room) { return room.group && room.members.size() == 250; });
  EXPECT_EQ(groups, 100);
  EXPECT_EQ(plan.rooms.size(), 100U + 20 * 1000U);
  EXPECT_EQ(text_of(plan), text_of(make_plan(shape)));
}

TEST(PlanTest, TheSmallestTownAndTheSmallestGroupsWork) {
  const SeedPlan plan = make_plan({.users = 2, .groups = 2, .messages = 0, .seed = 1, .max_members = 1});
  ASSERT_EQ(plan.rooms.size(), 3U);
  EXPECT_EQ(std::ranges::count(plan.rooms, 1U, [](const PlannedRoom& room) { return room.members.size(); }), 2);
}

TEST(ActivityTest, StepsAreThoseThatAServerAllows) {
  const SeedPlan plan = make_plan(kTown);
  Activity activity(kTown, plan);
  struct Message {
    std::size_t sender = 0;
    bool recalled = false;
  };
  std::map<std::size_t, std::vector<Message>> rooms;
  std::map<std::size_t, int> kinds;
  for (int i = 0; i < 20'000; ++i) {
    const Step step = activity.next();
    const PlannedRoom& room = plan.rooms[step.room];
    auto& messages = rooms[step.room];
    ++kinds[step.act.index()];
    ASSERT_TRUE(std::ranges::count(room.members, step.actor) == 1);
    const auto target = [&](std::int64_t number) -> Message& {
      return messages.at(static_cast<std::size_t>(number - 1));
    };
    if (const auto* said = std::get_if<Say>(&step.act)) {
      messages.push_back({step.actor});
      ASSERT_EQ(said->number, static_cast<std::int64_t>(messages.size()));
      if (said->quotes) EXPECT_FALSE(target(*said->quotes).recalled);
      if (said->mentions_all) EXPECT_EQ(step.actor, room.members.front());
      for (const std::size_t named : said->mentions) EXPECT_TRUE(std::ranges::count(room.members, named) == 1);
    } else if (const auto* recall = std::get_if<Recall>(&step.act)) {
      EXPECT_EQ(target(recall->number).sender, step.actor);
      target(recall->number).recalled = true;
    } else if (const auto* edit = std::get_if<Edit>(&step.act)) {
      EXPECT_EQ(target(edit->number).sender, step.actor);
      EXPECT_FALSE(target(edit->number).recalled);
    } else if (const auto* react = std::get_if<React>(&step.act)) {
      EXPECT_FALSE(target(react->number).recalled);
    } else {
      EXPECT_FALSE(target(std::get<Pin>(step.act).number).recalled);
    }
  }
  // Of every kind some.
  EXPECT_EQ(kinds.size(), 5U);
  const auto most = std::ranges::max(activity.said());
  EXPECT_GT(most, 20 * 20'000 / static_cast<std::int64_t>(plan.rooms.size()));
}

TEST(TextsTest, TextsAreReadableAndOfRealisticLength) {
  Random random(3);
  std::vector<std::size_t> lengths;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = made_text(random, i % 2 == 0 ? Language::chinese : Language::english);
    const auto line = check_line(text, 1, 2000, "text");
    ASSERT_TRUE(line) << text;
    lengths.push_back(*count_code_points(text));
  }
  std::ranges::sort(lengths);
  EXPECT_LT(lengths[lengths.size() / 2], 60U);
  EXPECT_GT(lengths.back(), 150U);
}

}  // namespace
}  // namespace hongyan::app
