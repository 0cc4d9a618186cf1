#include "bench/load/books.h"

#include <gtest/gtest.h>

namespace hongyan::bench::load {
namespace {

constexpr std::uint64_t kConversation = 77;

Town pair() {
  std::vector<protocol::Person> people(2);
  people[0] = {.user = 1, .access_token = "a", .directs = {{kConversation, 2}}, .groups = {}};
  people[1] = {.user = 2, .access_token = "b", .directs = {{kConversation, 1}}, .groups = {}};
  return Town::of_directs(people);
}

class BooksTest : public ::testing::Test {
 protected:
  std::uint32_t send() { return books_.open({.due = 100, .sender = 0, .pushes_left = 2, .measured = true}); }
  void push(std::uint32_t person, std::uint32_t number, std::uint64_t seq) {
    Answer answer;
    answer.seq = seq;
    answer.conversation = kConversation;
    books_.on_push(person, number, answer, 300);
  }

  const Town town_ = pair();
  Books books_{town_, 1000, nullptr};
};

TEST_F(BooksTest, AMessageIsCompleteWithItsAckAndBothPushes) {
  const std::uint32_t number = send();
  EXPECT_EQ(number, 1000U);
  books_.on_ack(number, 5, 200);
  push(0, number, 5);
  EXPECT_FALSE(books_.all_complete());
  push(1, number, 5);
  EXPECT_TRUE(books_.all_complete());
  EXPECT_EQ(books_.ack().percentiles().max, 100);
  EXPECT_EQ(books_.delivery().percentiles().max, 200);
  EXPECT_EQ(books_.delivery().count(), 1U);
  EXPECT_EQ(books_.own().count(), 1U);
  EXPECT_EQ(books_.contradictions() + books_.strange(), 0U);
}

TEST_F(BooksTest, AcksAndPushesThatContradictEachOtherAreSeen) {
  const std::uint32_t number = send();
  books_.on_ack(number, 5, 200);
  push(1, number, 6);
  EXPECT_EQ(books_.contradictions(), 1U);
  books_.on_ack(number, 5, 200);
  EXPECT_EQ(books_.contradictions(), 2U);
}

TEST_F(BooksTest, APushThatComesTwiceDoesNotReplaceAnother) {
  const std::uint32_t number = send();
  books_.on_ack(number, 5, 200);
  push(1, number, 5);
  push(1, number, 5);
  EXPECT_FALSE(books_.all_complete());
  EXPECT_EQ(books_.seq_faults().repeats, 1U);
}

TEST_F(BooksTest, WhatIsOfAnotherRunIsStrange) {
  EXPECT_EQ(books_.on_ack(999, 1, 200), nullptr);
  EXPECT_EQ(books_.on_ack(1000, 1, 200), nullptr);
  EXPECT_EQ(books_.strange(), 2U);
}

TEST_F(BooksTest, NumbersGoOnFromRunToRun) {
  for (int i = 0; i < 10'000; ++i) send();
  EXPECT_EQ(books_.next_number(), 11'000U);
  EXPECT_NE(books_.on_ack(10'999, 1, 200), nullptr);
}

}  // namespace
}  // namespace hongyan::bench::load
