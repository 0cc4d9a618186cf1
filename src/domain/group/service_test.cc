#include "domain/group/service.h"

#include <gtest/gtest.h>

#include "domain/account/testing/fakes.h"
#include "domain/conversation/testing/fake_outbox.h"
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
  async::Task<Result<GroupChange>> edit(ConversationId, UserId, conversation::GroupEdit edit,
                                        async::Deadline) override {
    edited = std::move(edit);
    co_return change();
  }
  async::Task<Result<GroupChange>> edit_member(ConversationId, UserId, UserId, conversation::MemberEdit edit,
                                               async::Deadline) override {
    member_edits.push_back(std::move(edit));
    co_return change();
  }
  async::Task<Result<GroupChange>> transfer(ConversationId, UserId, UserId, async::Deadline) override {
    co_return change();
  }
  async::Task<Result<GroupChange>> dissolve(ConversationId, UserId, async::Deadline) override { co_return change(); }
  async::Task<Result<std::vector<Member>>> members(ConversationId, UserId, conversation::MemberQuery query,
                                                   async::Deadline) override {
    const auto& [after, limit, text] = query;
    std::vector<Member> page;
    for (std::uint64_t user = after ? after->user.value + 1 : 1; user <= 5 && page.size() < limit; ++user) {
      page.push_back({UserId(user), user == 1 ? Role::owner : Role::member, {}, TimeMs(7), {}});
    }
    co_return page;
  }

  NewGroup made;
  MemberAddition added;
  std::vector<Role> roles;
  conversation::GroupEdit edited;
  std::vector<conversation::MemberEdit> member_edits;
  OutboxId line{1};

 private:
  GroupChange change() const {
    GroupChange change;
    change.group.id = kGroup;
    change.line = line;
    return change;
  }
};

// Ten groups, 1 to 10; the other one is in the even ones.
class FakeLists final : public conversation::GroupLists {
 public:
  async::Task<Result<std::vector<Group>>> groups_of(UserId, std::optional<UserId> other, ConversationId after,
                                                    std::size_t limit, async::Deadline) override {
    std::vector<Group> groups;
    for (std::uint64_t id = after.value + 1; id <= 10 && groups.size() < limit; ++id) {
      if (!other || id % 2 == 0) groups.emplace_back().id = ConversationId(id);
    }
    co_return groups;
  }
  async::Task<Result<std::vector<Group>>> groups_named(UserId, std::string text, std::size_t limit,
                                                       async::Deadline) override {
    std::vector<Group> groups;
    for (std::uint64_t id = 1; id <= 10 && groups.size() < limit; ++id) {
      if (text == "group" || text == "3") groups.emplace_back().id = ConversationId(id);
    }
    co_return groups;
  }
  async::Task<Result<std::optional<conversation::FoundGroup>>> group_by_id(UserId, ConversationId group,
                                                                           async::Deadline) override {
    if (group.value > 10) co_return std::nullopt;
    conversation::FoundGroup found;
    found.group.id = group;
    found.joined = group.value % 2 == 1;
    co_return found;
  }
};

class GroupServiceTest : public testing::Test {
 protected:
  template <class T>
  T run(async::Task<T> task) {
    return async::start(io.context(0).get_executor(), std::move(task)).get();
  }
  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(10)); }

  async::IoThreads io{1};
  FakeGroups groups;
  conversation::testing::FakeOutbox outbox;
  ManualClock clock;
  wire::CursorSigner cursors{std::string(32, 'k'), clock};
  Config config;
  FakeLists lists;
  account::testing::FakeAccounts accounts;
  text::Words words;
  Service service{{groups, lists, outbox, accounts, cursors, words}, config};
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
  EXPECT_EQ(run(service.update(kGroup, kOwner, UserId(2), std::nullopt, {}, soon())).value().role, Role::member);
  EXPECT_TRUE(groups.roles.empty());
  EXPECT_EQ(run(service.update(kGroup, kOwner, UserId(2), Role::admin, {}, soon())).value().role, Role::admin);
}

