#include "bench/load/figures/seq_checker.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace hongyan::bench::load {
namespace {

SeqFaults faults_of(std::initializer_list<std::uint64_t> seqs) {
  SeqChecker checker(2);
  for (const std::uint64_t seq : seqs) checker.see(1, seq);
  return checker.faults();
}

TEST(SeqCheckerTest, DenseNumbersAreRightFromWhereverTheyBegin) {
  EXPECT_TRUE(faults_of({1, 2, 3}).none());
  EXPECT_TRUE(faults_of({4711, 4712}).none());
}

TEST(SeqCheckerTest, ViewsHaveNothingToDoWithEachOther) {
  SeqChecker checker(2);
  checker.see(0, 5);
  checker.see(1, 90);
  checker.see(0, 6);
  checker.see(1, 91);
  EXPECT_TRUE(checker.faults().none());
}

TEST(SeqCheckerTest, NumbersThatDoNotComeAreHoles) {
  EXPECT_EQ(faults_of({1, 2, 5, 6}).holes, 2U);
  EXPECT_EQ(faults_of({1, 2, 5, 6}).reordered, 0U);
}

TEST(SeqCheckerTest, NumbersThatComeLaterAreReordered) {
  const SeqFaults faults = faults_of({1, 4, 3, 2, 5});
  EXPECT_EQ(faults.holes, 0U);
  EXPECT_EQ(faults.reordered, 2U);
  EXPECT_EQ(faults.repeats, 0U);
}

TEST(SeqCheckerTest, NumbersThatComeAgainAreRepeats) {
  EXPECT_EQ(faults_of({1, 2, 2, 3}).repeats, 1U);
  EXPECT_EQ(faults_of({1, 2, 3, 1}).repeats, 1U);
  SeqChecker checker(1);
  EXPECT_TRUE(checker.see(0, 7));
  EXPECT_FALSE(checker.see(0, 7));
}

}  // namespace
}  // namespace hongyan::bench::load
