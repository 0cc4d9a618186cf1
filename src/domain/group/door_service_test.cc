#include "domain/group/door_service.h"

#include <gtest/gtest.h>

#include "base/testing/memory_ceiling.h"
#include "domain/conversation/testing/fake_outbox.h"
#include "domain/conversation/testing/group_world.h"
#include "domain/conversation/testing/real_directs.h"
#include "domain/group/sql_store.h"
#include "hongyan/v1/group.pb.h"
#include "infra/crypto/testing/counting_random.h"

namespace hongyan::group {
namespace {

using conversation::GroupChange;
using conversation::JoinMode;
using conversation::Role;
using conversation::SystemLine;

constexpr UserId kAdmin{2};
constexpr UserId kMember{3};
constexpr UserId kAsker{7};

// kOwner, kAdmin and kMember in kGroup.
class DoorTest : public conversation::testing::GroupWorld {
 protected:
  void SetUp() override {
    ASSERT_TRUE(ids_.start());
    create({kAdmin, kMember});
    ASSERT_TRUE(set_role(kOwner, kAdmin, Role::admin));
    for (std::uint64_t user = 1; user < 20; ++user) accounts_.add(UserId(user));
    events_.take();
  }
  void open(JoinMode mode) { ASSERT_TRUE(edit(kOwner, {.join_mode = mode})); }
  Result<Joined> join(UserId user, std::string token = {}, ConversationId group = kGroup) {
    return run(door_.join(group, user, std::move(token), "let me in", soon()));
  }
  Result<FreshInvite> invite(UserId by, std::int64_t max_uses = 0, std::optional<std::chrono::milliseconds> life = {}) {
    return run(door_.create_invite(kGroup, by, life, max_uses, soon()));
  }
  std::vector<Invite> invites(UserId reader) {
    return run(door_.invites({kGroup, reader, 10, {}}, soon())).value().items;
  }
  std::vector<JoinRequest> requests() { return run(door_.requests({kGroup, kAdmin, 10, {}}, soon())).value().items; }
  SystemLine last_line() { return lines().back().line; }
  // "user key state" of each event about requests since the last call.
  std::vector<std::string> told() {
    std::vector<std::string> shown;
    for (const account::UserEvent& event : events_.take()) {
      v1::JoinRequestEvent state;
      if (event.kind != "join_request" || !state.ParseFromString(event.state)) continue;
      shown.push_back(std::to_string(event.user.value) + " " + event.key + " " + std::to_string(state.state()));
    }
    return shown;
  }

