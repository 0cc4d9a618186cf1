#include "bench/load/town.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hongyan::bench::load {
namespace {

protocol::Person person(std::uint64_t user, std::vector<protocol::Direct> directs, std::vector<std::uint64_t> groups) {
  return {.user = user, .access_token = "t", .directs = std::move(directs), .groups = std::move(groups)};
}

TEST(TownTest, OnlyPairsOfWhomBothAreThereCount) {
  const Town town =
      Town::of_directs({person(1, {{10, 2}, {11, 9}}, {}), person(2, {{10, 1}}, {}), person(3, {{12, 9}}, {})});
  ASSERT_EQ(town.conversations().size(), 1U);
  EXPECT_EQ(town.conversations()[0].name.text(), "10");
  EXPECT_EQ(town.talkers(), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(town.view_of(town.conversations()[0], 0), 0U);
  EXPECT_EQ(town.view_of(town.conversations()[0], 1), 1U);
  EXPECT_EQ(town.views(), 2U);
}

TEST(TownTest, APairMustBeThere) { EXPECT_THROW(Town::of_directs({person(1, {{10, 2}}, {})}), std::runtime_error); }

TEST(TownTest, GroupsAreOfTheSizeThatIsAskedFor) {
  const std::vector<protocol::Person> people = {person(1, {}, {20, 21}), person(2, {}, {21}),
                                                person(3, {}, {22}),     person(4, {}, {20, 21}),
                                                person(5, {}, {20, 23}), person(6, {}, {23, 22})};
  const Town town = Town::of_groups(people, 3, 0);
  ASSERT_EQ(town.conversations().size(), 2U);
  ASSERT_EQ(town.people().size(), 4U) << "who is in none of them does not connect";
  EXPECT_EQ(town.people()[3].user, 5U);
  std::vector<std::size_t> views;
  for (const Conversation& group : town.conversations()) {
    for (const std::uint32_t member : group.members) views.push_back(town.view_of(group, member));
  }
  std::ranges::sort(views);
  EXPECT_EQ(views, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(Town::of_groups(people, 3, 1).conversations().size(), 1U);
  EXPECT_EQ(Town::of_groups(people, 0, 0).conversations().size(), 4U);
  EXPECT_THROW(Town::of_groups(people, 7, 0), std::runtime_error);
}

}  // namespace
}  // namespace hongyan::bench::load
