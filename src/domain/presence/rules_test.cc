#include "domain/presence/rules.h"

#include <gtest/gtest.h>

namespace hongyan::presence {
namespace {

using std::chrono::milliseconds;

TEST(PeopleOf, EachOnceInTheirOrder) {
  EXPECT_EQ(people_of({UserId(3), UserId(1), UserId(3)}).value(), (std::vector{UserId(3), UserId(1)}));
  EXPECT_TRUE(people_of({}).value().empty());
}

TEST(PeopleOf, AtMostTwoHundredDifferentOnes) {
  std::vector<UserId> people;
  for (std::uint64_t i = 1; i <= kMaxPeople; ++i) people.emplace_back(i);
  people.emplace_back(1);
  EXPECT_EQ(people_of(people).value().size(), kMaxPeople);
  people.emplace_back(kMaxPeople + 1);
  const auto refused = people_of(people);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(refused.error().field, "user_ids");
}

TEST(Shown, NothingToStrangers) {
  const Standing here{UserId(1), true, TimeMs(7)};
  const Standing gone{UserId(1), false, TimeMs(7)};
  EXPECT_EQ(shown({}, v1::AUDIENCE_EVERYONE, here), std::nullopt);
  EXPECT_EQ(shown({}, v1::AUDIENCE_EVERYONE, gone), std::nullopt);
  EXPECT_EQ(shown({.acquainted = true}, v1::AUDIENCE_EVERYONE, gone), gone);
  EXPECT_EQ(shown({.acquainted = true}, v1::AUDIENCE_EVERYONE, here), (Standing{UserId(1), true, std::nullopt}))
      << "who is here was not last seen";
}

TEST(Shown, WhenSomebodyWasLastHereIsTheirOwnAffair) {
  const Standing gone{UserId(1), false, TimeMs(7)};
  for (const account::Audience audience : {v1::AUDIENCE_CONTACTS, v1::AUDIENCE_NOBODY}) {
    EXPECT_EQ(shown({.acquainted = true}, audience, gone), (Standing{UserId(1), false, std::nullopt})) << audience;
  }
  constexpr Acquaintance kContact{.acquainted = true, .contact = true};
  EXPECT_EQ(shown(kContact, v1::AUDIENCE_CONTACTS, gone), gone);
  EXPECT_EQ(shown(kContact, v1::AUDIENCE_NOBODY, gone), (Standing{UserId(1), false, std::nullopt}));
}

TEST(RenewalOf, LeavesRoomForTwoMisses) {
  EXPECT_EQ(renewal_of(milliseconds(45'000), milliseconds(9'000)), milliseconds(3'000));
  EXPECT_EQ(renewal_of(milliseconds(3'000), milliseconds(0)), milliseconds(1'000));
}

TEST(Tells, ByTable) {
  const TypingTimes times{.interval = milliseconds(2'000), .shown = milliseconds(6'000)};
  struct Row {
    const char* what;
    std::optional<ToldTyping> told;
    bool typing;
    std::int64_t now;
    bool tells;
  };
  const ToldTyping on{TimeMs(10'000), true};
  const ToldTyping off{TimeMs(10'000), false};
  const Row rows[] = {
      {"the first", std::nullopt, true, 10'000, true},
      {"an end without a beginning", std::nullopt, false, 10'000, false},
      {"too soon", on, true, 11'999, false},
      {"a renewal", on, true, 12'000, true},
      {"the end", on, false, 10'001, true},
      {"the end, when it has ended by itself", on, false, 16'000, false},
      {"a second end", off, false, 10'002, false},
      {"again, too soon after the last beginning", off, true, 11'999, false},
      {"again", off, true, 12'000, true},
      {"a clock that was set back", on, true, 5'000, false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(tells(row.told, row.typing, TimeMs(row.now), times), row.tells) << row.what;
  }
}

}  // namespace
}  // namespace hongyan::presence