  ManualClock clock_;
  MemoryCeiling ceiling_;
  IdGenerator ids_{0, clock_, ceiling_};
  crypto::testing::CountingRandom random_;
  account::testing::FakeAccounts accounts_;
  wire::PermissionHub permissions_;
  conversation::testing::RealDirects directs_{database_.database(), events_, permissions_};
  conversation::testing::FakeOutbox lines_waited_for_;
  wire::CursorSigner cursors_{std::string(32, 'k'), clock_};
  text::Words words_;
  Config config_{.max_members = 5};
  SqlStore doors_{database_.database(), events_, groups_};
  DoorService door_{{doors_, directs_.directs, lines_waited_for_, accounts_, ids_, random_, clock_, cursors_, words_},
                    config_};
};

using Shown = std::vector<std::string>;

TEST_F(DoorTest, AnOpenGroupTakesEverybodyThatFits) {
  open(JoinMode::open);
  EXPECT_EQ(join(kAsker).value().change.group.member_count, 4);
  EXPECT_EQ(last_line().code, "member_joined");
  EXPECT_EQ(last_line().join, std::vector{kAsker});
  EXPECT_EQ(lines_waited_for_.awaited.size(), 1u);
  ASSERT_TRUE(join(UserId(8)));
  EXPECT_EQ(join(UserId(9)).error().code, ErrorCode::group_full);
  EXPECT_FALSE(join(kAsker).value().pending) << "who is in it stays so";
  EXPECT_EQ(members().size(), 5u);
}

TEST_F(DoorTest, AGroupByInviteIsUnknownToStrangers) {
  EXPECT_EQ(join(kAsker).error().code, ErrorCode::not_found);
  EXPECT_EQ(join(kAsker, {}, ConversationId(99)).error().code, ErrorCode::not_found);
  ASSERT_TRUE(leave(kMember));
  EXPECT_EQ(join(kMember).error().code, ErrorCode::permission_denied) << "who was in it knows of it";
}

TEST_F(DoorTest, WhereRequestsAreAnsweredTheOwnerAndAdminsAreTold) {
  open(JoinMode::approval);
  EXPECT_TRUE(join(kAsker).value().pending);
  EXPECT_EQ(told(), (Shown{"1 10/7 1", "2 10/7 1", "7 10/7 1"}));
  EXPECT_EQ(requests(), (std::vector{JoinRequest{kAsker, "let me in", clock_.now()}}));
  EXPECT_TRUE(join(kAsker).value().pending) << "a repeat is harmless";
  EXPECT_EQ(requests().size(), 1u);
  told();
  EXPECT_EQ(run(door_.requests({kGroup, kMember, 10, {}}, soon())).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(run(door_.accept(kGroup, kMember, kAsker, soon())).error().code, ErrorCode::permission_denied);

  EXPECT_EQ(run(door_.accept(kGroup, kAdmin, kAsker, soon())).value().member_count, 4);
  EXPECT_EQ(last_line().params.at("by"), "2");
  EXPECT_EQ(told(), (Shown{"1 10/7 2", "2 10/7 2", "7 10/7 2"}));
  EXPECT_EQ(run(door_.accept(kGroup, kAdmin, kAsker, soon())).error().code, ErrorCode::not_found);
  EXPECT_TRUE(requests().empty());

  ASSERT_TRUE(join(UserId(8)));
  ASSERT_TRUE(run(door_.reject(kGroup, kOwner, UserId(8), soon())));
  EXPECT_TRUE(requests().empty());
  EXPECT_EQ(told().back(), "8 10/8 3");
  EXPECT_EQ(run(door_.reject(kGroup, kOwner, UserId(8), soon())).error().code, ErrorCode::not_found);
}

TEST_F(DoorTest, WhoComesAnotherWayWaitsNoMore) {
  open(JoinMode::approval);
  ASSERT_TRUE(join(kAsker));
  ASSERT_TRUE(join(kAsker, invite(kAdmin)->token));
  EXPECT_TRUE(requests().empty());
}

TEST_F(DoorTest, AnInviteBringsInAsManyAsItMayForAsLongAsItMay) {
  const FreshInvite two = invite(kAdmin, 2).value();
  const auto preview = run(door_.preview(two.token, kAsker, soon())).value();
  EXPECT_EQ(preview.preview.group.name, "Team");
  EXPECT_EQ(preview.by.user_id, kAdmin);
  EXPECT_FALSE(preview.preview.joined);
  EXPECT_EQ(join(kAsker, two.token).value().change.group.member_count, 4);
  EXPECT_EQ(last_line().params.at("by"), "2");
  ASSERT_TRUE(join(kAsker, two.token)) << "who is in it uses nothing up";
  EXPECT_EQ(invites(kOwner).at(0).uses, 1);
  ASSERT_TRUE(join(UserId(8), two.token));
  EXPECT_EQ(join(UserId(9), two.token).error().code, ErrorCode::request_expired);
  EXPECT_TRUE(invites(kOwner).empty()) << "it is good for nothing";

  const FreshInvite hasty = invite(kOwner, 0, std::chrono::minutes(1)).value();
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(join(UserId(9), hasty.token).error().code, ErrorCode::request_expired);
  EXPECT_EQ(run(door_.preview(hasty.token, kAsker, soon())).error().code, ErrorCode::request_expired);
  EXPECT_EQ(join(UserId(9), "made up").error().code, ErrorCode::not_found);
}

TEST_F(DoorTest, AFullGroupUsesNoInviteUp) {
  const FreshInvite one = invite(kAdmin, 1).value();
  ASSERT_TRUE(add(kOwner, {UserId(8), UserId(9)}));
  EXPECT_EQ(join(kAsker, one.token).error().code, ErrorCode::group_full);
  EXPECT_EQ(invites(kAdmin).at(0).uses, 0);
}

TEST_F(DoorTest, WhoMakesAndRevokesInvites) {
  EXPECT_EQ(invite(kMember).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(invite(kAsker).error().code, ErrorCode::not_found);
  open(JoinMode::open);
  const FreshInvite theirs = invite(kMember).value();
  const FreshInvite other = invite(kAdmin).value();
  EXPECT_EQ(invites(kMember), std::vector{theirs.invite});
  EXPECT_EQ(invites(kOwner).size(), 2u);
  const auto revoke = [&](UserId by, InviteId id) { return run(door_.revoke_invite(kGroup, by, id, soon())); };
  EXPECT_EQ(revoke(kMember, other.invite.id).error().code, ErrorCode::not_found);
  ASSERT_TRUE(revoke(kMember, theirs.invite.id));
  ASSERT_TRUE(revoke(kOwner, theirs.invite.id)) << "a repeat is harmless";
  EXPECT_EQ(join(kAsker, theirs.token).error().code, ErrorCode::not_found);
  EXPECT_EQ(invite(kOwner, -1).error().field, "max_uses");
  EXPECT_EQ(invite(kOwner, 0, std::chrono::seconds(1)).error().field, "expires_in_ms");
}

TEST_F(DoorTest, NoticesAreToldAndKept) {
  const auto announce = [&](UserId by, std::string text, bool all = false) {
    return run(door_.announce(kGroup, by, std::move(text), all, soon()));
  };
  EXPECT_EQ(announce(kMember, "x").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(announce(kOwner, std::string(2001, 'x')).error().field, "text");
  EXPECT_EQ(announce(kOwner, "a\tb").error().field, "text");
  const Notice first = announce(kAdmin, "on Monday\n 开会 ", true).value();
  EXPECT_EQ(first.text, "on Monday\n开会");
  EXPECT_EQ(last_line(), (SystemLine{"notice_changed",
                                     {{"by", "2"},
                                      {"notice_id", std::to_string(first.id.value)},
                                      {"notify_all", "true"},
                                      {"text", "on Monday\n开会"}},
                                     {},
                                     {}}));
  const Notice second = announce(kOwner, "on Tuesday").value();
  const auto page = run(door_.notices({kGroup, kMember, 1, {}}, soon())).value();
  EXPECT_EQ(page.items, std::vector{second});
  EXPECT_EQ(run(door_.notices({kGroup, kMember, 1, *page.next_cursor}, soon())).value().items, std::vector{first});
  EXPECT_EQ(run(door_.notice(kGroup, kMember, soon())).value(), second);
  ASSERT_TRUE(announce(kOwner, ""));
  EXPECT_EQ(run(door_.notice(kGroup, kMember, soon())).value(), std::nullopt) << "it was taken down";
  EXPECT_EQ(run(door_.notices({kGroup, kAsker, 1, {}}, soon())).error().code, ErrorCode::not_found);
}

TEST_F(DoorTest, ADissolvedGroupLetsNobodyIn) {
  open(JoinMode::open);
  const FreshInvite invited = invite(kAdmin).value();
  ASSERT_TRUE(dissolve(kOwner));
  EXPECT_EQ(join(kAsker).error().code, ErrorCode::group_dissolved);
  EXPECT_EQ(join(kAsker, invited.token).error().code, ErrorCode::group_dissolved);
  EXPECT_EQ(run(door_.preview(invited.token, kAsker, soon())).error().code, ErrorCode::group_dissolved);
  EXPECT_EQ(invite(kOwner).error().code, ErrorCode::group_dissolved);
  EXPECT_EQ(run(door_.announce(kGroup, kOwner, "x", false, soon())).error().code, ErrorCode::group_dissolved);
}

TEST_F(DoorTest, WhoseAccountEndsWaitsNowhereAndBringsNobodyIn) {
  open(JoinMode::approval);
  ASSERT_TRUE(join(kAsker));
  ASSERT_TRUE(join(UserId(8)));
  const FreshInvite made = invite(kAdmin).value();
  ASSERT_TRUE(invite(kOwner));
  told();
  EXPECT_TRUE(run(doors_.forget(kAsker, soon())).value());
  EXPECT_EQ(told().size(), 3U) << "who has asked, and the two who may answer";
  ASSERT_EQ(requests().size(), 1U);
  EXPECT_EQ(requests().front().user, UserId(8));
  EXPECT_TRUE(run(doors_.forget(kAdmin, soon())).value());
  EXPECT_EQ(invites(kOwner).size(), 1U);
  EXPECT_EQ(join(UserId(9), made.token).error().code, ErrorCode::not_found);
  EXPECT_TRUE(run(doors_.forget(kAsker, soon())).value());
  EXPECT_TRUE(told().empty()) << "a repeat tells nothing";
}

}  // namespace
}  // namespace hongyan::group
