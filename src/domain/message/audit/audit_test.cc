#include "domain/message/audit/audit.h"

#include <gtest/gtest.h>

#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"
#include "domain/message/testing/memory_store.h"

namespace hongyan::message {
namespace {

using testing::kAnna;
using testing::kRoom;

class AuditTest : public ::testing::Test {
 protected:
  // What is found, or the counts when nothing is.
  std::vector<std::string> problems() {
    std::vector<std::string> found;
    counts_ = Audit(store_, store_, [&found](const std::string& problem) { found.push_back(problem); }).run().value();
    EXPECT_EQ(counts_.problems, static_cast<std::int64_t>(found.size()));
    return found;
  }
  // The only problem.
  std::string problem() {
    const auto found = problems();
    return found.size() == 1 ? found.front() : std::to_string(found.size()) + " problems";
  }

  static Change change(ChangeNo number, Seq seq) {
    Change change;
    change.conversation = kRoom;
    change.number = number;
    change.seq = seq;
    change.by = kAnna;
    return change;
  }

  CommitBatch batch_ = testing::batch_of(kRoom, Seq(1), Seq(5), kAnna);
  testing::MemoryStore store_;
  AuditCounts counts_;
};

TEST_F(AuditTest, AWholeStoreHasNoProblem) {
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problems(), std::vector<std::string>{});
  EXPECT_EQ(counts_.conversations, 1);
  EXPECT_EQ(counts_.messages, 5);
}

TEST_F(AuditTest, AHoleIsFound) {
  batch_.messages.erase(batch_.messages.begin() + 2);
  ASSERT_TRUE(store_.commit(batch_));
  const auto found = problems();
  EXPECT_EQ(found.front(), "conversation 100: message 4: a hole below it");
}

TEST_F(AuditTest, AMessageAboveTheHeadIsFound) {
  batch_.heads.front().second.seq = Seq(4);
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problem(), "conversation 100: the head is 4, the last message 5");
}

TEST_F(AuditTest, AWrongOrdinalIsFound) {
  batch_.messages[4].message.ordinal = batch_.heads.front().second.ordinal = Ordinal(9);
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problem(), "conversation 100: message 5: its ordinal does not follow");
}

TEST_F(AuditTest, AWrongOwnOrdinalIsFound) {
  batch_.messages[4].message.own_ordinal = Ordinal(4);
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problem(), "conversation 100: message 5: its sender's ordinal does not follow");
}

TEST_F(AuditTest, AKeyThatLeadsElsewhereIsFound) {
  batch_.messages[4].message.client_msg_id = batch_.messages[3].message.client_msg_id;
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problem(), "conversation 100: message 4: its key leads elsewhere");
}

TEST_F(AuditTest, TimeThatFallsIsFound) {
  batch_.messages[4].message.time = TimeMs(1);
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problem(), "conversation 100: message 5: older than the one below it");
}

TEST_F(AuditTest, AChangeThatNoMessageBearsIsFound) {
  batch_.changes.push_back(change(ChangeNo(1), Seq(2)));
  batch_.heads.front().second.change = ChangeNo(1);
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problem(), "conversation 100: messages bear other numbers than their last changes");
}

TEST_F(AuditTest, AHoleInTheChangesIsFound) {
  batch_.changes.push_back(change(ChangeNo(2), Seq(2)));
  batch_.messages[1].message.change = batch_.heads.front().second.change = ChangeNo(2);
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problem(), "conversation 100: change 2: a hole below it");
}

TEST_F(AuditTest, ABoundThatNoLineGaveIsFound) {
  batch_.messages[1].message.join = {kAnna};
  batch_.bounds.emplace_back(UserPlace{kAnna, kRoom}, Bound{Seq(3), Seq(0)});
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problem(), "conversation 100: user 7: bounds are not those of the lines");
}

TEST_F(AuditTest, WhoLeavesTwiceKeepsTheFirstEndAndWhoNeverCameInHasNone) {
  batch_.messages[0].message.join = {kAnna};
  batch_.messages[1].message.leave = {kAnna, UserId(8)};
  batch_.messages[2].message.leave = {kAnna};
  batch_.bounds.emplace_back(UserPlace{kAnna, kRoom}, Bound{Seq(1), Seq(2)});
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problems(), std::vector<std::string>{});
  EXPECT_EQ(counts_.bounds, 1);
}

TEST_F(AuditTest, APinThatIsNotListedIsFound) {
  batch_.messages[1].message.pinned = Mark{kAnna, TimeMs(5)};
  ASSERT_TRUE(store_.commit(batch_));
  EXPECT_EQ(problem(), "conversation 100: pins are not those of the messages");
}

}  // namespace
}  // namespace hongyan::message
