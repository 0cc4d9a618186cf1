#include "domain/conversation/directs/sql_store.h"

#include <gtest/gtest.h>

#include "domain/conversation/testing/cast.h"
#include "domain/conversation/testing/group_world.h"

namespace hongyan::conversation {
namespace {

using testing::kAlice;
using testing::kBob;

constexpr ConversationId kFresh{30};

// What two people are to each other, as the test says.
class FakeRelations final : public Relations {
 public:
  Result<Relation> relation_in(sql::Session&, UserId user, UserId peer) override {
    asked.emplace_back(user, peer);
    return relation;
  }
  Relation relation;
  std::vector<std::pair<UserId, UserId>> asked;
};

class DirectsTest : public testing::GroupWorld {
 protected:
  Result<ToldDirect> tell(ConversationId fresh = kFresh) {
    return database_.database().write_now([&](sql::Transaction& transaction) {
      return directs_.tell_in(transaction, kAlice, kBob, fresh, {"contact_added", {{"by", "1"}}, {}, {}}, TimeMs(5));
    });
  }
  std::optional<ConversationId> raise() {
    return database_.database()
        .write_now([&](sql::Transaction& transaction) { return directs_.raise_in(transaction, kBob, kAlice); })
        .value();
  }

  wire::PermissionHub permissions_;
  SqlDirects directs_{store_, outbox_, permissions_};
};

TEST_F(DirectsTest, ALineMakesTheOneToOneOnce) {
  EXPECT_EQ(raise(), std::nullopt);
  EXPECT_EQ(tell().value().conversation, kFresh);
  const auto again = tell(ConversationId(31)).value();
  EXPECT_EQ(again.conversation, kFresh);
  const auto told = lines(kFresh);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].id, again.line);
  EXPECT_EQ(told[0].line, (SystemLine{"contact_added", {{"by", "1"}}, {}, {}, {kAlice, kBob}}));
  EXPECT_EQ(raise(), kFresh);
  EXPECT_EQ(run(store_.membership(kFresh, kBob, soon())).value()->peer, kAlice);
}

TEST_F(DirectsTest, AGuardIsMadeOfWhatTheyAreToEachOther) {
  ASSERT_TRUE(tell());
  ASSERT_TRUE(run(store_.create_direct(Pair(kAlice, kAlice), ConversationId(32), TimeMs(1), soon())));
  EXPECT_TRUE(run(store_.guard_facts(kFresh, kAlice, soon())).value().relation.friends) << "nobody knows otherwise";
  FakeRelations relations;
  relations.relation = {.friends = false, .blocked = true};
  directs_.set_relations(relations);
  const auto facts = run(store_.guard_facts(kFresh, kAlice, soon())).value();
  EXPECT_FALSE(facts.relation.friends);
  EXPECT_TRUE(facts.relation.blocked);
  EXPECT_TRUE(facts.lines_waiting);
  EXPECT_EQ(relations.asked, (std::vector{std::pair(kAlice, kBob)}));
  EXPECT_TRUE(run(store_.guard_facts(ConversationId(32), kAlice, soon())).value().relation.friends);
  EXPECT_EQ(relations.asked.size(), 1u) << "with oneself nothing is asked";
}

}  // namespace
}  // namespace hongyan::conversation
