#include "domain/sync/user_events.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "hongyan/v1/group.pb.h"
#include "hongyan/v1/sync.pb.h"

namespace hongyan::sync {
namespace {

account::VersionedEvent joined(std::uint64_t user, std::int64_t version, std::uint64_t group) {
  v1::GroupEvent state;
  state.set_group_id(group);
  state.set_joined(true);
  return {account::UserVersion(version), {UserId(user), "group", std::to_string(group), state.SerializeAsString()}};
}

// Keeps what is published as JSON, with the topic it goes to.
class Published final : public wire::Topics {
 public:
  void publish(std::vector<wire::Publication> batch) override {
    for (const wire::Publication& one : batch) {
      const std::string& frame = *one.push->frame(wire::json_frames());
      all.emplace_back(one.topic, frame.substr(frame.find('{')));
      EXPECT_FALSE(one.push->conversation()) << "its hole shows in the version";
    }
  }
  std::vector<std::pair<wire::Topic, std::string>> all;
};

TEST(UserEventPusher, TellsEachUserOfTheirOwn) {
  Published published;
  UserEventPusher pusher(published);
  pusher.appended({joined(1, 5, 77), joined(2, 1, 77)});
  ASSERT_EQ(published.all.size(), 2U);
  EXPECT_EQ(published.all[0].first, wire::Topic::user(UserId(1)));
  EXPECT_EQ(published.all[0].second, R"({"type":"user_event","data":{"version":5,"kind":"group","key":"77",)"
                                     R"("state":{"group":{"group_id":"77","joined":true}}}})");
  EXPECT_EQ(published.all[1].first, wire::Topic::user(UserId(2)));
  EXPECT_NE(published.all[1].second.find("\"version\":1"), std::string::npos);
}

TEST(UserEvent, OfAnUnknownKindHasNoState) {
  const v1::UserEvent event = account::to_proto({account::UserVersion(3), {UserId(1), "later", "k", "bytes"}});
  EXPECT_EQ(event.version(), 3);
  EXPECT_EQ(event.kind(), "later");
  EXPECT_EQ(event.state().kind_case(), v1::UserEventState::KIND_NOT_SET);
}

}  // namespace
}  // namespace hongyan::sync
