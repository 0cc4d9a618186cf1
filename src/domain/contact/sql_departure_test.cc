#include "domain/contact/sql_departure.h"

#include <gtest/gtest.h>

#include "domain/contact/testing/world.h"

namespace hongyan::contact {
namespace {

using testing::kAlice;
using testing::kBob;
using testing::kCarol;

using Shown = std::vector<std::string>;

class ContactDepartureTest : public testing::World {
 protected:
  int forget() {
    int steps = 1;
    while (!run(departure_.forget(kAlice, soon())).value()) ++steps;
    return steps;
  }
  std::int64_t rows(const std::string& table) {
    return database_.database()
        .read_now([&](sql::Session& session) { return count(session, "SELECT COUNT(*) FROM " + table); })
        .value();
  }

  SqlDeparture departure_{database_.database(), events_, clock_};
};

TEST_F(ContactDepartureTest, BothSidesGoAndTheOthersAreTold) {
  friends(kAlice, kBob);
  ASSERT_TRUE(run(service_.update(kBob, kAlice, {.remark = "Alice Liddell"}, soon())));
  const RequestId request = ask(kAlice, kCarol, "it is Alice", "Carrie").value().request->id;
  ASSERT_TRUE(block(kBob, kAlice));
  ASSERT_TRUE(block(kAlice, kCarol));
  events();
  forget();
  EXPECT_TRUE(list(kBob).empty());
  EXPECT_EQ(rows("contacts") + rows("blocks") + rows("contact_requests"), 0);
  Shown told;
  for (const account::UserEvent& event : events_.take()) {
    told.push_back(std::to_string(event.user.value) + " " + event.kind + " " + event.key);
    EXPECT_FALSE(event.state.contains("Alice")) << "neither what they were called nor what they have written";
  }
  EXPECT_EQ(told.size(), 4U);
  EXPECT_EQ(told.at(0), "2 contact 1");
  EXPECT_EQ(told.at(1), "2 block 1");
  const std::string settled = "3 contact_request " + std::to_string(request.value);
  EXPECT_EQ(std::ranges::count(told, settled), 1);
  EXPECT_EQ(forget(), 1);
  EXPECT_TRUE(events_.take().empty()) << "a repeat tells nothing";
}

TEST_F(ContactDepartureTest, WhatOthersHaveWithEachOtherStays) {
  friends(kBob, kCarol);
  ASSERT_TRUE(block(kCarol, kBob));
  forget();
  EXPECT_EQ(list(kBob).size(), 1U);
  EXPECT_EQ(rows("blocks"), 1);
}

TEST_F(ContactDepartureTest, TakesAsManyStepsAsThereIs) {
  ASSERT_TRUE(database_.database().write_now([](sql::Transaction& transaction) -> Result<void> {
    for (std::uint64_t other = 100; other < 350; ++other) {
      for (const auto& [user, contact] : {std::pair(kAlice, UserId(other)), std::pair(UserId(other), kAlice)}) {
        HY_TRY(transaction.insert_rows("contacts", {"user_id", "contact_id", "tags", "created_ms"},
                                       {sql::values(user, contact, "", TimeMs(1))}));
      }
    }
    return {};
  }));
  // 100, 100, 50, and the last finds none.
  EXPECT_EQ(forget(), 4);
  EXPECT_EQ(events().size(), 250U);
}

}  // namespace
}  // namespace hongyan::contact
