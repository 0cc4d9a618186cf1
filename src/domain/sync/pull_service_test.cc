#include "domain/sync/pull_service.h"

#include <gtest/gtest.h>

#include <functional>

#include "domain/account/testing/fakes.h"
#include "domain/sync/testing/cast.h"
#include "infra/async/io_threads.h"

namespace hongyan::sync {
namespace {

using testing::kGroup;
using testing::kMe;

// One group, if it is there, that the user has left when it is first asked, and is or is not in again afterwards.
class ReturnersPlaces final : public conversation::Api {
 public:
  async::Task<Result<std::vector<conversation::Membership>>> memberships_of(UserId, async::Deadline) override {
    auto answer = there ? std::vector{place(former)} : std::vector<conversation::Membership>();
    if (meanwhile) meanwhile();
    co_return answer;
  }
  async::Task<Result<conversation::Places>> places_in(UserId, std::vector<ConversationId>, async::Deadline) override {
    co_return conversation::Places{.memberships = {place(!comes_back)}, .version = account::UserVersion(1)};
  }
  async::Task<Result<conversation::PlaceIds>> place_ids(UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<conversation::Membership>> open_direct(UserId, UserId, async::Deadline) override { return no(); }
  async::Task<Result<conversation::Membership>> membership(ConversationId, UserId, async::Deadline) override {
    return no();
  }
  async::Task<Result<conversation::SendGuard>> send_guard(ConversationId, UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<UserId>>> acquainted(UserId, std::vector<UserId>, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<UserId>>> member_ids(ConversationId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }

  bool there = true;
  bool former = true;
  bool comes_back = false;
  // What happens once it is known what is answered.
  std::function<void()> meanwhile;

 private:
  static async::Task<Result<conversation::Membership>> no() { co_return fail(ErrorCode::unimplemented); }
  static conversation::Membership place(bool former) {
    conversation::Membership membership;
    membership.conversation = kGroup;
    membership.user = kMe;
    membership.type = conversation::Type::group;
    membership.former = former;
    return membership;
  }
};

// The group stands at seq 10, the line with which the user has come in for the second time.
class ReturnersMessages final : public message::Api {
 public:
  async::Task<Result<message::Stamp>> stamp(UserId, async::Deadline) override {
    co_return message::Stamp{last, message::CursorNo(0)};
  }
  async::Task<Result<std::vector<message::Standing>>> standings(UserId,
                                                                std::vector<conversation::Membership> memberships,
                                                                async::Deadline) override {
    std::vector<message::Standing> standings;
    for (const auto& one : memberships) {
      standings.push_back({.conversation = one.conversation,
                           .head = Seq(10),
                           .change = ChangeNo(0),
                           .read = Seq(10),
                           .moved = {last, message::CursorNo(0)}});
    }
    co_return standings;
  }
  async::Task<Result<std::vector<message::Summary>>> summaries(UserId,
                                                               std::vector<conversation::Membership> memberships,
                                                               async::Deadline) override {
    std::vector<message::Summary> summaries(memberships.size());
    for (message::Summary& summary : summaries) summary.head = Seq(10);
    co_return summaries;
  }
  async::Task<Result<std::vector<message::GroupBound>>> bounds_of(UserId, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<std::vector<std::optional<message::Bound>>>> bounds(std::vector<message::UserPlace> places,
                                                                         async::Deadline) override {
    co_return std::vector<std::optional<message::Bound>>(places.size(), message::Bound{Seq(10), Seq(0)});
  }
  async::Task<Result<Seq>> mark(message::MarkKind, UserId, conversation::Membership, Seq, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<message::Marks>> marks(conversation::Membership, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<message::SendAck>> send(UserId, message::SendRequest, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  async::Task<Result<message::SendAck>> append_system_line(message::SystemLine, async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
  bool ready() const override { return true; }
  std::size_t max_content_bytes() const override { return 0; }
  std::string epoch() const override { return "e"; }

  // The newest commit, which is that of the group.
  message::CommitNo last{1};
};

// Nothing has happened to anybody.
class NoEvents final : public account::UserEvents {
 public:
  void set_listener(account::UserEventListener&) override {}
  Result<void> append(sql::Transaction&, std::vector<account::UserEvent>) override { return {}; }
  async::Task<Result<void>> record(std::vector<account::UserEvent>, async::Deadline) override {
    co_return Result<void>();
  }
  Result<account::UserVersion> version_in(sql::Session&, UserId) override { return account::UserVersion(0); }
  async::Task<Result<account::UserEventPage>> since(UserId, account::UserVersion, async::Deadline) override {
    co_return account::UserEventPage();
  }
};

// Nobody has set anything.
class NoSettings final : public conversation::SettingsStore {
 public:
  async::Task<Result<std::map<ConversationId, conversation::Settings>>> all_of(UserId, async::Deadline) override {
    co_return std::map<ConversationId, conversation::Settings>();
  }
  async::Task<Result<conversation::Settings>> update(UserId, ConversationId, conversation::SettingsChange,
                                                     async::Deadline) override {
    co_return fail(ErrorCode::unimplemented);
  }
};

class PullServiceTest : public ::testing::Test {
 protected:
  v1::PullResponse pull(v1::PullRequest request = {}) {
    auto answer = service_.pull(kMe, std::move(request), async::deadline_in(std::chrono::seconds(10)));
    return async::start(io_.context(0).get_executor(), std::move(answer)).get().value();
  }

  async::IoThreads io_{1};
  account::testing::FakeAccounts accounts_;
  NoEvents events_;
  ReturnersPlaces places_;
  ReturnersMessages messages_;
  const ManualClock clock_;
  const wire::CursorSigner cursors_{"secret", clock_};
  NoSettings settings_;
  PullService service_{{accounts_, events_, places_, settings_, messages_, cursors_}};
};

TEST_F(PullServiceTest, WhoHasLeftIsToldWhere) {
  const v1::PullResponse answer = pull();
  EXPECT_EQ(answer.conversations_size(), 0);
  ASSERT_EQ(answer.gone_size(), 1);
  EXPECT_EQ(answer.gone(0).left_seq(), 10);
}

TEST_F(PullServiceTest, WhoComesBackMeanwhileIsNotToldThatTheyHaveLeft) {
  places_.comes_back = true;
  const v1::PullResponse answer = pull();
  EXPECT_EQ(answer.gone_size(), 0);
  ASSERT_EQ(answer.conversations_size(), 1);
  EXPECT_EQ(answer.conversations(0).joined_seq(), 10);
}

TEST_F(PullServiceTest, WhatIsSaidWhereNothingWasBeforeIsToldNextTime) {
  places_.there = false;
  places_.former = false;
  places_.meanwhile = [this] {
    places_.there = true;
    ++messages_.last.value;
  };
  const v1::PullResponse first = pull();
  EXPECT_EQ(first.conversations_size(), 0);
  places_.meanwhile = {};
  v1::PullRequest next;
  next.set_since(first.since());
  EXPECT_EQ(pull(next).conversations_size(), 1);
}

}  // namespace
}  // namespace hongyan::sync
