#include "domain/conversation/settings/sql_store.h"

#include <gtest/gtest.h>

#include "domain/conversation/testing/group_world.h"
#include "hongyan/v1/conversation.pb.h"

namespace hongyan::conversation {
namespace {

class ConversationSettingsTest : public testing::GroupWorld {
 protected:
  ConversationSettingsTest() {
    create({UserId(2)});
    events_.take();
  }
  Settings update(UserId user, SettingsChange change) {
    return run(settings_.update(user, kGroup, std::move(change), soon())).value();
  }

  SqlSettingsStore settings_{database_.database(), events_};
};

TEST_F(ConversationSettingsTest, AbsentFieldsStayAndADifferenceIsTold) {
  EXPECT_TRUE(run(settings_.all_of(kOwner, soon())).value().empty());
  EXPECT_TRUE(update(kOwner, {.pinned = true}).pinned);
  const Settings after = update(kOwner, {.muted = true, .hidden_up_to = Seq(7), .draft = "half a"});
  EXPECT_EQ(after, (Settings{true, true, false, Seq(7), "half a"}));
  const auto events = events_.take();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].kind, "conversation");
  EXPECT_EQ(events[1].key, "10");
  v1::ConversationSettingsEvent state;
  ASSERT_TRUE(state.ParseFromString(events[1].state));
  EXPECT_EQ(state.draft(), "half a");
  EXPECT_EQ(state.hidden_up_to_seq(), 7);
  EXPECT_TRUE(state.pinned() && state.muted() && !state.marked_unread());

  EXPECT_EQ(update(kOwner, {.muted = true}), after);
  EXPECT_TRUE(events_.take().empty()) << "nothing has changed";
  EXPECT_EQ(run(settings_.all_of(kOwner, soon())).value(), (std::map<ConversationId, Settings>{{kGroup, after}}));
}

TEST_F(ConversationSettingsTest, EverybodyHasTheirOwn) {
  update(kOwner, {.marked_unread = true});
  EXPECT_FALSE(update(UserId(2), {.draft = ""}).marked_unread);
  EXPECT_TRUE(run(settings_.all_of(UserId(2), soon())).value().empty());
}

}  // namespace
}  // namespace hongyan::conversation