TEST_F(GroupServiceTest, TextsOfChangesAreChecked) {
  EXPECT_EQ(run(service.edit(kGroup, kOwner, {.name = std::string(65, 'x')}, soon())).error().field, "name");
  ASSERT_TRUE(run(service.edit(kGroup, kOwner, {.name = " new "}, soon())));
  EXPECT_EQ(groups.edited.name, "new");
  EXPECT_EQ(run(service.update(kGroup, kOwner, kOwner, {}, {.nickname = "a\tb"}, soon())).error().field, "nickname");
  ASSERT_TRUE(run(service.update(kGroup, kOwner, kOwner, {}, {.nickname = " Cap "}, soon())));
  ASSERT_EQ(groups.member_edits.size(), 1u);
  EXPECT_EQ(groups.member_edits[0].nickname, "Cap");
  EXPECT_FALSE(groups.member_edits[0].muted_until);
  EXPECT_EQ(run(service.members(kGroup, kOwner, 2, "a\nb", "", soon())).error().field, "q");
}

TEST_F(GroupServiceTest, GroupsArePaged) {
  const auto walk = [&](std::optional<UserId> other) {
    std::vector<std::uint64_t> seen;
    std::string cursor;
    do {
      const auto page = run(service.list(kOwner, other, 3, cursor, soon())).value();
      for (const Group& group : page.items) seen.push_back(group.id.value);
      cursor = page.next_cursor.value_or("");
    } while (!cursor.empty());
    return seen;
  };
  EXPECT_EQ(walk({}), (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(walk(UserId(2)), (std::vector<std::uint64_t>{2, 4, 6, 8, 10}));
  const std::string cursor = *run(service.list(kOwner, {}, 3, "", soon())).value().next_cursor;
  EXPECT_EQ(run(service.list(kOwner, UserId(2), 3, cursor, soon())).error().field, "cursor");
}

TEST_F(GroupServiceTest, CursorsGoOnWhereAPageEnded) {
  std::vector<std::uint64_t> seen;
  std::string cursor;
  int pages = 0;
  do {
    const auto page = run(service.members(kGroup, kOwner, 2, "", cursor, soon())).value();
    for (const Member& member : page.items) seen.push_back(member.user.value);
    cursor = page.next_cursor.value_or("");
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(pages, 3);
}

TEST_F(GroupServiceTest, ACursorBelongsToItsListAndItsReader) {
  const auto page = run(service.members(kGroup, kOwner, 2, "", "", soon())).value();
  const std::string cursor = *page.next_cursor;
  EXPECT_EQ(run(service.members(kGroup, UserId(2), 2, "", cursor, soon())).error().field, "cursor");
  EXPECT_EQ(run(service.members(ConversationId(11), kOwner, 2, "", cursor, soon())).error().field, "cursor");
  EXPECT_EQ(run(service.members(kGroup, kOwner, 2, "", "made up", soon())).error().field, "cursor");
}

TEST_F(GroupServiceTest, GroupsAreFoundByNameAndById) {
  const auto ids = [&](std::string text, std::size_t limit = 4) {
    std::vector<std::uint64_t> ids;
    for (const auto& [group, joined] : run(service.search(kOwner, std::move(text), limit, soon())).value()) {
      ids.push_back(group.id.value);
    }
    return ids;
  };
  using Ids = std::vector<std::uint64_t>;
  EXPECT_EQ(ids("group"), (Ids{1, 2, 3, 4}));
  EXPECT_EQ(ids("3"), (Ids{3, 1, 2, 4})) << "the one with the id first, and once";
  EXPECT_EQ(ids("5"), Ids{5});
  EXPECT_EQ(ids("6"), Ids{}) << "who is not in a group by invite is not told of it";
  EXPECT_EQ(ids("99"), Ids{});
  for (const std::string& text : {std::string(), std::string(" "), std::string(65, 'x'), std::string("a\nb")}) {
    EXPECT_EQ(run(service.search(kOwner, text, 4, soon())).error().field, "q") << text;
  }
}

}  // namespace
}  // namespace hongyan::group
