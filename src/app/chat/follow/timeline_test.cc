#include "app/chat/follow/timeline.h"

#include <gtest/gtest.h>

namespace hongyan::chat {
namespace {

using Seqs = std::vector<std::int64_t>;

v1::Message message(std::int64_t seq) {
  v1::Message out;
  out.set_seq(seq);
  return out;
}

v1::ListMessagesResponse page(std::int64_t from, std::int64_t to, const Seqs& items) {
  v1::ListMessagesResponse out;
  out.set_from_seq(from);
  out.set_to_seq(to);
  for (const auto seq : items) *out.add_items() = message(seq);
  return out;
}

Seqs seqs(const std::vector<v1::Message>& messages) {
  Seqs out;
  for (const auto& item : messages) out.push_back(item.seq());
  return out;
}

// What a timeline gives out when it takes these pushes one after the other.
Seqs shown(Timeline& timeline, const Seqs& pushes) {
  std::vector<v1::Message> out;
  for (const auto seq : pushes) timeline.take(message(seq), out);
  return seqs(out);
}

TEST(Timeline, GivesOutWhatFollowsAndNothingTwice) {
  Timeline timeline(5);
  EXPECT_EQ(shown(timeline, {4, 5, 6, 6, 7, 6, 5}), (Seqs{6, 7}));
  EXPECT_FALSE(timeline.hole());
  EXPECT_EQ(timeline.last(), 7);
}

TEST(Timeline, PushesOutOfOrderCloseTheirHoleThemselves) {
  Timeline timeline(0);
  EXPECT_EQ(shown(timeline, {3, 2}), Seqs{});
  ASSERT_TRUE(timeline.hole());
  EXPECT_EQ(timeline.hole()->after, 0);
  EXPECT_EQ(timeline.hole()->up_to, 1);
  EXPECT_EQ(shown(timeline, {1}), (Seqs{1, 2, 3}));
  EXPECT_FALSE(timeline.hole());
}

TEST(Timeline, APageFillsExactlyTheHole) {
  Timeline timeline(0);
  shown(timeline, {1, 5, 6});
  const auto hole = timeline.hole();
  ASSERT_TRUE(hole);
  EXPECT_EQ(hole->after, 1);
  EXPECT_EQ(hole->up_to, 4);
  std::vector<v1::Message> out;
  EXPECT_TRUE(timeline.take_page(*hole, page(2, 4, {2, 3, 4}), out));
  EXPECT_EQ(seqs(out), (Seqs{2, 3, 4, 5, 6}));
  EXPECT_FALSE(timeline.hole());
}

TEST(Timeline, APageMayLackASeqOrEndEarlyOrReachFurther) {
  Timeline timeline(0);
  timeline.note_head(9);
  std::vector<v1::Message> out;
  EXPECT_TRUE(timeline.take_page(*timeline.hole(), page(1, 4, {1, 3}), out));
  EXPECT_EQ(timeline.hole()->after, 4);
  EXPECT_TRUE(timeline.take_page(*timeline.hole(), page(5, 11, {6, 10}), out));
  EXPECT_EQ(seqs(out), (Seqs{1, 3, 6, 10}));
  EXPECT_EQ(timeline.last(), 11);
  EXPECT_FALSE(timeline.hole());
  EXPECT_EQ(shown(timeline, {10, 11, 12}), (Seqs{12}));
}

TEST(Timeline, WhatIsHeldAndPulledIsGivenOutOnce) {
  Timeline timeline(0);
  shown(timeline, {3});
  const auto hole = timeline.hole();
  std::vector<v1::Message> out;
  EXPECT_TRUE(timeline.take_page(*hole, page(1, 4, {1, 2, 3, 4}), out));
  EXPECT_EQ(seqs(out), (Seqs{1, 2, 3, 4}));
  EXPECT_EQ(shown(timeline, {3, 4}), Seqs{});
}

TEST(Timeline, AHoleThatCannotBeFilledIsClosedAndReported) {
  Timeline timeline(0);
  shown(timeline, {4});
  std::vector<v1::Message> out;
  EXPECT_FALSE(timeline.take_page(*timeline.hole(), page(1, 0, {}), out));
  EXPECT_EQ(seqs(out), (Seqs{4}));
  EXPECT_FALSE(timeline.hole());
}

TEST(Timeline, HoldsABoundedNumberAndPullsTheRest) {
  Timeline timeline(0);
  for (std::int64_t seq = 2; seq <= 2000; ++seq) EXPECT_EQ(shown(timeline, {seq}), Seqs{});
  Seqs all = shown(timeline, {1});
  EXPECT_LT(all.size(), 500U);
  const auto hole = timeline.hole();
  ASSERT_TRUE(hole);
  EXPECT_EQ(hole->after, all.back());
  EXPECT_EQ(hole->up_to, 2000);
}

}  // namespace
}  // namespace hongyan::chat
