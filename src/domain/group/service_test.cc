#include "domain/group/service.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "infra/async/io_threads.h"

namespace hongyan::group {
namespace {

using conversation::Group;
using conversation::GroupChange;
using conversation::Member;
using conversation::MemberAddition;
using conversation::MemberPosition;
using conversation::NewGroup;
using conversation::OutboxId;
using conversation::Role;

constexpr ConversationId kGroup{10};
constexpr UserId kOwner{1};

// Knows one group of five members; notes what is asked.
class FakeGroups final : public conversation::Groups {
 public:
  async::Task<Result<GroupChange>> create(NewGroup group, async::Deadline) override {
    made = std::move(group);
    co_return change();
  }
  async::Task<Result<GroupChange>> add(MemberAddition addition, async::Deadline) override {
    added = std::move(addition);
    co_return change();
  }
  async::Task<Result<GroupChange>> remove(ConversationId, UserId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::permission_denied);
  }
  async::Task<Result<GroupChange>> leave(ConversationId, UserId, async::Deadline) override { co_return change(); }
  async::Task<Result<GroupChange>> set_role(ConversationId, UserId, UserId, Role role, async::Deadline) override {
    roles.push_back(role);
    co_return change();
  }
  async::Task<Result<Member>> member(ConversationId, UserId, UserId user, async::Deadline) override {
    co_return Member{user, roles.empty() ? Role::member : roles.back(), {}, {}, {}};
  }
  async::Task<Result<Group>> get(ConversationId group, UserId, async::Deadline) override {
    Group found;
    found.id = group;
    co_return found;
  }
  async::Task<Result<std::vector<Member>>> members(ConversationId, UserId, std::optional<MemberPosition> after,
                                                   std::size_t limit, async::Deadline) override {
    std::vector<Member> page;
    for (std::uint64_t user = after ? after->user.value + 1 : 1; user <= 5 && page.size() < limit; ++user) {
      page.push_back({UserId(user), user == 1 ? Role::owner : Role::member, {}, TimeMs(7), {}});
    }
    co_return page;
  }

  NewGroup made;
  MemberAddition added;
  std::vector<Role> roles;
  OutboxId line{1};

 private:
  GroupChange change() const {
    GroupChange change;
    change.group.id = kGroup;
    change.line = line;
    return change;
  }
};

// Notes which lines are waited for, and until when.
class FakeOutbox final : public conversation::Outbox {
 public:
  void set_listener(conversation::OutboxListener&) override {}
  async::Task<Result<std::vector<ConversationId>>> waiting(std::size_t, async::Deadline) override {
    co_return std::vector<ConversationId>();
  }
  async::Task<Result<std::vector<conversation::OutboxLine>>> waiting_of(ConversationId, std::size_t,
                                                                        async::Deadline) override {
    co_return std::vector<conversation::OutboxLine>();
  }
  async::Task<Result<void>> done(std::vector<OutboxId>, async::Deadline) override { co_return Result<void>(); }
  async::Task<Result<void>> dead(OutboxId, std::string, async::Deadline) override { co_return Result<void>(); }
  async::Task<Result<bool>> settled(OutboxId line, async::Deadline deadline) override {
    awaited.emplace_back(line, deadline);
    co_return fail(ErrorCode::unavailable);
  }

  std::vector<std::pair<OutboxId, async::Deadline>> awaited;
};

class GroupServiceTest : public testing::Test {
 protected:
  template <class T>
  T run(async::Task<T> task) {
    return boost::asio::co_spawn(io.context(0), std::move(task), boost::asio::use_future).get();
  }
  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(10)); }

  async::IoThreads io{1};
  FakeGroups groups;
  FakeOutbox outbox;
  ManualClock clock;
  wire::CursorSigner cursors{std::string(32, 'k'), clock};
  Config config;
  Service service{groups, outbox, cursors, config};
};

TEST_F(GroupServiceTest, NamesAreTrimmedAndChecked) {
  ASSERT_TRUE(run(service.create(kOwner, "  鸿雁  ", {UserId(2)}, soon())));
  EXPECT_EQ(groups.made.name, "鸿雁");
  EXPECT_EQ(groups.made.max_members, 2000u);
  EXPECT_TRUE(run(service.create(kOwner, "", {}, soon())));
  for (const std::string& name : {std::string(65, 'x'), std::string("a\nb")}) {
    const auto refused = run(service.create(kOwner, name, {}, soon()));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(refused.error().field, "name");
  }
}

TEST_F(GroupServiceTest, AChangeWaitsForItsLineButNotForLong) {
  const auto before = async::deadline_in(Service::kLinePatience);
  ASSERT_TRUE(run(service.add(kGroup, kOwner, {UserId(2)}, soon()))) << "though the wait failed";
  ASSERT_EQ(outbox.awaited.size(), 1u);
  EXPECT_EQ(outbox.awaited[0].first, OutboxId(1));
  EXPECT_GE(outbox.awaited[0].second, before);
  EXPECT_LE(outbox.awaited[0].second, async::deadline_in(Service::kLinePatience));
  const auto hurry = async::deadline_in(std::chrono::milliseconds(5));
  ASSERT_TRUE(run(service.leave(kGroup, kOwner, hurry)));
  EXPECT_EQ(outbox.awaited[1].second, hurry);
  groups.line = OutboxId(0);
  ASSERT_TRUE(run(service.leave(kGroup, kOwner, soon())));
  EXPECT_EQ(outbox.awaited.size(), 2u) << "nothing changed, so there is no line";
}

TEST_F(GroupServiceTest, NobodyIsNotAdded) {
  EXPECT_EQ(run(service.add(kGroup, kOwner, {}, soon())).error().field, "user_ids");
}

TEST_F(GroupServiceTest, RefusalsArePassedOn) {
  EXPECT_EQ(run(service.remove(kGroup, kOwner, UserId(2), soon())).error().code, ErrorCode::permission_denied);
  EXPECT_TRUE(outbox.awaited.empty());
}

TEST_F(GroupServiceTest, WithoutARoleNothingChanges) {
  EXPECT_EQ(run(service.update(kGroup, kOwner, UserId(2), std::nullopt, soon())).value().role, Role::member);
  EXPECT_TRUE(groups.roles.empty());
  EXPECT_EQ(run(service.update(kGroup, kOwner, UserId(2), Role::admin, soon())).value().role, Role::admin);
}

TEST_F(GroupServiceTest, CursorsGoOnWhereAPageEnded) {
  std::vector<std::uint64_t> seen;
  std::string cursor;
  int pages = 0;
  do {
    const auto page = run(service.members(kGroup, kOwner, 2, cursor, soon())).value();
    for (const Member& member : page.items) seen.push_back(member.user.value);
    cursor = page.next_cursor.value_or("");
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(pages, 3);
}

TEST_F(GroupServiceTest, ACursorBelongsToItsListAndItsReader) {
  const auto page = run(service.members(kGroup, kOwner, 2, "", soon())).value();
  const std::string cursor = *page.next_cursor;
  EXPECT_EQ(run(service.members(kGroup, UserId(2), 2, cursor, soon())).error().field, "cursor");
  EXPECT_EQ(run(service.members(ConversationId(11), kOwner, 2, cursor, soon())).error().field, "cursor");
  EXPECT_EQ(run(service.members(kGroup, kOwner, 2, "made up", soon())).error().field, "cursor");
}

}  // namespace
}  // namespace hongyan::group
