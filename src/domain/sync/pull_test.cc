#include "domain/sync/pull.h"

#include <gtest/gtest.h>

#include "domain/sync/testing/cast.h"

namespace hongyan::sync {
namespace {

using message::CommitNo;
using message::CursorNo;
using testing::kRoom;

message::Standing standing() {
  return {.conversation = kRoom,
          .head = Seq(7),
          .change = ChangeNo(3),
          .read = Seq(5),
          .moved = {CommitNo(40), CursorNo(11)}};
}

v1::HeldConversation held(std::int64_t seq, std::int64_t change, std::int64_t read) {
  v1::HeldConversation held;
  held.set_conversation_id(kRoom.value);
  held.set_seq(seq);
  held.set_change(change);
  held.set_read_seq(read);
  return held;
}

TEST(Since, SurvivesItsText) {
  const Since since{"epoch.1", {CommitNo(12), CursorNo(0)}};
  EXPECT_EQ(since_from(to_text(since)), since);
  for (const char* text : {"", ".", "1", "1.", "1.2", "1.2.", "x.2.e", "1.x.e", "-1.2.e", "1 .2.e"}) {
    EXPECT_FALSE(since_from(text)) << text;
  }
}

TEST(PullPosition, SurvivesItsText) {
  const PullPosition position{{"e", {CommitNo(1), CursorNo(2)}}, account::UserVersion(3), ConversationId(~0ull)};
  EXPECT_EQ(pull_position_from(to_text(position)), position);
  for (const char* text : {"", "1.2.3", "1.2.3.4", "1.2.3.4."}) EXPECT_FALSE(pull_position_from(text)) << text;
}

TEST(Movement, ByStampsEitherNumberCounts) {
  const auto at = [](std::int64_t commit, std::int64_t cursor) {
    return movement_of(standing(), {.stamp = message::Stamp{CommitNo(commit), CursorNo(cursor)}});
  };
  EXPECT_EQ(at(40, 11), Movement::none);
  EXPECT_EQ(at(99, 99), Movement::none);
  EXPECT_EQ(at(39, 11), Movement::moved);
  EXPECT_EQ(at(40, 10), Movement::moved);
}

TEST(Movement, ByWhatIsHeld) {
  const auto with = [](const v1::HeldConversation& mine) { return movement_of(standing(), {.held = {{kRoom, mine}}}); };
  EXPECT_EQ(with(held(7, 3, 5)), Movement::none);
  EXPECT_EQ(with(held(6, 3, 5)), Movement::moved);
  EXPECT_EQ(with(held(7, 2, 5)), Movement::moved);
  EXPECT_EQ(with(held(7, 3, 4)), Movement::moved);
  EXPECT_EQ(with(held(8, 3, 5)), Movement::ahead);
  EXPECT_EQ(with(held(7, 4, 5)), Movement::ahead);
  EXPECT_EQ(movement_of(standing(), {}), Movement::moved) << "what is not named is not known";
}

TEST(Movement, TheOtherPersonsMarksCountForWhoFollowsThem) {
  message::Standing direct = standing();
  direct.peer_read = Seq(4);
  direct.peer_delivered = Seq(6);
  const auto with = [&](std::optional<std::int64_t> read, std::optional<std::int64_t> delivered) {
    v1::HeldConversation mine = held(7, 3, 5);
    if (read) mine.set_peer_read_seq(*read);
    if (delivered) mine.set_peer_delivered_seq(*delivered);
    return movement_of(direct, {.held = {{kRoom, mine}}});
  };
  EXPECT_EQ(with({}, {}), Movement::none);
  EXPECT_EQ(with(4, 6), Movement::none);
  EXPECT_EQ(with(3, {}), Movement::moved) << "only the other person has read";
  EXPECT_EQ(with({}, 5), Movement::moved);
  direct.peer_read.reset();
  EXPECT_EQ(with(0, 6), Movement::none) << "there is none to be known";
  EXPECT_EQ(with(4, 6), Movement::moved) << "it is kept from them now";
}

TEST(Movement, WhatAnEventNamesHasMoved) {
  EXPECT_EQ(movement_of(standing(), {.stamp = message::Stamp{CommitNo(99), CursorNo(99)}, .named = {kRoom}}),
            Movement::moved);
}

}  // namespace
}  // namespace hongyan::sync
