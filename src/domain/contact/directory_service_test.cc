#include "domain/contact/directory_service.h"

#include <gtest/gtest.h>

#include "domain/contact/testing/world.h"

namespace hongyan::contact {
namespace {

using testing::kAlice;
using testing::kBob;
using testing::kCarol;

class DirectoryTest : public testing::World {
 protected:
  DirectoryTest() {
    accounts_.add(kAlice, true, "alice");
    accounts_.add(kBob, true, "bob_one");
    accounts_.add(kCarol, true, "bob_two");
    accounts_.add(testing::kDisabled, false, "bob_three");
  }
  std::vector<UserId> search(UserId user, std::string text, std::string mode = "exact") {
    DirectoryService directory(store_, accounts_, privacy_, {.search = std::move(mode)});
    std::vector<UserId> found;
    for (const auto& card : run(directory.search(user, std::move(text), soon())).value()) found.push_back(card.user_id);
    return found;
  }
};

TEST_F(DirectoryTest, ExactNamesOfEnabledPeople) {
  EXPECT_EQ(search(kAlice, "bob_one"), std::vector{kBob});
  EXPECT_TRUE(search(kAlice, "bob_").empty());
  EXPECT_TRUE(search(kAlice, "bob_three").empty());
}

TEST_F(DirectoryTest, AllWhoAreCalledLikeThatExactOnesFirst) {
  EXPECT_EQ(search(kAlice, "bob_", "all"), (std::vector{kBob, kCarol}));
  EXPECT_EQ(search(kAlice, "bob_two", "all"), std::vector{kCarol}) << "once";
}

TEST_F(DirectoryTest, ContactsByWhatOneCallsThem) {
  ASSERT_TRUE(run(service_.befriend(kAlice, kBob, soon())));
  ASSERT_TRUE(run(service_.update(kAlice, kBob, {"张三", {}, {}}, soon())));
  EXPECT_EQ(search(kAlice, "zhang", "contacts"), std::vector{kBob});
  EXPECT_EQ(search(kAlice, "张", "contacts"), std::vector{kBob});
  EXPECT_TRUE(search(kCarol, "zhang", "contacts").empty());
}

TEST_F(DirectoryTest, WhoWantsNotToBeFoundIsFoundByContactsAtMost) {
  privacy_.set(kBob, {.find_me = v1::AUDIENCE_CONTACTS});
  EXPECT_TRUE(search(kAlice, "bob_one").empty());
  EXPECT_EQ(search(kBob, "bob_one"), std::vector{kBob}) << "oneself";
  ASSERT_TRUE(run(service_.befriend(kAlice, kBob, soon())));
  EXPECT_EQ(search(kAlice, "bob_one"), std::vector{kBob});
  privacy_.set(kBob, {.find_me = v1::AUDIENCE_NOBODY});
  EXPECT_TRUE(search(kAlice, "bob_one").empty());
}

TEST_F(DirectoryTest, NobodyIsFoundPastABlock) {
  ASSERT_TRUE(block(kBob, kAlice));
  EXPECT_TRUE(search(kAlice, "bob_one").empty());
  EXPECT_TRUE(search(kBob, "alice").empty());
}

}  // namespace
}  // namespace hongyan::contact
